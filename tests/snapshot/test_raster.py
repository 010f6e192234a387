"""Counting dams by cell and category."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import Extent
from dam_inventory.domain.palette import COLORINGS, HAZARD, QUALITY, Coloring
from dam_inventory.snapshot.grid import MAX_SIDE, Layer
from dam_inventory.snapshot.raster import CELL, LEVELS, MAX_CELLS, cell_size, raster, shade

VIEW = Extent(-1000.0, -500.0, 1000.0, 500.0)
CATEGORIES = 3
NOMINAL = Coloring("nominal", "Nominal", (), dict.fromkeys("ABC", ""))
SEVERE = Coloring("severe", "Severe", (), dict.fromkeys("ABC", ""), severe=("C", "A"), least=0.25)
ANY = Coloring("any", "Any", (), dict.fromkeys("ABC", ""), severe=("C", "A"), least=0)
# Between meters, so never at the edge of a cell.
metres = st.integers(-490, 489).map(lambda metre: metre + 0.5)
dams = st.lists(st.tuples(metres, metres, st.integers(0, CATEGORIES - 1)), max_size=60)


def layer(dams: list[tuple[float, float, int]], sign: int = 1) -> Layer:
    columns = np.array(dams, dtype=np.float64).reshape(-1, 3)
    rows = np.arange(len(columns), dtype=np.int32)
    return Layer(rows, columns[:, 0], columns[:, 1], columns[:, 2].astype(np.uint8), sign)


def shown(codes: list[int], coloring: Coloring) -> int:
    """Return the category of a cell with some dams."""
    for category in coloring.severe:
        code = coloring.categories.index(category)
        if code in codes and codes.count(code) >= coloring.least * len(codes):
            return code
    return max(range(CATEGORIES), key=lambda code: (codes.count(code), -code))


@given(
    dams=dams,
    scale=st.sampled_from([1.0, 2.0, 5.0, 50.0]),
    coloring=st.sampled_from([NOMINAL, SEVERE, ANY]),
)
def test_each_cell_has_the_category_and_the_density_of_its_dams(dams, scale, coloring):
    found = raster([layer(dams)], VIEW, scale, coloring)

    side = found.extent.width / found.cells.shape[1]
    codes: dict[tuple[int, int], list[int]] = {}
    for x, y, code in dams:
        place = int((y - found.extent.y0) / side), int((x - found.extent.x0) / side)
        codes.setdefault(place, []).append(code)
    expected = np.zeros(found.cells.shape, np.uint8)
    for place, there in codes.items():
        expected[place] = shade(
            shown(there, coloring), min(len(there).bit_length() - 1, LEVELS - 1)
        )
    assert (found.cells == expected).all()


@pytest.mark.parametrize(
    ("categories", "coloring", "expected"),
    [
        (["Low"] * 4 + ["High"], HAZARD, "High"),
        (["Low"] * 5 + ["High"], HAZARD, "Low"),
        (["Low"] * 3 + ["High", "Significant"], HAZARD, "High"),
        (["Unknown"] * 4 + ["Low"], HAZARD, "Unknown"),
        (["Satisfactory"] * 4 + ["Poor"], COLORINGS["condition_assessment"], "Poor"),
        (["No flags"] * 300 + ["Height or storage is 0"], QUALITY, "Height or storage is 0"),
        (["Public Utility"] * 2 + ["Federal"], COLORINGS["primary_owner_type"], "Public Utility"),
    ],
)
def test_few_severe_dams_do_not_vanish_among_many_others(
    categories: list[str], coloring: Coloring, expected: str
):
    dams = [(1.0, 1.0, coloring.categories.index(one)) for one in categories]

    cells = raster([layer(dams)], VIEW, 10.0, coloring).cells

    assert coloring.categories[(cells.max() - 1) // LEVELS] == expected


@given(dams=dams, gone=dams)
def test_dams_that_are_gone_are_subtracted(dams, gone):
    both = raster([layer(dams + gone), layer(gone, sign=-1)], VIEW, 10.0, NOMINAL)

    assert (both.cells == raster([layer(dams)], VIEW, 10.0, NOMINAL).cells).all()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 127, 128, 5000])
def test_density_doubles_from_level_to_level(count: int):
    found = raster([layer([(1.0, 1.0, 0)] * count)], VIEW, 10.0, NOMINAL)

    assert found.cells.max() == shade(0, min(int(np.log2(count)), LEVELS - 1))


def test_every_shade_is_one_byte():
    assert shade(14, LEVELS - 1) < 256
    assert shade(0, 0) == 1, "0 is an empty cell"


def test_cells_are_squares_of_a_few_pixels_that_cover_the_view():
    found = raster([], VIEW, 7.0, NOMINAL)

    height, width = found.cells.shape
    side = cell_size(VIEW, 7.0)
    assert CELL / 1.2 <= side / 7.0 < CELL * 1.2
    assert found.extent.width / width == pytest.approx(side)
    assert found.extent.height / height == pytest.approx(side)
    assert found.extent.x0 <= VIEW.x0
    assert found.extent.y0 <= VIEW.y0
    assert found.extent.x1 >= VIEW.x1
    assert found.extent.y1 >= VIEW.y1


def test_panning_does_not_move_cells():
    moved = Extent(VIEW.x0 + 333, VIEW.y0 - 111, VIEW.x1 + 333, VIEW.y1 - 111)

    before, after = (raster([], view, 7.0, NOMINAL).extent for view in (VIEW, moved))

    side = cell_size(VIEW, 7.0)
    for moved_by in ((after.x0 - before.x0) / side, (after.y0 - before.y0) / side):
        assert moved_by == pytest.approx(round(moved_by))


@pytest.mark.parametrize(
    "view", [VIEW, Extent(-4e7, -4e7, 4e7, 4e7), Extent(0, -4e7, 1, 4e7), Extent(-1e20, 0, 1e20, 1)]
)
def test_the_number_of_cells_is_limited_whatever_size_a_browser_reports(view: Extent):
    height, width = raster([], view, 1e-9, NOMINAL).cells.shape

    assert height * width <= 1.5 * MAX_CELLS + 3 * MAX_SIDE + 4
