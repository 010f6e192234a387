"""Snapshot: all dams at one revision, immutable and shared by sessions and threads.

A snapshot consists of a large base, which it shares with the snapshots before and after it, and
of the few dams that differ from it. So sessions that stopped at a hundred revisions need little
more memory than those at one. After 500 differences, or a larger import, there is a new base.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

from ..domain.changes import DamsImported
from ..domain.mark import Ground, Mark
from ..domain.mercator import Extent, Floats
from . import filtered, naming, paging
from .atlas import Atlas
from .charts import Charts
from .criteria import Criteria
from .elsewhere import Elsewhere, elsewhere, outside
from .facets import Counts
from .filtered import Found
from .folding import fold
from .home import MARGIN
from .order import Rows
from .overlay import Overlay
from .schema import as_pandas, frame_of
from .sorting import Sorting


class Snapshot:
    """All dams at one revision.

    revision: the `seq` of the newest change that it contains, 0 for none. ground: the identity of
    the inventory that it was read from.
    A *row* is the number of a dam in this snapshot, int32. Rows ascend with the ids, except that
    dams which were edited lately come last. Not every number is in use: see `rows`.
    Columns are those of `schema.COLUMNS`; unknown values are None.
    """

    def __init__(
        self,
        dams: Overlay,
        revision: int,
        ground: Ground | None = None,
        imports: tuple[DamsImported, ...] = (),
    ) -> None:
        self._dams = dams
        self._imports = imports
        self.revision = revision
        self.ground = ground or Ground(mark=Mark(revision))

    @classmethod
    def of(
        cls, rows: Sequence[Sequence[Any]], revision: int, ground: Ground | None = None
    ) -> Snapshot:
        """Return a snapshot of rows of the table `dams`, by id, with values as in COLUMNS."""
        return cls.of_frame(frame_of(rows), revision, ground)

    @classmethod
    def of_frame(
        cls,
        frame: pl.DataFrame,
        revision: int,
        ground: Ground | None = None,
        imports: Iterable[DamsImported] = (),
    ) -> Snapshot:
        """Return a snapshot of the table `dams`, by id, with the types of `schema.typed`.

        imports: all that the log holds.
        """
        return cls(Overlay.of(frame), revision, ground, tuple(imports))

    @property
    def dams(self) -> Overlay:
        """The dams in their parts: base, rows of the base that are gone, and tail."""
        return self._dams

    @property
    def epoch(self) -> str:
        """The epoch of the inventory; it differs after a restore or a replacement."""
        unmarked = self.ground.unmarked
        return f"{self.ground.epoch}-{unmarked}" if unmarked else self.ground.epoch

    @property
    def mark(self) -> Mark:
        """The revision as a mark, which differs from the same number in another log."""
        return self.ground.mark

    def advance(
        self,
        rows: Sequence[Sequence[Any]] | pl.DataFrame,
        revision: int,
        changed: Collection[int] = (),
        ground: Ground | None = None,
        imports: Iterable[DamsImported] = (),
    ) -> Snapshot:
        """Return the next snapshot, after dams were added or changed.

        rows: the added dams and the new rows of changed dams, as for `of` or `of_frame`.
        changed: the ids of dams that were edited, removed or restored; a dam without a row was
        removed. imports: those since this snapshot.
        """
        dams = self._dams.changed(rows, changed) if len(rows) or changed else self._dams
        return Snapshot(dams, revision, ground, (*self._imports, *imports))

    def __len__(self) -> int:
        return len(self._dams)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All dams as a pandas DataFrame: see `frame_with`."""
        return self.frame_with(self.rows())

    def frame_with(self, rows: Rows) -> pd.DataFrame:
        """Return the dams in some rows as a DataFrame with their ids as index, ascending.

        Numbers are float64 with NaN, all other values are objects.
        """
        return as_pandas(self._dams.table(rows))

    def tables(self, rows: Rows, size: int = 2000) -> Iterator[pl.DataFrame]:
        """Yield the dams in rows, in this order, `size` at a time, with all COLUMNS.

        A column may have the type Null in one part and another type in the next.
        """
        for start in range(0, len(rows), size):
            yield self._dams.ordered(rows[start : start + size])

    @property
    def atlas(self) -> Atlas:
        """What a map shows of the dams."""
        return self._dams.atlas

    @property
    def extent(self) -> Extent | None:
        """The bounding box of all dams with a location, or None if there are fewer than two."""
        return self._dams.extent

    @property
    def elsewhere(self) -> Elsewhere:
        """The dams outside `atlas.home` and its margin: computed once, in some 10 ms."""
        return self._dams.computed("elsewhere", self._find_elsewhere)

    def _find_elsewhere(self) -> Elsewhere:
        home = self.atlas.home
        rows = outside(*self.points(), home and home.grown(MARGIN))
        return elsewhere(self._dams.table(rows.astype(np.int32)))

    def rows(self) -> Rows:
        """Return all rows, in ascending order."""
        return self.containing(())

    def points(self, rows: Rows | None = None) -> tuple[Floats, Floats]:
        """Return the x and y of rows in Web Mercator meters, NaN for dams without a location.

        Without `rows`, return arrays by row, with NaN at rows that are not in use.
        """
        if rows is None:
            return self._dams.points()
        return self._dams.numbers("x", rows), self._dams.numbers("y", rows)

    def ids(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Return the ids of rows."""
        return self._dams.numbers("ids", rows)

    def largest(self, rows: Rows, most: int) -> Rows:
        """Return at most so many of the rows, by descending storage; equal ones in their order."""
        storage = self._dams.numbers("storage", rows)
        if len(rows) > most:
            is_large = storage >= np.partition(storage, -most)[-most]
            rows, storage = rows[is_large], storage[is_large]
        return rows[np.argsort(-storage, kind="stable")[:most]]

    def column(self, column: str, rows: Rows) -> list[Any]:
        """Return the values of rows in a column."""
        return self.columns((column,), rows)[0]

    def columns(self, columns: Sequence[str], rows: Rows) -> list[list[Any]]:
        """Return the values of rows, for each of some different columns, faster than one by one."""
        return self._dams.columns(columns, rows)

    def names(self, rows: Rows) -> list[str]:
        """Return the names of the dams in rows, as the page shows them."""
        return naming.names(self._dams, rows)

    def name(self, row: int) -> str:
        """Return the name of the dam in a row, as the page shows it."""
        return self.names(np.array([row], np.int32))[0]

    def value(self, row: int, column: str) -> Any:
        """Return the value of a row in a column, None if it is unknown."""
        dams, index = self._dams.place(row)
        return dams.frame[column][index]

    def values(self, row: int) -> dict[str, Any]:
        """Return the known values of one dam by column; unknown values are left out.

        `other_facts` are texts by heading; everywhere else in a snapshot they are JSON text.
        """
        dams, index = self._dams.place(row)
        values = dams.frame.row(index, named=True)
        known = {column: value for column, value in values.items() if value is not None}
        if "other_facts" in known:
            known["other_facts"] = json.loads(known["other_facts"])
        return known

    def origin(self, dam_id: int) -> DamsImported | None:
        """Return the import that brought a dam; None if a person has added it."""
        ranges = ((one.first_id, one.last_id, one) for one in reversed(self._imports))
        return next((one for first, last, one in ranges if first <= dam_id <= last), None)

    def flags(self, row: int) -> tuple[str, ...]:
        """Return the data-quality flags of one dam, after all dams were checked once."""
        return self._dams.flagged.names(row)

    def row_of(self, dam_id: int | None) -> int | None:
        """Return the row of the dam with this id, or None if this snapshot does not contain it."""
        return None if dam_id is None else self._dams.row_of(dam_id)

    def present(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return those ids that this snapshot contains. ids: ascending."""
        return np.sort(self.ids(self._dams.rows_with(ids)))

    def rows_with(self, ids: npt.NDArray[np.int64]) -> Rows:
        """Return the rows of those ids that this snapshot contains. ids: ascending."""
        return self._dams.rows_with(ids)

    def has_same(self, dam_id: int | None, other: Snapshot) -> bool:
        """Return whether both snapshots contain the same dam under this id.

        In a replaced inventory, the id may belong to another dam.
        """
        here, there = self.row_of(dam_id), other.row_of(dam_id)
        if here is None or there is None:
            return False
        return bool(self.value(here, "added_at") == other.value(there, "added_at"))

    def containing(self, words: Collection[str]) -> Rows:
        """Return the rows with every word in a SEARCHED field or in the postal code of the state.

        Rows ascend. Case and accents are ignored.
        """
        return self.matching(Criteria(words=tuple(fold(word) for word in words)))

    def matching(self, criteria: Criteria) -> Rows:
        """Return the rows that match a filter, in ascending order."""
        return self.rows_of(self.find(criteria))

    def find(self, criteria: Criteria) -> Found:
        """Find dams for `rows_of`: about 25 ms for a word in a million dams."""
        return filtered.find(self._dams, criteria)

    def fold(self) -> None:
        """Fold the texts for `find`, unless that was done: about 0.5 s for a million dams."""
        _ = self._dams.base.searched

    def rows_of(self, found: Found) -> Rows:
        """Return the rows that were found by a snapshot for which `has_found`."""
        return filtered.rows_of(self._dams, found)

    def has_found(self, found: Found) -> bool:
        """Return whether `rows_of` can use what was found by another snapshot."""
        return filtered.has_found(self._dams, found)

    def counts(self, criteria: Criteria, today: dt.date | None = None) -> Counts:
        """Count the dams that match a filter, and those with each value; see `Counts`.

        today: the day on which something is due or not; the default is this computer's date.
        """
        return filtered.counts(self._dams, criteria, today or dt.date.today())

    def matching_among(
        self, criteria: Criteria, ids: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return the ids, of those given, of the dams that match a filter.

        ids: ascending. For a few, this takes about a millisecond at any number of dams.
        """
        return filtered.among(self._dams, criteria, ids)

    def charts(self, criteria: Criteria, today: dt.date | None = None) -> tuple[Counts, Charts]:
        """Count what all charts show of the dams that match a filter; today: as for `counts`."""
        return filtered.charts(self._dams, criteria, today or dt.date.today())

    def is_sorted(self, column: str) -> bool:
        """Return whether the dams have been sorted by a column."""
        return column in self._dams.base.orders

    def sort(self, column: str) -> None:
        """Sort the dams by a column of SORTED_BY for all later calls of `page` and `place`.

        This takes about 0.3 s for a million dams. Later snapshots are sorted, too.
        """
        self._dams.base.order(column)

    def page(self, column: str, descending: bool, rows: Rows | None, part: slice) -> Rows:
        """Return a part of the rows in the order of a column of SORTED_BY.

        Values compare as `sorting.keys` says; equal ones are in the order of their ids, which is
        reversed as well. Rows without a value come last, in both directions, by id.
        rows: the rows to sort, None for all.
        """
        return paging.page(self._dams, column, descending, rows, part)

    def arranged(self, sorting: Sorting, rows: Rows | None) -> Rows:
        """Return rows in an order by several columns. rows: as for `page`.

        Rows without a value come last in their column, in both directions. Rows with equal values
        are in the order of their ids, reversed if the last column is. This sorts all the rows:
        about 0.1 s for a hundred thousand.
        """
        return self._dams.arranged(sorting, self.rows() if rows is None else rows)

    def known(self, column: str) -> int:
        """Return about how many dams have a value in a column; this costs next to nothing.

        Dams that were edited or removed lately may count twice.
        """
        return self._dams.known(column)

    def place(self, row: int, column: str, descending: bool) -> int | None:
        """Return the index of a row in the order of `page`, or None if it is gone."""
        return paging.place(self._dams, row, column, descending)
