"""Columns: the arrays behind snapshots. They grow at the end and are shared where possible."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..domain.fields import FIELD, FIELDS, SEARCHED
from ..domain.mercator import to_mercator
from .sort_order import Order, Rows

COLUMNS = ("id", *FIELD, "other_facts", "added_by", "added_at", "hydrograph_id")

Array = npt.NDArray[Any]
Values = Sequence[Sequence[Any]]
"""Rows of the table `dams`, with their values in the order of COLUMNS."""

_PROJECTED = ("x", "y")
_FLOATS = {*(field.name for field in FIELDS if field.is_number), *_PROJECTED}
_AT_ONCE = 1000


class Columns:
    """Arrays by column. Written values never change, so snapshots can share them.

    arrays: at least `size` long, read-only. Only one thread at a time may extend or change them.
    """

    def __init__(self) -> None:
        self.size = 0
        self.arrays: dict[str, Array] = {}
        self.search_texts: list[str] = []
        self._writable: dict[str, Array] = {}
        self._orders: dict[str, Order] = {}
        self._has_successor = False
        # Without the lock, a first sort during an extension would miss the new rows.
        self._lock = threading.Lock()
        for column in (*COLUMNS, *_PROJECTED):
            self._hold(column, np.empty(0, dtype=_dtype(column)))

    def is_newest(self, size: int) -> bool:
        """Return whether there are no rows after the first `size`, here or in a successor."""
        return self.size == size and not self._has_successor

    def copied(self, size: int) -> Columns:
        """Return a copy of the first `size` rows."""
        return self._rearranged(np.arange(size), ())

    def changed(self, ids: Collection[int], rows: Values) -> Columns:
        """Return successor columns, in which `rows` replace the dams with `ids`.

        rows: by ascending id; a dam of `ids` without a row is removed.
        """
        known, wanted = self.arrays["id"][: self.size], np.array(sorted(ids), dtype=np.int64)
        places = np.searchsorted(known, wanted)
        is_there = np.append(known, -1)[places] == wanted
        if is_there.all() and len(rows) == len(wanted):
            return self._edited(places, rows)
        return self._rearranged(np.delete(np.arange(self.size), places[is_there]), rows)

    def extend(self, rows: Values) -> None:
        """Append rows; their ids must be higher than all existing ids."""
        with self._lock:
            first, end = self.size, self.size + len(rows)
            self._reserve(end)
            # In pieces, so that a large import does not block the event loop.
            for start in range(0, len(rows), _AT_ONCE):
                self._write(first + start, rows[start : start + _AT_ONCE])
            for column, order in self._orders.items():
                values = self.arrays[column][:end]
                self._orders[column] = order.with_rows(values, np.arange(first, end))
            self.size = end

    def order(self, column: str) -> Order:
        """Return the order of all rows by a SORTABLE column."""
        if column not in self._orders:
            with self._lock:
                values = self.arrays[column][: self.size]
                self._orders.setdefault(column, Order.of(values))
        return self._orders[column]

    def _edited(self, places: Rows, rows: Values) -> Columns:
        successor = Columns()
        successor.size = self.size
        # The successor shares unchanged arrays. From now on only the successor may append.
        self._has_successor = True
        new = _arrays(rows)
        numbers = np.arange(self.size)
        numbers[places] = -1
        for column, old in self._writable.items():
            is_touched = _differ(old[places], new[column])
            array = old.copy() if is_touched else old
            if is_touched:
                array[places] = new[column]
            successor._hold(column, array)
            if order := self._orders.get(column):
                if is_touched:
                    order = order.renumbered(numbers).with_rows(array[: self.size], places)
                successor._orders[column] = order
        successor.search_texts = self.search_texts.copy()
        for place, text in zip(places, _search_texts(new), strict=True):
            successor.search_texts[place] = text
        return successor

    def _rearranged(self, kept: Rows, rows: Values) -> Columns:
        new = _arrays(rows)
        ids = np.concatenate([self.arrays["id"][kept], new["id"]])
        by_id = np.argsort(ids, kind="stable")
        copy = Columns()
        copy.size = len(ids)
        for column, old in self.arrays.items():
            copy._hold(column, np.concatenate([old[kept], new[column]])[by_id])
        texts = [self.search_texts[row] for row in kept] + _search_texts(new)
        copy.search_texts = [texts[at] for at in by_id]
        places = np.empty(len(ids), dtype=np.intp)
        places[by_id] = np.arange(len(ids))
        numbers = np.full(self.size, -1, dtype=np.intp)
        numbers[kept] = places[: len(kept)]
        added = np.sort(places[len(kept) :])
        with self._lock:
            orders = dict(self._orders)
        for column, order in orders.items():
            copy._orders[column] = order.renumbered(numbers).with_rows(copy.arrays[column], added)
        return copy

    def _write(self, first: int, rows: Values) -> None:
        new = _arrays(rows)
        for column, values in new.items():
            self._writable[column][first : first + len(rows)] = values
        self.search_texts.extend(_search_texts(new))

    def _reserve(self, size: int) -> None:
        if size <= len(self._writable["id"]):
            return
        # Existing snapshots keep the old arrays alive until their sessions reload.
        capacity = max(size + 64, int(size * 1.1))
        for column, old in list(self._writable.items()):
            grown = np.empty(capacity, dtype=old.dtype)
            grown[: self.size] = old[: self.size]
            self._hold(column, grown)

    def _hold(self, column: str, array: Array) -> None:
        self._writable[column] = array
        self.arrays[column] = array.view()
        self.arrays[column].flags.writeable = False


def _dtype(column: str) -> npt.DTypeLike:
    if column == "id":
        return np.int64
    return np.float64 if column in _FLOATS else object


def _arrays(rows: Values) -> dict[str, Array]:
    """Return the arrays of rows, including the projected coordinates `x` and `y`."""
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    arrays = {}
    for column, values in zip(COLUMNS, columns, strict=True):
        arrays[column] = np.empty(len(rows), dtype=_dtype(column))
        arrays[column][:] = values
    arrays["x"], arrays["y"] = to_mercator(arrays["longitude"], arrays["latitude"])
    return arrays


def _search_texts(arrays: dict[str, Array]) -> list[str]:
    searched = zip(*(arrays[column] for column in SEARCHED), strict=True)
    return ["\n".join(text for text in texts if text).casefold() for texts in searched]


def _differ(old: Array, new: Array) -> bool:
    return any(a != b and (a == a or b == b) for a, b in zip(old, new, strict=True))
