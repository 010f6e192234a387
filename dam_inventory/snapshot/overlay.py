"""Overlay: a large shared set of dams, without a few of them, plus a few others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.mercator import Extent, Floats
from .atlas import Atlas
from .criteria import Criteria
from .dams import Computed, Dams
from .facets import Counts
from .flagged import Flagged
from .kept import Kept
from .order import NO_ROWS, Order, Rows
from .schema import joined
from .sorting import Sorting
from .tail import Row, Tail

MAX_COUNTED = 2
"""For how many filters the counts are kept, some 0.3 MB each."""

MAX_CHANGED = 500
"""The maximum number of rows that differ from the base; with more, a new base is built."""


class Overlay:
    """All dams at one revision, immutable.

    base: the dams at an earlier revision. gone: the rows of the base that were removed or edited
    since, ascending. tail: the dams added since, and the new versions of edited dams.
    A *row* is an index into the base, or len(base) plus an index into the tail. The rows that
    are gone are not used.
    flagged: their data-quality flags. atlas: what a map shows of them. counted: the counts for the
    latest filters, which the filters and the charts of a page both show.
    """

    def __init__(self, base: Dams, gone: Rows, tail: Tail) -> None:
        self.base = base
        self.gone = gone
        self._tail = tail
        self._orders: dict[str, tuple[Order, Order]] = {}
        self.flagged = Flagged(base, gone, tail)
        self.atlas = Atlas(base, gone, tail, self.flagged)
        self._computed: dict[str, Any] = {}
        self.counted = Kept[tuple[Criteria, dt.date], Counts](MAX_COUNTED)
        self._part: tuple[bytes, Dams] | None = None

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Overlay:
        """Return an overlay without changes. frame: the table `dams`, by id."""
        return cls(Dams(frame), NO_ROWS, Tail(frame.clear(), {}))

    def changed(self, rows: Sequence[Row] | pl.DataFrame, ids: Collection[int]) -> Overlay:
        """Return the dams after a change; for arguments see `Snapshot.advance`."""
        new = rows["id"] if isinstance(rows, pl.DataFrame) else [row[0] for row in rows]
        touched = np.union1d(np.array([*ids], np.int64), np.array(new, np.int64))
        gone = np.union1d(self.gone, self.base.rows_of(touched))
        overlay = Overlay(self.base, gone, self._tail.changed(rows, touched))
        return overlay._rebased() if len(gone) + len(overlay._tail) > MAX_CHANGED else overlay

    @property
    def tail(self) -> Dams:
        """The dams that are not in the base, or differ from it."""
        return self._tail.dams

    def __len__(self) -> int:
        return len(self.base) - len(self.gone) + len(self._tail)

    @cached_property
    def extent(self) -> Extent | None:
        """The bounding box of all dams with a location, or None if there are fewer than two."""
        gone = np.count_nonzero(~np.isnan(self.base.x[self.gone]))
        if self.base.located - gone + self.tail.located < 2:
            return None
        # To search all dams takes long at a million, and the outermost dams rarely change.
        boxes = [one.extent for one in (self.base, self.tail) if one.extent is not None]
        if not np.isin(self.gone, self.base.outermost).any():
            x0, y0, x1, y1 = np.array(boxes).T
            return Extent(x0.min(), y0.min(), x1.max(), y1.max())
        return Extent.around(*self.points())

    def points(self) -> tuple[Floats, Floats]:
        """Return x and y by row; NaN for rows that are gone and dams without a location."""
        if not len(self.gone) and not len(self._tail):
            return self.base.x, self.base.y
        x = np.concatenate([self.base.x, self.tail.x])
        y = np.concatenate([self.base.y, self.tail.y])
        x[self.gone] = y[self.gone] = np.nan
        return x, y

    def numbers(self, name: str, rows: Rows) -> npt.NDArray[Any]:
        """Return the values of rows in `ids`, `x`, `y` or `storage`."""
        base, tail = getattr(self.base, name), getattr(self.tail, name)
        is_new, index = self._split(rows)
        values: npt.NDArray[Any] = np.empty(len(rows), base.dtype)
        values[~is_new], values[is_new] = base[index[~is_new]], tail[index[is_new]]
        return values

    def columns(self, columns: Sequence[str], rows: Rows) -> list[list[Any]]:
        """Return the values of rows, for each of some different columns of the table."""
        is_new, index = self._split(rows)
        base = self.base.frame.select(columns)[index[~is_new]]
        if not is_new.any():  # as on most pages of the table
            return [one.to_list() for one in base]
        tail = iter(self.tail.frame.select(columns)[index[is_new]].rows())
        old = iter(base.rows())
        merged = [next(tail if is_one else old) for is_one in is_new.tolist()]
        return [list(values) for values in zip(*merged, strict=True)]

    def known(self, column: str) -> int:
        """Return how many values a column has in the base and in the tail."""
        return sum(one.frame[column].count() for one in (self.base, self.tail))

    def table(self, rows: Rows) -> pl.DataFrame:
        """Return rows of the table, by id."""
        is_new, index = self._split(rows)
        return joined(self.base.frame[index[~is_new]], self.tail.frame[index[is_new]])

    def ordered(self, rows: Rows) -> pl.DataFrame:
        """Return rows of the table, in this order."""
        is_new, index = self._split(rows)
        if not is_new.any():
            return self.base.frame[index]
        parts = [self.base.frame[index[~is_new]], self.tail.frame[index[is_new]]]
        both = pl.concat(parts, how="vertical_relaxed")
        return both[np.argsort(np.concatenate([np.flatnonzero(~is_new), np.flatnonzero(is_new)]))]

    def place(self, row: int) -> tuple[Dams, int]:
        """Return the part in which a row lies, and its index there."""
        index = row - len(self.base)
        return (self.base, row) if index < 0 else (self.tail, index)

    def row_of(self, dam_id: int) -> int | None:
        """Return the row of the dam with an id, or None."""
        wanted = np.array([dam_id])
        if len(found := self.tail.rows_of(wanted)):
            return len(self.base) + int(found[0])
        found = self.base.rows_of(wanted)
        return None if not len(found) or found[0] in self.gone else int(found[0])

    def computed(self, name: str, compute: Callable[[], Computed]) -> Computed:
        """Return what is computed of these dams at most once; `name` says what it is."""
        if name not in self._computed:
            self._computed[name] = compute()
        found: Computed = self._computed[name]
        return found

    def rows_with(self, ids: npt.NDArray[np.int64]) -> Rows:
        """Return the rows of those ids that are here. ids: ascending."""
        kept = np.setdiff1d(self.base.rows_of(ids), self.gone, assume_unique=True)
        return np.concatenate([kept, self.tail.rows_of(ids) + np.int32(len(self.base))])

    def part(self, ids: npt.NDArray[np.int64]) -> Dams:
        """Return those dams alone, without their neighbors; the latest ones are kept."""
        # Sessions that watch the same changes ask for the same dams, one after the other.
        wanted, latest = ids.tobytes(), self._part
        if latest is None or latest[0] != wanted:
            latest = self._part = (wanted, Dams(self.table(self.rows_with(ids))))
        return latest[1]

    def order(self, column: str) -> tuple[Order, Order]:
        """Return the rows sorted by a column and id, and the rows without a value, by id."""
        if column not in self._orders:
            self._orders[column] = self._spliced(column)
        return self._orders[column]

    def arranged(self, sorting: Sorting, rows: Rows) -> Rows:
        """Return rows in an order by several columns; see `Snapshot.arranged`."""
        is_new, index = self._split(rows)
        rows = np.concatenate([rows[~is_new], rows[is_new]])
        parts = ((self.base, index[~is_new]), (self.tail, index[is_new]))
        found = {
            by.column: pl.concat([dams.keys(by.column, part) for dams, part in parts])
            for by in sorting
        }
        keys = pl.DataFrame({**found, "id": self.numbers("ids", rows)}).with_row_index("row")
        descending = [by.descending for by in sorting]
        places = keys.sort(*found, "id", descending=[*descending, descending[-1]], nulls_last=True)[
            "row"
        ]
        arranged: Rows = rows[places.to_numpy()]
        return arranged

    def _split(self, rows: Rows) -> tuple[npt.NDArray[np.bool_], Rows]:
        """Return which rows lie in the tail, and the index of each in its part."""
        is_new = rows >= len(self.base)
        return is_new, np.where(is_new, rows - len(self.base), rows)

    def _spliced(self, column: str) -> tuple[Order, Order]:
        known, unknown = self.base.order(column)
        keys, old = self.tail.keys(column), self.base.keys(column, self.gone)
        lost, new = old.is_not_null().to_numpy(), self.tail.order(column)
        places = [
            self.base.places_among(column, old.filter(lost), self.base.ids[self.gone[lost]]),
            self.base.places_among(column, keys.gather(new[0].rows), self.tail.ids[new[0].rows]),
            np.searchsorted(unknown.rows, self.gone[~lost]),
            np.searchsorted(self.base.ids[unknown.rows], self.tail.ids[new[1].rows]),
        ]
        first = np.int32(len(self.base))
        return (
            Order(known.rows, np.sort(places[0]), places[1], new[0].rows + first),
            Order(unknown.rows, places[2], places[3], new[1].rows + first),
        )

    def _rebased(self) -> Overlay:
        """Return the same dams as a base without changes, with the orders of the base."""
        kept = np.delete(np.arange(len(self.base) + len(self.tail), dtype=np.int32), self.gone)
        by_id = np.argsort(self.numbers("ids", kept), kind="stable").astype(np.int32)
        renumbered = np.empty(len(self.base) + len(self.tail), np.int32)
        renumbered[kept[by_id]] = np.arange(len(kept))
        rebased = Overlay.of(self.table(kept))
        for column in list(self.base.orders):
            known, unknown = self.order(column)
            rebased.base.orders[column] = (
                Order(renumbered[known.whole()]), Order(renumbered[unknown.whole()])
            )  # fmt: skip
        return rebased
