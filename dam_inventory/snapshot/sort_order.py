"""Order: the rows sorted by one text column, updated as rows are added, removed and changed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]
"""Row numbers into a snapshot's columns."""

_KEY_LENGTH = 48
_MERGED_AT_ONCE = 200


class Order(NamedTuple):
    """The rows with text, sorted by casefolded text, and the rows without, sorted by number."""

    known: Rows
    unknown: Rows

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Order:
        """Sort the rows of a column with text or None."""
        is_known = values != None  # noqa: E711  (element by element)
        known = np.flatnonzero(is_known)
        # Unlike objects, fixed-width text sorts in C without holding the GIL.
        keys = np.array([_key(value) for value in values[known]], dtype=f"U{_KEY_LENGTH}")
        return cls(known[np.argsort(keys, kind="stable")], np.flatnonzero(~is_known))

    def __len__(self) -> int:
        return len(self.known) + len(self.unknown)

    def up_to(self, size: int) -> Order:
        """Return the order of the first `size` rows."""
        if len(self) == size:
            return self
        return Order(self.known[self.known < size], self.unknown[self.unknown < size])

    def renumbered(self, numbers: Rows) -> Order:
        """Return the order with row i renumbered to `numbers[i]`, or left out if that is -1.

        The remaining rows must keep their relative order.
        """
        known, unknown = numbers[self.known], numbers[self.unknown]
        return Order(known[known >= 0], unknown[unknown >= 0])

    def with_rows(self, values: npt.NDArray[Any], rows: Rows) -> Order:
        """Return the order with more rows of the same column added; `rows` must ascend."""
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
