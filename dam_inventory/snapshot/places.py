"""Places: the locations and categories of a set of dams, arranged for a map."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.mercator import Extent, Floats
from ..domain.palette import Coloring
from .order import Rows

Codes = npt.NDArray[np.uint8]
"""For each dam, the code of its category in a `Coloring`."""

EVERYWHERE = Extent(-np.inf, -np.inf, np.inf, np.inf)

_FEW = 500
"""So many dams are looked up one by one: to join them takes Polars 2 ms."""


class Located(NamedTuple):
    """Some dams with a location.

    rows: their rows. x, y: Web Mercator meters, float, NaN for no location; shape (n,).
    sign: 1, or -1 for dams that other `Located` contain, but that are gone.
    """

    rows: Rows
    x: npt.NDArray[np.floating]
    y: npt.NDArray[np.floating]
    sign: int = 1

    def within(self, extent: Extent) -> Located:
        """Return those in a rectangle, edges included."""
        is_in = (self.x >= extent.x0) & (self.x <= extent.x1)
        is_in &= (self.y >= extent.y0) & (self.y <= extent.y1)
        if is_in.all():
            return self
        return Located(self.rows[is_in], self.x[is_in], self.y[is_in], self.sign)


class Places:
    """The places of dams, and their categories; both are computed when they are first asked for.

    frame: the dams as a table. x, y: Web Mercator meters, float64, NaN for a dam without a
    location; shape (len(frame),).
    """

    def __init__(self, frame: pl.DataFrame, x: Floats, y: Floats) -> None:
        self._frame = frame
        self._points = (x, y)
        self._codes: dict[str, Codes] = {}
        self._tallies: dict[str, npt.NDArray[np.intp]] = {}

    @cached_property
    def _northward(self) -> Located:
        """All dams with a location, from south to north."""
        x, y = self._points
        rows = np.argsort(y, kind="stable")[: np.count_nonzero(~np.isnan(y))].astype(np.int32)
        # With float32, a place is wrong by up to 1 m, but half the memory is read for a view.
        return Located(rows, x[rows].astype(np.float32), y[rows].astype(np.float32))

    def within(self, extent: Extent) -> Located:
        """Return the dams in a rectangle, with x and y as float32, from south to north."""
        return self._between(extent).within(extent)

    def _between(self, extent: Extent) -> Located:
        """Return the dams between the south and the north of a rectangle."""
        rows, x, y, _ = self._northward
        edges = np.array([extent.y0, extent.y1], np.float32)
        first, last = np.searchsorted(y, edges[:1])[0], np.searchsorted(y, edges[1:], "right")[0]
        part = slice(int(first), int(last))
        return Located(rows[part], x[part], y[part])

    def count(self, extent: Extent) -> int:
        """Return the number of dams in a rectangle."""
        _, x, _, _ = self._between(extent)
        return int(np.count_nonzero((x >= extent.x0) & (x <= extent.x1)))

    @property
    def is_sorted(self) -> bool:
        """Whether `count` and `within` need not sort all dams first: 0.1 s for a million."""
        return "_northward" in vars(self)

    def codes(self, coloring: Coloring) -> Codes:
        """Return the category of each dam, by row."""
        if (codes := self._codes.get(coloring.name)) is None:
            self._codes[coloring.name] = codes = self._coded(coloring)
        return codes

    def has_codes(self, coloring: Coloring) -> bool:
        """Return whether `codes` were asked for."""
        return coloring.name in self._codes

    def tally(self, coloring: Coloring) -> npt.NDArray[np.intp]:
        """Return how many dams are in each category, shape (number of categories,)."""
        if (tally := self._tallies.get(coloring.name)) is None:
            self._tallies[coloring.name] = tally = counted(self.codes(coloring), coloring)
        return tally

    def is_known(self, coloring: Coloring) -> bool:
        """Return whether any dam has a value for a coloring."""
        return bool(self._columns(coloring))

    def _columns(self, coloring: Coloring) -> list[pl.Series]:
        columns = [self._frame[name] for name in coloring.fields]
        return [one for one in columns if one.null_count() < len(one)]

    def _coded(self, coloring: Coloring) -> Codes:
        columns = self._columns(coloring)
        if not columns:
            return np.full(len(self._frame), coloring.code(None), np.uint8)
        column = pl.DataFrame(columns).select(pl.coalesce(pl.all())).to_series()
        if len(column) <= _FEW:
            return np.array([coloring.code(word) for word in column.to_list()], np.uint8)
        words = column.unique()
        codes = pl.Series("code", map(coloring.code, words.to_list()), dtype=pl.UInt8)
        table = pl.DataFrame([words.alias("word"), codes])
        found = pl.DataFrame([column.alias("word")]).join(
            table, on="word", how="left", nulls_equal=True, maintain_order="left"
        )
        return found["code"].to_numpy()


def counted(codes: Codes, coloring: Coloring) -> npt.NDArray[np.intp]:
    """Return how often each code occurs, shape (number of categories,)."""
    return np.bincount(codes, minlength=len(coloring.colors))
