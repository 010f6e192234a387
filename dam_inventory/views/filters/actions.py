"""Actions: what a page asks of a session's filter. A browser can send anything."""

from __future__ import annotations

from collections.abc import Sequence

from ...snapshot.criteria import ONLY_UNKNOWN, Range
from ...snapshot.filters import DamFilter
from ...snapshot.ranges import EDGES, RANGES
from ..components.asking import Action


def perform(action: Action, dam_filter: DamFilter) -> None:
    """Change a filter as a page asks; ignore what makes no sense."""
    match action:
        case ["toggle", str(name), str(value)]:
            dam_filter.toggle(name, value)
        case ["clear", str(name)]:
            dam_filter.clear(name)
        case ["clear"]:
            dam_filter.clear()
        case ["hydrograph", bool(is_wanted)]:
            dam_filter.has_hydrograph = True if is_wanted else None
        case ["in_view", bool(is_wanted)]:
            dam_filter.in_view = is_wanted
        case ["range", str(field), int(low), int(high), bool(is_unknown_too)] if field in RANGES:
            wanted = range_between(EDGES[field], low, high, is_unknown_too=is_unknown_too)
            setattr(dam_filter, field, wanted)


def range_between(
    between: Sequence[float], low: int, high: int, *, is_unknown_too: bool
) -> Range | None:
    """Return the range between two edges of bins, numbered from the open lower end."""
    edges = (None, *between, None)
    if not 0 <= low < high < len(edges):
        return None
    if low == 0 and high == len(edges) - 1:
        return ONLY_UNKNOWN if is_unknown_too else None
    return Range.of((edges[low], edges[high], is_unknown_too))
