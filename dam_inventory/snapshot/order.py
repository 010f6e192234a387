"""Order: sorted rows, of which a few are left out and a few inserted."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
"""Row numbers of a snapshot."""

NO_ROWS: Rows = np.empty(0, np.int32)


class Order(NamedTuple):
    """Row numbers in an order; a part costs as much as its length and the number of differences.

    rows: the order that is shared. without: the places in `rows` that are left out, ascending.
    places: where `added` rows are inserted, ascending: before `rows[place]`.
    """

    rows: Rows
    without: Rows = NO_ROWS
    places: Rows = NO_ROWS
    added: Rows = NO_ROWS

    @classmethod
    def of(cls, rows: npt.NDArray[Any]) -> Order:
        """Return a sequence of these rows."""
        return cls(rows.astype(np.int32))

    @property
    def size(self) -> int:
        return len(self.rows) - len(self.without) + len(self.added)

    def part(self, start: int, stop: int) -> Rows:
        """Return the rows from `start` to `stop`, which may lie outside, like a slice."""
        start, stop = max(0, start), min(self.size, stop)
        if start >= stop:
            return NO_ROWS
        first = max(0, start - len(self.added))
        last = min(len(self.rows), stop + len(self.without))
        rows, before = self._between(first, last)
        return rows[start - before : stop - before]

    def whole(self) -> Rows:
        """Return all rows."""
        return self._between(0, len(self.rows))[0]

    def place(self, row: int) -> int | None:
        """Return the index of a row, or None if it is not in the sequence."""
        if len(there := np.flatnonzero(self.added == row)):
            earlier = np.searchsorted(self.without, self.places[there[0]])
            return int(self.places[there[0]] - earlier + there[0])
        there = np.flatnonzero(self.rows == row)
        if not len(there) or there[0] in self.without:
            return None
        return int(there[0] - self._left_out(there[0]) + self._inserted(there[0] + 1))

    def among(self, is_wanted: npt.NDArray[np.bool_]) -> Order:
        """Return the sequence of those rows for which `is_wanted[row]`."""
        kept = is_wanted[self.rows]
        kept[self.without] = False
        is_kept = is_wanted[self.added]
        if not is_kept.any():
            return Order(self.rows[kept])
        places = np.searchsorted(np.flatnonzero(kept), self.places[is_kept])
        return Order(self.rows[kept], NO_ROWS, places.astype(np.int32), self.added[is_kept])

    def _between(self, first: int, last: int) -> tuple[Rows, int]:
        """Return the rows that come from `rows[first:last]`, and the index of the first of them.

        Rows inserted before `rows[last]` are included, too.
        """
        out = slice(self._left_out(first), self._left_out(last))
        new = slice(self._inserted(first), int(np.searchsorted(self.places, last, side="right")))
        if out.start == out.stop and new.start == new.stop:
            return self.rows[first:last], first - out.start + new.start
        kept = np.ones(last - first, bool)
        kept[self.without[out] - first] = False
        places = self.places[new] - first
        # np.insert counts in what it is given, so the rows that are left out go first.
        places = places - np.searchsorted(self.without[out] - first, places)
        rows = np.insert(self.rows[first:last][kept], places, self.added[new])
        return rows, first - out.start + new.start

    def _left_out(self, place: int) -> int:
        return int(np.searchsorted(self.without, place))

    def _inserted(self, place: int) -> int:
        """Return the number of rows inserted before those at `rows[place - 1]` or earlier."""
        return int(np.searchsorted(self.places, place))
