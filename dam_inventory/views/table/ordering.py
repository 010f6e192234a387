"""Ordering: the dams that a session's table shows, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ...session.store import DamStore
from ...snapshot.order import NO_ROWS, Rows
from ...snapshot.snapshot import Snapshot
from ...snapshot.sorting import BY_NAME, By, Sorting


class _Asked(NamedTuple):
    """What is to be arranged by several columns."""

    snapshot: Snapshot
    rows: Rows | None
    sorting: Sorting


class Ordering:
    """The rows of a store in the order `sorting`.

    An order by one column is kept with the dams, for all sessions. One by several columns is made
    of the rows that the session shows, and kept until they change.
    """

    sorting: Sorting = (By(BY_NAME),)

    def __init__(self, store: DamStore) -> None:
        self._store = store
        self._asked: _Asked | None = None
        self._arranged = NO_ROWS

    @property
    def is_ready(self) -> bool:
        """Whether `part` and `place` need not sort first."""
        if len(self.sorting) == 1:
            return self._store.snapshot.is_sorted(self.sorting[0].column)
        asked, store = self._asked, self._store
        return (
            asked is not None
            and asked.snapshot is store.snapshot
            and asked.rows is store.rows
            and asked.sorting == self.sorting
        )

    def prepare(self, done: Callable[[], None]) -> None:
        """Sort in a worker if there are many dams, then call `done`; see `DamStore.compute`."""
        asked = _Asked(self._store.snapshot, self._store.rows, self.sorting)

        def sort() -> Rows:
            if len(asked.sorting) > 1:
                return asked.snapshot.arranged(asked.sorting, asked.rows)
            asked.snapshot.sort(asked.sorting[0].column)
            return NO_ROWS

        def on_sorted(arranged: Rows) -> None:
            self._asked, self._arranged = asked, arranged
            done()

        self._store.compute(sort, on_sorted, "sort")

    def part(self, part: slice) -> Rows:
        """Return some of the rows. Call it only if `is_ready`."""
        if len(self.sorting) > 1:
            return self._arranged[part]
        [(column, descending)] = self.sorting
        return self._store.snapshot.page(column, descending, self._store.rows, part)

    def place(self, dam_id: int | None) -> int | None:
        """Return the index of a dam, or None if it is not shown. Call it only if `is_ready`."""
        row = self._store.snapshot.row_of(dam_id)
        if row is None:
            return None
        if len(self.sorting) > 1:
            found = np.flatnonzero(self._arranged == row)
            return int(found[0]) if len(found) else None
        [(column, descending)] = self.sorting
        return self._store.snapshot.place(row, column, descending, self._store.rows)
