"""Dams: an immutable set of dams by column, with what is computed from the columns once."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.fields import FIELD, SEARCHED
from ..domain.mercator import Extent, to_mercator
from . import sorting
from .codes import Codes
from .folding import folded
from .home import home_of
from .index import Index
from .order import NO_ROWS, Order, Rows
from .places import Places

Computed = TypeVar("Computed")

_CATEGORIES = tuple(name for name in SEARCHED if FIELD[name].kind == "category")

MAX_FOUND = 4
"""Of how many searches the rows are kept."""

ONE_BY_ONE = 1_000
"""More places than this are searched at once."""


class Dams:
    """Dams by ascending id.

    frame: the table `dams`, with the columns and types of `schema`.
    ids: int64; x, y: Web Mercator meters, float64, NaN for a dam without a location. Each has the
    shape (len(frame),) and is read-only.
    located: the number of dams with a location. outermost: the rows of those farthest west,
    south, east and north.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.ids: npt.NDArray[np.int64] = frame["id"].to_numpy()
        longitude, latitude = (
            frame[column].cast(pl.Float64).to_numpy() for column in ("longitude", "latitude")
        )
        self.x, self.y = to_mercator(longitude, latitude)
        for array in (self.ids, self.x, self.y):
            array.flags.writeable = False
        self.located = int(np.count_nonzero(~np.isnan(self.x)))
        self.outermost = self._outermost()
        self.orders: dict[str, tuple[Order, Order]] = {}
        self._computed: dict[str, Any] = {}
        self._found: dict[tuple[str, ...], Rows] = {}
        self._placed: dict[str, dict[tuple[Any, int], int]] = {}
        # Without the lock, several sessions would sort a large inventory at the same time.
        self._sorting = threading.Lock()
        self._computing = threading.RLock()

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def searched(self) -> pl.Series:
        """The folded texts of all SEARCHED columns, separated by line feeds.

        Those of categories are not repeated for each dam: see `find`.
        """
        names = [name for name in SEARCHED if FIELD[name].kind != "category"]
        texts = pl.concat_str(names, separator="\n", ignore_nulls=True)
        return folded(self.frame.select(texts).to_series())

    @cached_property
    def places(self) -> Places:
        """The dams arranged for the map."""
        return Places(self.frame, self.x, self.y)

    @cached_property
    def home(self) -> Extent | None:
        """The window that shows nearly all dams: see `home_of`."""
        return home_of(self.x, self.y)

    @cached_property
    def storage(self) -> npt.NDArray[np.float64]:
        """NID storage in acre-feet, 0 if unknown; shape (len(self),), read-only."""
        storage = self.frame["nid_storage_acre_ft"].cast(pl.Float64).fill_null(0).to_numpy()
        storage.flags.writeable = False
        return storage

    @cached_property
    def index(self) -> Index:
        """What suggestions search."""
        # Not `computed`: others would wait for its lock, for seconds at a million dams.
        return Index(self.frame)

    def codes(self, column: str) -> Codes:
        """Return the values of a column of categories as numbers."""
        return self.computed(f"codes of {column}", lambda: Codes.of(self.frame[column]))

    def years(self, column: str) -> npt.NDArray[np.float32]:
        """Return the years of a column of dates, NaN if unknown."""
        return self.computed(f"years of {column}", lambda: self._years(column))

    def computed(self, name: str, compute: Callable[[], Computed]) -> Computed:
        """Return what is computed of these dams at most once; `name` says what it is."""
        if name not in self._computed:
            with self._computing:
                if name not in self._computed:
                    self._computed[name] = compute()
        found: Computed = self._computed[name]
        return found

    @property
    def extent(self) -> Extent | None:
        """The bounding box of all dams with a location, None if there are none."""
        ends = self.outermost
        return Extent.around(self.x[ends], self.y[ends]) if len(ends) else None

    def rows_of(self, ids: npt.NDArray[np.int64]) -> Rows:
        """Return the rows of those ids that are here. ids: ascending."""
        rows = np.searchsorted(self.ids, ids)
        is_here = rows < len(self.ids)
        is_here[is_here] = self.ids[rows[is_here]] == ids[is_here]
        found: Rows = rows[is_here].astype(np.int32)
        return found

    def keys(self, column: str, rows: Rows | None = None) -> pl.Series:
        """Return what rows are sorted by; see `sorting.keys`."""
        values = self.frame[column]
        return sorting.keys(values if rows is None else values.gather(rows))

    def order(self, column: str) -> tuple[Order, Order]:
        """Return the rows sorted by a column and id, and the rows without a value, by id."""
        if column not in self.orders:
            with self._sorting:
                if column not in self.orders:
                    self.orders[column] = self._sorted(column)
        return self.orders[column]

    def find(self, words: tuple[str, ...]) -> Rows:
        """Return the rows with every folded word, in ascending order; the latest are kept."""
        # Counts and other conditions of a filter ask for the same words again.
        if (rows := self._found.get(words)) is None:
            self._found[words] = rows = self._find(words)
            for oldest in [*self._found][:-MAX_FOUND]:
                self._found.pop(oldest, None)
        return rows

    def _find(self, words: Collection[str]) -> Rows:
        rows = pl.arange(len(self), dtype=pl.UInt32, eager=True)
        texts = self.searched
        # A long word leaves the fewest rows for the others.
        for word in sorted(words, key=len, reverse=True):
            is_found = texts.str.contains(word, literal=True).to_numpy()
            for column in _CATEGORIES:
                codes = self.codes(column)
                if (hits := codes.containing(word)).any():
                    is_found = is_found | hits[codes.numbers[rows.to_numpy()]]
            found = pl.Series(is_found)
            rows, texts = rows.filter(found), texts.filter(found)
        numbers: Rows = rows.to_numpy().astype(np.int32)
        numbers.flags.writeable = False
        return numbers

    def places_among(self, column: str, keys: pl.Series, ids: npt.NDArray[np.int64]) -> Rows:
        """Return where dams with these keys and ids belong among the rows with a value."""
        if len(ids) > ONE_BY_ONE:
            return self._places(column, keys, ids)
        # Nearly all were asked for the snapshot before.
        known = self._placed.setdefault(column, {})
        places = []
        for one in zip(keys.to_list(), ids.tolist(), strict=True):
            if one not in known:
                known[one] = self._place(column, *one)
            places.append(known[one])
        return np.array(places, np.int32)

    def _place(self, column: str, key: Any, dam_id: int) -> int:
        values = self.frame[column]

        def key_of(row: np.int32) -> tuple[Any, int]:
            return sorting.key(column, values[int(row)]), int(self.ids[row])

        return bisect_left(self.order(column)[0].rows, (key, dam_id), key=key_of)

    def _places(self, column: str, keys: pl.Series, ids: npt.NDArray[np.int64]) -> Rows:
        """Search for all places at once: slow for a few, but fast for an import."""
        known = self.order(column)[0].rows
        low, high = np.zeros(len(ids), np.int64), np.full(len(ids), len(known), np.int64)
        while (is_open := low < high).any():
            middle = np.where(is_open, (low + high) // 2, 0)
            rows = known[middle]
            there = self.keys(column, rows)
            is_equal = (there == keys).to_numpy()
            is_lower = (there < keys).to_numpy() | (is_equal & (self.ids[rows] < ids))
            low = np.where(is_open & is_lower, middle + 1, low)
            high = np.where(is_open & ~is_lower, middle, high)
        return low.astype(np.int32)

    def _years(self, column: str) -> npt.NDArray[np.float32]:
        years = self.frame[column].cast(pl.String).str.head(4).cast(pl.Float32, strict=False)
        return years.to_numpy()

    def _outermost(self) -> Rows:
        if not self.located:
            return NO_ROWS
        ends = [end(axis) for end in (np.nanargmin, np.nanargmax) for axis in (self.x, self.y)]
        return np.array(ends, np.int32)

    def _sorted(self, column: str) -> tuple[Order, Order]:
        if len(self) <= ONE_BY_ONE:  # Polars takes 2 ms even for one.
            few = self.keys(column).to_list()
            rows = [row for row, key in enumerate(few) if key is not None]
            rest = [row for row, key in enumerate(few) if key is None]
            rows.sort(key=few.__getitem__)
            return Order.of(np.array(rows)), Order.of(np.array(rest))
        keys = self.keys(column).alias("key").to_frame().with_row_index("row")
        is_known = pl.col("key").is_not_null()
        known = keys.filter(is_known).sort("key", maintain_order=True)["row"]
        unknown = keys.filter(~is_known)["row"]
        return Order.of(known.to_numpy()), Order.of(unknown.to_numpy())
