"""Raster: how many dams of which category lie in each cell of a view, one byte a cell."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent
from ..domain.palette import Coloring
from .places import Codes

CELL = 4
"""The side of a cell, in pixels."""

LEVELS = 8
"""The number of densities: 1 dam, from 2, from 4, ... from 128 dams in a cell."""

MAX_CELLS = 250_000
"""The maximum number of cells, whatever size a browser reports: enough for 2560 x 1440 pixels."""

MAX_SIDE = 4_000
"""The maximum number of cells in a row or a column."""


@dataclass(frozen=True, slots=True)
class Raster:
    """The cells of a view.

    extent: the rectangle that they cover, Web Mercator meters; cells are squares.
    cells: uint8, shape (rows, columns), the first row in the south. 0 is a cell without dams;
    others are `shade`s of a category and of the number of dams. The category is the most severe one
    of the coloring that at least the share `least` of the cell's dams has. In a cell without, it
    is the most frequent one; the first one, if several are. So the few High among many Low do not
    vanish where many dams share a cell: of the 13,967 High dams of 2018, cells of the national
    view show 87%, where the most frequent category alone shows 60%.
    """

    extent: Extent
    cells: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layer:
    """Dams to count: x, y and the code of each, shape (n,); sign: 1, or -1 to subtract them."""

    x: npt.NDArray[np.floating]
    y: npt.NDArray[np.floating]
    codes: Codes
    sign: int = 1


def shade(code: int, level: int) -> int:
    """Return the byte of a category's code and a density's level, from 0 to LEVELS - 1."""
    return 1 + code * LEVELS + level


def raster(
    layers: Iterable[Layer], view: Extent, metres_per_pixel: float, coloring: Coloring
) -> Raster:
    """Count dams by cell and category.

    layers: dams inside `view`, with codes of `coloring`.
    Cells are CELL pixels wide; panning does not move them. If there would be more than MAX_CELLS,
    they are larger.
    """
    cell = _cell(view, metres_per_pixel)
    west, south = math.floor(view.x0 / cell), math.floor(view.y0 / cell)
    width = math.floor(view.x1 / cell) - west + 1
    height = math.floor(view.y1 / cell) - south + 1
    extent = Extent(
        west * cell, south * cell, (west + width) * cell, (south + height) * cell
    )  # fmt: skip
    categories = len(coloring.colors)
    counts = np.zeros(width * height * categories, np.intp)
    for layer in layers:
        column = _index(layer.x, extent.x0, cell, width)
        line = _index(layer.y, extent.y0, cell, height)
        key = (layer.codes * np.int32(height) + line) * np.int32(width) + column
        found = np.bincount(key, minlength=len(counts))
        counts = counts + found if layer.sign > 0 else counts - found
    shades = _shades(counts.reshape(categories, -1), coloring)
    return Raster(extent, shades.reshape(height, width))


def _shades(counts: npt.NDArray[np.intp], coloring: Coloring) -> npt.NDArray[np.uint8]:
    total = counts.sum(axis=0)
    shades = np.zeros(len(total), np.uint8)
    full = np.flatnonzero(total)
    level = np.minimum(np.frexp(total[full])[1] - 1, LEVELS - 1)
    code = counts[:, full].argmax(axis=0)
    least = np.maximum(1, coloring.least * total[full])
    for severe in reversed(coloring.by_severity[: len(coloring.severe)]):
        code[counts[severe, full] >= least] = severe
    shades[full] = 1 + code * LEVELS + level
    return shades


def _index(
    values: npt.NDArray[np.floating], start: float, cell: float, size: int
) -> npt.NDArray[np.int32]:
    kind = values.dtype.type
    index: npt.NDArray[np.int32] = ((values - kind(start)) * kind(1 / cell)).astype(np.int32)
    np.clip(index, 0, size - 1, out=index)
    return index


def _cell(view: Extent, metres_per_pixel: float) -> float:
    """Return the side of a cell in meters."""
    # A row more, and a column more, because the view begins inside a cell.
    return max(
        CELL * metres_per_pixel,
        math.sqrt(view.width * view.height / MAX_CELLS),
        max(view.width, view.height) / MAX_SIDE,
    )
