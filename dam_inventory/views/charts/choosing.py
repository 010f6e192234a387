"""Choosing: what a person chooses in a chart, as conditions of the session's filter."""

from __future__ import annotations

from typing import Any

from ...domain.fields import FACETS
from ...snapshot.charts import CONDITIONS
from ...snapshot.criteria import Range, texts_of
from ...snapshot.filters import DamFilter
from ...snapshot.ranges import RANGES
from ..components.asking import Action
from ..filters import actions
from .crossed import SCALES

_HAZARD, _CONDITION = CONDITIONS["hazard_by_condition"]
_STORAGE, _HEIGHT = CONDITIONS["storage_by_height"]


def perform(action: Action, dam_filter: DamFilter) -> None:
    """Change a filter as a chart asks; ignore what makes no sense.

    What is chosen a second time, and is all that was chosen in its chart, is no condition any more.
    """
    match action:
        case ["only", str(facet), str(value)] if facet in FACETS:
            _set(dam_filter, {facet: [value]})
        case ["pair", str(hazard), str(condition)]:
            _set(dam_filter, {_HAZARD: [hazard], _CONDITION: [condition]})
        case ["pair too", str(hazard), str(condition)]:
            for facet, value in ((_HAZARD, hazard), (_CONDITION, condition)):
                if value not in texts_of(getattr(dam_filter, facet)):
                    dam_filter.toggle(facet, value)
        case ["range", str(field), int(low), int(high), bool(is_unknown_too)] if field in RANGES:
            wanted = actions.range_between(SCALES[field], low, high, is_unknown_too=is_unknown_too)
            _set(dam_filter, {field: wanted})
        case ["cells", int(x0), int(x1), int(y0), int(y1)]:
            between = {_STORAGE: (x0, x1), _HEIGHT: (y0, y1)}
            _set(
                dam_filter,
                {
                    field: actions.range_between(SCALES[field], *ends, is_unknown_too=False)
                    for field, ends in between.items()
                },
            )
        case ["toggle", str(facet), str(value)]:
            dam_filter.toggle(facet, value)


def _set(dam_filter: DamFilter, wanted: dict[str, list[str] | Range | None]) -> None:
    valid = {name: _valid(name, one) for name, one in wanted.items()}
    if all(_valid(name, getattr(dam_filter, name)) == one for name, one in valid.items()):
        for name in wanted:
            dam_filter.clear(name)
    elif all(valid.values()) or all(name in RANGES for name in wanted):
        dam_filter.param.update(wanted)


def _valid(name: str, value: Any) -> tuple[str, ...] | Range | None:
    return Range.of(value) if name in RANGES else texts_of(value)
