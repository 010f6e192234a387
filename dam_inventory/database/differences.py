"""Differences: which values of a file differ from those of a dam of the inventory."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ..domain.dam import OTHER_FACTS, Value
from ..domain.fields import FIELDS
from ..domain.identity import IDS, key

_DATES = frozenset(field.name for field in FIELDS if field.kind == "date")


class Difference(NamedTuple):
    """A value that differs. edited_here: whether somebody edited it since the last import.

    heading: that of the file, if `field` is `other_facts`.
    """

    field: str
    old: Value
    new: Value
    edited_here: bool = False
    heading: str = ""


def differing(
    values: Mapping[str, Any], dam: Mapping[Any, Any], edited: Collection[str]
) -> dict[str, tuple[Any, Any, bool]]:
    """Return old value, new value, and whether it was edited, of each field that differs.

    values: what a file knows. What it does not know, or knows less exactly, is no difference. Of
    `other_facts`, only those that differ are returned.
    """
    found: dict[str, tuple[Any, Any, bool]] = {}
    for field, new in values.items():
        old = dam[field]
        if old == new:
            continue
        if field == OTHER_FACTS:
            others = old or {}
            new = {heading: text for heading, text in new.items() if others.get(heading) != text}
            if new:
                found[field] = ({heading: others.get(heading) for heading in new}, new, False)
        elif field in IDS and key(new) in ("", key(old)):
            continue
        elif field in _DATES and old and old.startswith(new):
            continue  # The inventory knows the same date more exactly.
        elif not (isinstance(old, float) and math.isclose(old, new, rel_tol=1e-9)):
            found[field] = (old, new, field in edited)
    return found


def differences_of(text: str | None) -> Iterator[Difference]:
    """Yield the differences in what `differing` returned, as JSON."""
    for field, (old, new, is_edited) in json.loads(text or "{}").items():
        if field == OTHER_FACTS:
            for heading, value in new.items():
                yield Difference(field, old[heading], value, False, heading)
        else:
            yield Difference(field, old, new, bool(is_edited))
