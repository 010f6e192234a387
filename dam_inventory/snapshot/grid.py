"""Grid: squares over a view, in which dams are counted by category."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent
from .order import Rows
from .places import Codes

MAX_SIDE = 4_000
"""The maximum number of cells in a row or a column."""

Cells = npt.NDArray[np.int32]
"""For each dam, the number of its cell: row by row, from the south-west."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Dams to count: row, x, y and code of each, shape (n,); sign: 1, or -1 to subtract them."""

    rows: Rows
    x: npt.NDArray[np.floating]
    y: npt.NDArray[np.floating]
    codes: Codes
    sign: int = 1


def at_least(cell: float, view: Extent, most: int) -> float:
    """Return the side of a cell, or a larger one if there would be too many cells in a view.

    most: about how many there may be, whatever size a browser reports. There can be a row and a
    column more, because the view begins inside a cell.
    """
    least = max(view.width, view.height) / MAX_SIDE
    return max(cell, least, math.sqrt(view.width * view.height / most))


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares that cover a view.

    cell: the side of one in meters. west, south: the number of the first column and row, counted
    from the center of the world; panning does not move cells. width, height: in cells.
    """

    cell: float
    west: int
    south: int
    width: int
    height: int

    @classmethod
    def over(cls, view: Extent, cell: float) -> Grid:
        """Return a grid over a view. cell: the side of a cell in meters, as `at_least` says."""
        west, south = math.floor(view.x0 / cell), math.floor(view.y0 / cell)
        width = math.floor(view.x1 / cell) - west + 1
        return cls(cell, west, south, width, math.floor(view.y1 / cell) - south + 1)

    def __len__(self) -> int:
        return self.width * self.height

    @property
    def extent(self) -> Extent:
        """The rectangle that the cells cover, Web Mercator meters."""
        west, south = self.west * self.cell, self.south * self.cell
        return Extent(
            west, south, west + self.width * self.cell, south + self.height * self.cell
        )  # fmt: skip

    def cells(self, layer: Layer) -> Cells:
        """Return the cell of each dam; those of dams outside are the nearest ones."""
        extent = self.extent
        column = self._index(layer.x, extent.x0, self.width)
        cells: Cells = self._index(layer.y, extent.y0, self.height) * np.int32(self.width) + column
        return cells

    def counts(
        self, layers: Sequence[Layer], cells: Sequence[Cells], categories: int
    ) -> npt.NDArray[np.intp]:
        """Count dams by category and cell, shape (categories, number of cells).

        cells: those of the dams of each layer. categories: the number of codes.
        """
        counts = np.zeros(categories * len(self), np.intp)
        for layer, there in zip(layers, cells, strict=True):
            found = np.bincount(
                layer.codes * np.int32(len(self)) + there, minlength=len(counts)
            )  # fmt: skip
            counts = counts + found if layer.sign > 0 else counts - found
        return counts.reshape(categories, len(self))

    def _index(
        self, values: npt.NDArray[np.floating], start: float, size: int
    ) -> npt.NDArray[np.int32]:
        kind = values.dtype.type
        index: npt.NDArray[np.int32] = ((values - kind(start)) * kind(1 / self.cell)).astype(
            np.int32
        )
        np.clip(index, 0, size - 1, out=index)
        return index
