"""Filtered: the dams of an overlay that match a filter, and how many dams have each value."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..domain.quality import NO_FLAGS
from .charts import Charts
from .charts import charts as in_charts
from .criteria import Criteria
from .dams import Dams
from .facets import Counts, count
from .flagged import SHARED, Bits, own_bits
from .gathered import Gathered
from .matching import conditions, failed
from .order import NO_ROWS, Rows
from .overlay import Overlay


class Found(NamedTuple):
    """The rows of a base that match a filter, whether they are gone or not.

    dams: the base, or the whole overlay if a change of any dam may change the rows.
    """

    criteria: Criteria
    dams: Dams | Overlay
    rows: Rows


def find(dams: Overlay, criteria: Criteria) -> Found:
    """Find the dams of the base that match a filter, for `rows_of`."""
    met = conditions(dams.base, criteria, _bits(dams, criteria)[0])
    rows = np.flatnonzero(failed(len(dams.base), met, NO_ROWS) == 0)
    return Found(criteria, _source(dams, criteria), rows.astype(np.int32))


def has_found(dams: Overlay, found: Found) -> bool:
    """Return whether `rows_of` can use what was found in another overlay."""
    return found.dams is _source(dams, found.criteria)


def rows_of(dams: Overlay, found: Found) -> Rows:
    """Return the rows that match a filter, in ascending order; see `has_found`."""
    places = np.searchsorted(found.rows, dams.gone)
    is_found = np.append(found.rows, -1)[places] == dams.gone
    met = conditions(dams.tail, found.criteria, _bits(dams, found.criteria)[1])
    new = np.flatnonzero(failed(len(dams.tail), met, NO_ROWS) == 0) + len(dams.base)
    return np.concatenate([np.delete(found.rows, places[is_found]), new.astype(np.int32)])


def counts(dams: Overlay, criteria: Criteria) -> Counts:
    """Count the dams that match a filter, and those with each value given the other conditions."""
    return _counts(dams, criteria, lambda: _gathered(dams, criteria))


def charts(dams: Overlay, criteria: Criteria) -> tuple[Counts, Charts]:
    """Count what all charts show; what `counts` has just counted is not counted again."""
    if not criteria.is_active:
        return dams.computed("charts", lambda: _charts(dams, criteria))
    return _charts(dams, criteria)


def _charts(dams: Overlay, criteria: Criteria) -> tuple[Counts, Charts]:
    base, tail = _gathered(dams, criteria)
    return _counts(dams, criteria, lambda: (base, tail)), in_charts(base).plus(in_charts(tail))


def _counts(
    dams: Overlay, criteria: Criteria, gather: Callable[[], tuple[Gathered, Gathered]]
) -> Counts:
    def compute() -> Counts:
        base, tail = gather()
        return count(base).plus(count(tail))

    if not criteria.is_active:
        return dams.computed("counts", compute)
    return dams.counted.answer(criteria, compute)


def _gathered(dams: Overlay, criteria: Criteria) -> tuple[Gathered, Gathered]:
    base_bits, tail_bits = dams.flagged.bits
    return (
        Gathered(dams.base, criteria, base_bits, dams.gone),
        Gathered(dams.tail, criteria, tail_bits, NO_ROWS),
    )


def _source(dams: Overlay, criteria: Criteria) -> Dams | Overlay:
    return dams if _depends_on_others(criteria) else dams.base


def _bits(dams: Overlay, criteria: Criteria) -> tuple[Bits, Bits]:
    """Return the flags that the criteria need."""
    if _depends_on_others(criteria):
        return dams.flagged.bits
    if criteria.quality:
        return own_bits(dams.base), own_bits(dams.tail)
    return np.empty(0, np.uint8), np.empty(0, np.uint8)


def _depends_on_others(criteria: Criteria) -> bool:
    """Return whether a dam may match, or no longer, because another one changes."""
    return not {SHARED, NO_FLAGS}.isdisjoint(criteria.quality)
