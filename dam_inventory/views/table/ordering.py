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
    """What is to be arranged."""

    snapshot: Snapshot
    rows: Rows | None
    sorting: Sorting


class Ordering:
    """The rows of a store in the order `sorting`.

    The order of all dams by one column is kept with them, for all sessions. Another one is made of
    the rows that the session shows, and kept until they change.
    """

    sorting: Sorting = (By(BY_NAME),)

    def __init__(self, store: DamStore) -> None:
        self._store = store
        self._asked: _Asked | None = None
        self._arranged = NO_ROWS

    @property
    def is_ready(self) -> bool:
        """Whether `part` and `place` need not sort first."""
        if self._is_shared:
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
            [(column, descending)] = asked.sorting
            asked.snapshot.sort(column)
            if asked.rows is None:
                return NO_ROWS
            # To find some of a million dams in an order takes 10 ms.
            return asked.snapshot.page(column, descending, asked.rows, slice(0, len(asked.rows)))

        def on_sorted(arranged: Rows) -> None:
            self._asked, self._arranged = asked, arranged
            done()

        self._store.compute(sort, on_sorted, "sort")

    def part(self, part: slice) -> Rows:
        """Return some of the rows. Call it only if `is_ready`."""
        if not self._is_shared:
            return self._arranged[part]
        # An older snapshot would be kept alive.
        self._asked, self._arranged = None, NO_ROWS
        [(column, descending)] = self.sorting
        return self._store.snapshot.page(column, descending, None, part)

    def place(self, dam_id: int | None) -> int | None:
        """Return the index of a dam, or None if it is not shown. Call it only if `is_ready`."""
        row = self._store.snapshot.row_of(dam_id)
        if row is None:
            return None
        if not self._is_shared:
            found = np.flatnonzero(self._arranged == row)
            return int(found[0]) if len(found) else None
        [(column, descending)] = self.sorting
        return self._store.snapshot.place(row, column, descending)

    @property
    def _is_shared(self) -> bool:
        return len(self.sorting) == 1 and self._store.rows is None
