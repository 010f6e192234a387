"""Filtered: the dams of an overlay that match a filter, and how many dams have each value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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

FEW = 500
"""At most so many dams are matched by themselves, not among all."""


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


def among(dams: Overlay, criteria: Criteria, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the ids, of those given, of dams that match; see `Snapshot.matching_among`."""
    if not criteria.is_active:
        return np.sort(dams.numbers("ids", dams.rows_with(ids)))
    if len(ids) > FEW or _depends_on_others(criteria):
        found = dams.numbers("ids", rows_of(dams, find(dams, criteria)))
        return np.intersect1d(np.sort(found), ids, assume_unique=True)
    part = dams.part(ids)
    met = conditions(part, criteria, _own_bits(part, criteria))
    matching: npt.NDArray[np.int64] = part.ids[failed(len(part), met, NO_ROWS) == 0]
    return matching


def counts(dams: Overlay, criteria: Criteria, today: dt.date) -> Counts:
    """Count the dams that match a filter, and those with each value given the other conditions."""
    return _counts(dams, criteria, today, lambda: _gathered(dams, criteria))


def charts(dams: Overlay, criteria: Criteria, today: dt.date) -> tuple[Counts, Charts]:
    """Count what all charts show; what `counts` has just counted is not counted again."""
    if not criteria.is_active:
        return dams.computed(f"charts {today}", lambda: _charts(dams, criteria, today))
    return _charts(dams, criteria, today)


def _charts(dams: Overlay, criteria: Criteria, today: dt.date) -> tuple[Counts, Charts]:
    base, tail = _gathered(dams, criteria)
    counted = _counts(dams, criteria, today, lambda: (base, tail))
    return counted, in_charts(base).plus(in_charts(tail))


def _counts(
    dams: Overlay,
    criteria: Criteria,
    today: dt.date,
    gather: Callable[[], tuple[Gathered, Gathered]],
) -> Counts:
    def compute() -> Counts:
        base, tail = gather()
        return count(base, today).plus(count(tail, today))

    if not criteria.is_active:
        return dams.computed(f"counts {today}", compute)
    return dams.counted.answer((criteria, today), compute)


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
    return _own_bits(dams.base, criteria), _own_bits(dams.tail, criteria)


def _own_bits(dams: Dams, criteria: Criteria) -> Bits:
    return own_bits(dams) if criteria.quality else np.empty(0, np.uint8)


def _depends_on_others(criteria: Criteria) -> bool:
    """Return whether a dam may match, or no longer, because another one changes."""
    return not {SHARED, NO_FLAGS}.isdisjoint(criteria.quality)
