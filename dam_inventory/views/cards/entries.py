"""Entries: which values a change of the history has changed."""

from __future__ import annotations

from ...domain.changes import Change, DamEdited, DamUpdated
from ...domain.fields import LABELS
from ...domain.units import Units
from ..components.escape import shown


def values(one: Change, units: Units) -> list[tuple[str, str, str]]:
    """Return label, old value and new value of each field that an edit or an import changed."""
    if not isinstance(one, DamEdited | DamUpdated):
        return []
    fields = [field for field in LABELS if field in one.new]
    known = [
        (units.labels[f], shown(f, one.old[f], units), shown(f, one.new[f], units)) for f in fields
    ]
    old, new = (values.get("other_facts") or {} for values in (one.old, one.new))
    others = [heading for heading in {**old, **new} if old.get(heading) != new.get(heading)]
    return known + [(heading, old.get(heading, ""), new.get(heading, "")) for heading in others]
