"""Blocks: the raster of all dams in pieces, which are kept for the next views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent
from ..domain.palette import Coloring
from .grid import Grid, Layer
from .raster import Raster, cell_size, shades

SIDE = 128
"""The number of cells from one side of a block to the other."""

MAX_KEPT = 128
"""How many blocks are kept: some seven views of a large window, in 2 MB."""

Dams = Callable[[Extent], list[Layer]]
Cells = npt.NDArray[np.uint8]


class _Block(NamedTuple):
    """The place of a block: in blocks from the center of the world, for cells of one size."""

    coloring: str
    cell: float
    line: int
    column: int


class Blocks:
    """The raster of some dams that do not change.

    Most views were nearly seen before: a person pans, zooms out again, or many people begin with
    the same one. So that they share blocks, there are few sizes of cells: see `cell_size`.
    """

    def __init__(self) -> None:
        self._kept: dict[_Block, Cells] = {}

    def has(self, view: Extent, metres_per_pixel: float, coloring: Coloring) -> bool:
        """Return whether all blocks of a view are kept."""
        wanted = _blocks(Grid.over(view, cell_size(view, metres_per_pixel)), coloring)
        return all(block in self._kept for line in wanted for block in line)

    def raster(
        self, view: Extent, metres_per_pixel: float, coloring: Coloring, dams: Dams
    ) -> Raster:
        """Return the raster of a view, as `raster.raster` does.

        dams: returns the dams in a rectangle. Only blocks that are not kept are counted.
        """
        grid = Grid.over(view, cell_size(view, metres_per_pixel))
        wanted = _blocks(grid, coloring)
        # Other threads may drop blocks meanwhile.
        known = {
            block: cells
            for line in wanted
            for block in line
            if (cells := self._kept.get(block)) is not None
        }
        for rectangle in _rectangles(wanted, known):
            known |= _counted(rectangle, coloring, dams)
        for block, cells in known.items():
            self._kept.pop(block, None)
            self._kept[block] = cells
        for oldest in [*self._kept][:-MAX_KEPT]:
            self._kept.pop(oldest, None)
        first = wanted[0][0]
        down, right = grid.south - first.line * SIDE, grid.west - first.column * SIDE
        whole = np.block([[known[block] for block in line] for line in wanted])
        cells = whole[down : down + grid.height, right : right + grid.width]
        return Raster(grid.extent, np.ascontiguousarray(cells))


def _blocks(grid: Grid, coloring: Coloring) -> list[list[_Block]]:
    """Return the blocks that cover a grid, line by line."""
    lines = range(grid.south // SIDE, (grid.south + grid.height - 1) // SIDE + 1)
    columns = range(grid.west // SIDE, (grid.west + grid.width - 1) // SIDE + 1)
    return [
        [_Block(coloring.name, grid.cell, line, column) for column in columns] for line in lines
    ]


def _rectangles(
    wanted: list[list[_Block]], known: dict[_Block, Cells]
) -> Iterator[list[list[_Block]]]:
    """Return the blocks that are not known in few rectangles."""
    for missing, lines in groupby(wanted, lambda line: [block not in known for block in line]):
        several = [*lines]
        place = 0
        for is_missing, columns in groupby(missing):
            size = len([*columns])
            if is_missing:
                yield [line[place : place + size] for line in several]
            place += size


def _counted(
    rectangle: list[list[_Block]], coloring: Coloring, dams: Dams
) -> Iterator[tuple[_Block, Cells]]:
    """Return the cells of each block of a rectangle."""
    first = rectangle[0][0]
    width, height = len(rectangle[0]) * SIDE, len(rectangle) * SIDE
    grid = Grid(first.cell, first.column * SIDE, first.line * SIDE, width, height)
    # A dam at the eastern or northern edge belongs to the next block.
    x0, y0, *ends = grid.extent
    x1, y1 = np.nextafter(np.array(ends, np.float32), np.float32(-np.inf)).tolist()
    cells = shades(grid, dams(Extent(x0, y0, x1, y1)), coloring)
    for line in rectangle:
        for block in line:
            down, right = (block.line - first.line) * SIDE, (block.column - first.column) * SIDE
            yield block, cells[down : down + SIDE, right : right + SIDE].copy()
