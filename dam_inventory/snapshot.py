"""Snapshot: all dams at one revision, as shared, read-only columns.

Snapshots that follow one another share the same growing arrays, each seeing only as many rows
as it had: a thousand sessions that stopped at a thousand revisions cost one copy of the dams.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Float

from .mercator import Extent, to_mercator
from .models import Dam

Rows = npt.NDArray[np.intp]
"""Row numbers into a snapshot's columns."""

COLUMNS = tuple(column.key for column in Dam.__table__.columns)
SEARCHED = ("dam_name", "owner", "river", "nid_id")
SORTABLE = ("dam_name", "owner", "river", "date_built")

_PROJECTED = ("x", "y")
_MERGED_AT_ONCE = 200
_AT_ONCE = 1000
_KEY_LENGTH = 48


def displayed_name(dam_name: str | None, *ids: str | None) -> str:
    """Return what a dam is called on the page: its name, or "Unnamed dam AL00106"."""
    return dam_name or " ".join(["Unnamed dam", *[one for one in ids if one][:1]])


class Snapshot:
    """All dams at one revision.

    revision: the `seq` of the newest change that it contains, 0 for none.
    Columns are those of the table `dams` (text and moments as object arrays with None for
    unknown, numbers as float64 with NaN, ids as int64), and `x`, `y`: Web Mercator metres,
    NaN for a dam without a place. All have shape (len(snapshot),) and can't be written.
    Rows are in the order of their ids.
    """

    def __init__(self, columns: _Columns, size: int, revision: int) -> None:
        self._columns = columns
        self._size = size
        self.revision = revision

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], revision: int) -> Snapshot:
        """Return a snapshot of rows of the table `dams`, whose values stand as in COLUMNS."""
        columns = _Columns()
        columns.extend(rows)
        return cls(columns, len(rows), revision)

    def advance(self, rows: Sequence[Sequence[Any]], revision: int) -> Snapshot:
        """Return the snapshot that follows after `rows` were added.

        Costs only the new rows for the newest snapshot of its line, a copy for an older one.
        Only one thread at a time may advance a line.
        """
        columns = self._columns
        if columns.size != self._size:
            columns = columns.copied(self._size)
        columns.extend(rows)
        return Snapshot(columns, columns.size, revision)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, column: str) -> npt.NDArray[Any]:
        return self._columns.arrays[column][: self._size]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table `dams` as a DataFrame with its ids as index; columns are shared, not copied."""
        data = {
            c: pd.Series(self[c], copy=False, dtype=self[c].dtype) for c in COLUMNS if c != "id"
        }
        frame = pd.DataFrame(data, copy=False)
        frame.index = pd.Index(self["id"], name="id", copy=False)
        return frame

    @cached_property
    def extent(self) -> Extent | None:
        """The rectangle around all dams that have a place, or None with fewer than two of them."""
        x, y = self["x"], self["y"]
        if np.count_nonzero(~np.isnan(x)) < 2:
            return None
        return Extent(*(float(f(a)) for f, a in zip(_EDGES, (x, y, x, y), strict=True)))

    def row_of(self, dam_id: int | None) -> int | None:
        """Return the row of the dam with this id, or None when this snapshot has no such dam."""
        if dam_id is None:
            return None
        row = int(np.searchsorted(self["id"], dam_id))
        return row if row < len(self) and self["id"][row] == dam_id else None

    def values(self, row: int) -> dict[str, Any]:
        """Return the known values of one dam by column, without what is unknown."""
        pairs = ((column, self[column][row]) for column in COLUMNS)
        return {c: v for c, v in pairs if v is not None and v == v}

    def name(self, row: int) -> str:
        """Return what the dam of this row is called on the page."""
        ids = (self[c][row] for c in ("nid_id", "federal_id", "other_structure_id"))
        return displayed_name(self["dam_name"][row], *ids)

    def containing(self, words: Iterable[str]) -> Rows:
        """Return the rows whose name, owner, river or NID ID contain every word, in any case."""
        texts = self._columns.search_texts
        rows: Iterable[int] = range(self._size)
        for word in words:
            folded = word.casefold()
            rows = [row for row in rows if folded in texts[row]]
        return np.fromiter(rows, dtype=np.intp)

    def order(self, column: str) -> tuple[Rows, Rows]:
        """Return the rows in ascending order of a SORTABLE column, and those that lack it."""
        known, unknown = self._columns.order(column)
        if len(known) + len(unknown) == self._size:
            return known, unknown
        return known[known < self._size], unknown[unknown < self._size]


class _Columns:
    """Arrays that grow at their end; what was written once is not written again."""

    _FLOATS: ClassVar[frozenset[str]] = frozenset(
        column.key for column in Dam.__table__.columns if isinstance(column.type, Float)
    ) | {*_PROJECTED}

    def __init__(self) -> None:
        self.size = 0
        self.arrays: dict[str, npt.NDArray[Any]] = {
            column: np.empty(0, dtype=self._dtype(column)) for column in (*COLUMNS, *_PROJECTED)
        }
        self.search_texts: list[str] = []
        self._writable = dict(self.arrays)
        self._orders: dict[str, tuple[Rows, Rows]] = {}
        # A first sort and an extension at the same time would leave rows out of the order.
        self._lock = threading.Lock()

    def copied(self, size: int) -> _Columns:
        """Return columns of their own with the first `size` rows of these."""
        copy = _Columns()
        copy.extend(list(zip(*(self.arrays[c][:size].tolist() for c in COLUMNS), strict=True)))
        return copy

    def extend(self, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self._lock:
                self._extend(rows)

    def order(self, column: str) -> tuple[Rows, Rows]:
        if column not in self._orders:
            with self._lock:
                self._orders.setdefault(column, self._sorted(column, 0, self.size))
        return self._orders[column]

    def _extend(self, rows: Sequence[Sequence[Any]]) -> None:
        first, end = self.size, self.size + len(rows)
        self._reserve(end)
        # In pieces, so that an import does not keep the event loop from the interpreter.
        for start in range(0, len(rows), _AT_ONCE):
            self._write(first + start, rows[start : start + _AT_ONCE])
        for column in list(self._orders):
            self._merge(column, first, end)
        self.size = end

    def _write(self, first: int, rows: Sequence[Sequence[Any]]) -> None:
        place = slice(first, first + len(rows))
        for column, values in zip(COLUMNS, zip(*rows, strict=True), strict=True):
            self._writable[column][place] = values
        new = {column: self._writable[column][place] for column in COLUMNS}
        x, y = to_mercator(new["longitude"], new["latitude"])
        self._writable["x"][place], self._writable["y"][place] = x, y
        searched = zip(*(new[column] for column in SEARCHED), strict=True)
        self.search_texts.extend("\n".join(t for t in s if t).casefold() for s in searched)

    def _reserve(self, size: int) -> None:
        if size <= len(self._writable["id"]):
            return
        # Snapshots taken so far keep the old arrays alive until their sessions move on.
        capacity = max(size + 64, int(size * 1.1))
        for column, old in self._writable.items():
            grown = np.empty(capacity, dtype=old.dtype)
            grown[: self.size] = old[: self.size]
            self._writable[column] = grown
            self.arrays[column] = grown.view()
            self.arrays[column].flags.writeable = False

    def _sorted(self, column: str, first: int, end: int) -> tuple[Rows, Rows]:
        values = self.arrays[column][first:end]
        known = np.flatnonzero(values != None)  # noqa: E711  (element by element)
        # Fixed-width text sorts in C without holding the interpreter, unlike objects.
        keys = np.array([value.casefold() for value in values[known]], dtype=f"U{_KEY_LENGTH}")
        in_order = known[np.argsort(keys, kind="stable")] + first
        return in_order, np.flatnonzero(values == None) + first  # noqa: E711

    def _merge(self, column: str, first: int, end: int) -> None:
        if end - first > _MERGED_AT_ONCE:
            self._orders[column] = self._sorted(column, 0, end)
            return
        known, unknown = self._orders[column]
        new_known, new_unknown = self._sorted(column, first, end)
        places = [self._place(column, known, row) for row in new_known]
        self._orders[column] = (
            np.insert(known, places, new_known),
            np.concatenate([unknown, new_unknown]),
        )

    def _place(self, column: str, known: Rows, row: int) -> int:
        values = self.arrays[column]
        key, low, high = values[row].casefold()[:_KEY_LENGTH], 0, len(known)
        while low < high:
            middle = (low + high) // 2
            if values[known[middle]].casefold()[:_KEY_LENGTH] <= key:
                low = middle + 1
            else:
                high = middle
        return low

    @classmethod
    def _dtype(cls, column: str) -> npt.DTypeLike:
        if column == "id":
            return np.int64
        return np.float64 if column in cls._FLOATS else object


_EDGES = (np.nanmin, np.nanmin, np.nanmax, np.nanmax)
