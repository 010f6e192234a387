"""The raster in blocks that are kept, compared with one that is counted at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import Extent
from dam_inventory.domain.palette import HAZARD, PLAIN
from dam_inventory.snapshot.blocks import MAX_KEPT, SIDE, Blocks
from dam_inventory.snapshot.grid import Layer
from dam_inventory.snapshot.raster import CELL, cell_size, raster

SCALE = 2.0
"""Meters per pixel: a cell is 8 m wide, and a block 1,024 m."""

BLOCK = SIDE * CELL * SCALE


class Counted:
    """Dams that remember which rectangles were asked for."""

    def __init__(self, size: int = 3_000) -> None:
        random = np.random.default_rng(3)
        # Between meters, so never at the edge of a cell.
        self.x, self.y = random.integers(-3_000, 3_000, (2, size)) + 0.5
        self.codes = random.integers(0, len(HAZARD.colors), size).astype(np.uint8)
        self.asked: list[Extent] = []

    def __call__(self, extent: Extent) -> list[Layer]:
        self.asked.append(extent)
        is_in = (self.x >= extent.x0) & (self.x <= extent.x1)
        is_in &= (self.y >= extent.y0) & (self.y <= extent.y1)
        rows = np.flatnonzero(is_in).astype(np.int32)
        return [Layer(rows, self.x[rows], self.y[rows], self.codes[rows])]

    @property
    def blocks(self) -> float:
        """How many blocks were counted."""
        return round(sum(one.width * one.height for one in self.asked) / BLOCK**2)


def around(x: float, y: float, width: float = 1_500, height: float = 900) -> Extent:
    return Extent(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


places = st.tuples(st.integers(-2_000, 2_000), st.integers(-2_000, 2_000))


@given(views=st.lists(st.builds(lambda place: around(*place), places), min_size=1, max_size=5))
def test_views_one_after_the_other_are_the_same_as_each_counted_at_once(views: list[Extent]):
    blocks, dams = Blocks(), Counted()

    for view in views:
        found = blocks.raster(view, SCALE, HAZARD, dams)
        expected = raster(dams(view), view, SCALE, HAZARD)
        assert found.extent == expected.extent
        inner = (slice(1, -1), slice(1, -1))  # Cells at the edge have dams outside of the view.
        assert (found.cells[inner] == expected.cells[inner]).all()


def test_a_pan_counts_only_the_blocks_that_come_into_view():
    blocks, dams = Blocks(), Counted()
    view = around(BLOCK / 2, BLOCK / 2, 0.5 * BLOCK, 0.5 * BLOCK)
    blocks.raster(view, SCALE, HAZARD, dams)
    assert dams.blocks == 1

    east_and_north = around(BLOCK, BLOCK, 0.5 * BLOCK, 0.5 * BLOCK)
    assert not blocks.has(east_and_north, SCALE, HAZARD)
    blocks.raster(east_and_north, SCALE, HAZARD, dams)
    assert dams.blocks == 4
    assert len(dams.asked) == 3, "in two rectangles"

    for again in (view, east_and_north, around(BLOCK, BLOCK / 2, 0.5 * BLOCK, 0.5 * BLOCK)):
        assert blocks.has(again, SCALE * 1.0001 - 0.0002, HAZARD)
        blocks.raster(again, SCALE, HAZARD, dams)
    assert dams.blocks == 4

    assert not blocks.has(view, SCALE, PLAIN)
    assert not blocks.has(view, 2 * SCALE, HAZARD)


def test_the_latest_blocks_are_kept():
    blocks, dams = Blocks(), Counted(10)
    first = around(BLOCK / 2, BLOCK / 2, 1, 1)
    for number in range(MAX_KEPT):
        blocks.raster(around(BLOCK * (number + 0.5), BLOCK / 2, 1, 1), SCALE, HAZARD, dams)
    blocks.raster(first, SCALE, HAZARD, dams)
    blocks.raster(around(-BLOCK / 2, BLOCK / 2, 1, 1), SCALE, HAZARD, dams)

    assert blocks.has(first, SCALE, HAZARD), "it was asked for again"
    assert not blocks.has(around(BLOCK * 1.5, BLOCK / 2, 1, 1), SCALE, HAZARD)
    assert len(blocks._kept) == MAX_KEPT


@pytest.mark.parametrize("scale", [0.01, 1.0, 7.0, 5_000.0])
def test_cells_have_few_sizes_and_are_some_pixels_wide(scale: float):
    view = around(0, 0, 100 * scale, 100 * scale)

    pixels = cell_size(view, scale) / scale

    assert CELL / 1.2 <= pixels <= CELL * 1.2
    assert np.log2(cell_size(view, scale)) * 2 == pytest.approx(
        round(np.log2(cell_size(view, scale)) * 2)
    )
