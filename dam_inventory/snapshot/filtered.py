"""Filtered: the dams of an overlay that match a filter, and how many dams have each value."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from .criteria import Criteria
from .dams import Dams
from .facets import Counts, count
from .matching import BITS, Bits, bits_of, conditions, failed
from .order import NO_ROWS, Rows
from .overlay import Overlay

_SHARED = "shared_place"
_PLACE = ("longitude", "latitude")


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
    base_bits, tail_bits = all_bits(dams)
    return count(dams.base, criteria, base_bits, dams.gone).plus(
        count(dams.tail, criteria, tail_bits, NO_ROWS)
    )


def all_bits(dams: Overlay) -> tuple[Bits, Bits]:
    """Return the flags of the base and of the tail."""
    return dams.computed("flags", lambda: _all_bits(dams))


def _source(dams: Overlay, criteria: Criteria) -> Dams | Overlay:
    return dams if _SHARED in criteria.quality else dams.base


def _bits(dams: Overlay, criteria: Criteria) -> tuple[Bits, Bits]:
    """Return the flags that the criteria need."""
    if _SHARED in criteria.quality:
        return all_bits(dams)
    if criteria.quality:
        return _own_bits(dams.base), _own_bits(dams.tail)
    return np.empty(0, np.uint8), np.empty(0, np.uint8)


def _own_bits(dams: Dams) -> Bits:
    return dams.computed("flags", lambda: bits_of(dams.frame))


def _all_bits(dams: Overlay) -> tuple[Bits, Bits]:
    base, tail = _own_bits(dams.base), _own_bits(dams.tail)
    if not len(dams.gone) and not len(dams.tail):
        return base, tail
    # Only the dams at the places of changed dams can have other neighbors than in the base.
    here, new = _places(dams.base), _places(dams.tail).with_columns(pl.col("row") + len(dams.base))
    changed = pl.concat([here[dams.gone], new]).select(_PLACE).drop_nulls().unique()
    there = pl.concat([here.join(changed, on=_PLACE, how="semi"), new.drop_nulls()])
    there = there.filter(~pl.col("row").is_in(dams.gone.tolist()))
    is_shared = there.select(pl.len().over(_PLACE) > 1).to_series().to_numpy()
    rows = there["row"].to_numpy()
    bits = np.concatenate([base, tail])
    bits[rows] &= ~BITS[_SHARED]
    bits[rows[is_shared]] |= BITS[_SHARED]
    return bits[: len(base)], bits[len(base) :]


def _places(dams: Dams) -> pl.DataFrame:
    places = dams.frame.select(pl.col(one).cast(pl.Float64) for one in _PLACE)
    return places.with_row_index("row")
