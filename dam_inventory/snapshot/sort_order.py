"""Rows in the order of one text column, kept while rows come, go and change."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]
"""Row numbers into a snapshot's columns."""

_KEY_LENGTH = 48
_MERGED_AT_ONCE = 200


class Order(NamedTuple):
    """Rows in ascending order of their folded text, and by number the rows without one."""

    known: Rows
    unknown: Rows

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Order:
        """Sort the rows of a column of text or None."""
        is_known = values != None  # noqa: E711  (element by element)
        known = np.flatnonzero(is_known)
        # Fixed-width text sorts in C without holding the interpreter, unlike objects.
        keys = np.array([_key(value) for value in values[known]], dtype=f"U{_KEY_LENGTH}")
        return cls(known[np.argsort(keys, kind="stable")], np.flatnonzero(~is_known))

    def __len__(self) -> int:
        return len(self.known) + len(self.unknown)

    def up_to(self, size: int) -> Order:
        """Return the order without the rows from `size` on."""
        if len(self) == size:
            return self
        return Order(self.known[self.known < size], self.unknown[self.unknown < size])

    def renumbered(self, numbers: Rows) -> Order:
        """Return the order in which row i is called `numbers[i]`, or left out where that is -1.

        The rows that stay must keep their order among one another.
        """
        known, unknown = numbers[self.known], numbers[self.unknown]
        return Order(known[known >= 0], unknown[unknown >= 0])

    def with_rows(self, values: npt.NDArray[Any], rows: Rows) -> Order:
        """Return the order of the same column with more rows of it, by ascending number."""
        if len(rows) > _MERGED_AT_ONCE:
            return Order.of(values)
        is_known = values[rows] != None  # noqa: E711
        known = self.known
        for row in rows[is_known]:
            known = np.insert(known, _place(values, known, row), row)
        unknown = rows[~is_known]
        return Order(
            known, np.insert(self.unknown, np.searchsorted(self.unknown, unknown), unknown)
        )


def _key(text: str) -> str:
    return text.casefold()[:_KEY_LENGTH]


def _place(values: npt.NDArray[Any], known: Rows, row: int) -> int:
    wanted, low, high = (_key(values[row]), row), 0, len(known)
    while low < high:
        middle = (low + high) // 2
        at = int(known[middle])
        if (_key(values[at]), at) < wanted:
            low = middle + 1
        else:
            high = middle
    return low
