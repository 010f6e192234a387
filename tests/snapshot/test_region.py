"""A drawn region: its corners, and the dams that lie in it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import HALF_WORLD, to_mercator
from dam_inventory.snapshot.criteria import Criteria
from dam_inventory.snapshot.region import MAX_CORNERS, Region
from tests.snapshot import plain_filter
from tests.snapshot.test_facets import dam, row
from tests.snapshot.test_snapshot import snapshot_of

SQUARE = ((-106.0, 39.0), (-104.0, 39.0), (-104.0, 41.0), (-106.0, 41.0))

degrees = st.tuples(st.integers(-12, 12), st.integers(-8, 8))


def found(region: Any, *places: tuple[float, float] | None) -> list[int]:
    """Return the numbers of the places, from 1, of dams that lie in a region."""
    dams = [
        dam(number, longitude=place and place[0], latitude=place and place[1])
        for number, place in enumerate(places, 1)
    ]
    snapshot = snapshot_of(*map(row, dams))
    return snapshot.ids(snapshot.matching(Criteria(region=Region.of(region)))).tolist()


def test_dams_in_a_rectangle_are_found():
    assert found(SQUARE, (-105, 40), (-107, 40), (-105, 38.9), (-105, 41.1), None) == [1]


def test_an_edge_is_straight_on_the_map_not_on_the_globe():
    """Between its corners, at 40 and 60 degrees, the edge is at 50.8 degrees on the map."""
    _, y = to_mercator([0.0, 10.0], [40.0, 60.0])
    middle = math.degrees(2 * math.atan(math.exp(float(y.mean()) / 6_378_137)) - math.pi / 2)

    inside = found(((0, 40), (10, 60), (0, 60)), (5, middle + 0.01), (5, middle - 0.01))

    assert middle == pytest.approx(51.05, abs=0.1)
    assert inside == [1]


def test_what_lies_in_two_loops_is_outside():
    star = [(math.sin(turn * 0.8 * math.pi), math.cos(turn * 0.8 * math.pi)) for turn in range(5)]

    assert found(star, (0.0, 0.0), (0.0, 0.8)) == [2]


@given(st.lists(degrees, min_size=3, max_size=12), st.lists(degrees, min_size=1, max_size=30))
def test_the_dams_in_a_polygon_are_those_that_a_plain_test_finds(
    corners: list[tuple[int, int]], places: list[tuple[int, int]]
):
    region = Region.of(corners)
    if region is None:
        return
    # Beside the grid, so that rounding decides nothing.
    places = [(x + 0.37, y + 0.41) for x, y in places]

    expected = [
        number
        for number, place in enumerate(places, 1)
        if plain_filter.is_inside(region.corners, place)
    ]
    assert found(corners, *places) == expected


@given(st.lists(degrees, min_size=3, max_size=12))
def test_two_regions_beside_each_other_share_no_dam(places: list[tuple[int, int]]):
    west, east = (((x, -9), (x + 13, -9), (x + 13, 9), (x, 9)) for x in (-13, 0))

    assert sorted(found(west, *places) + found(east, *places)) == [*range(1, len(places) + 1)]


def test_repeated_corners_are_left_out_and_all_are_rounded():
    drawn = [(0, 0), (0, 0), (1.123456789, 0), (1, 1), (0, 0)]

    assert Region.of(drawn) == Region(((0, 0), (1.12346, 0), (1, 1)))


def test_a_rectangle_is_four_numbers_and_a_polygon_all_of_its_corners():
    assert Region.of(SQUARE).numbers == (-106, 39, -104, 41)
    turned = Region.of(SQUARE[1:] + SQUARE[:1])
    assert len(turned.numbers) == 8
    assert Region.of_numbers(turned.numbers) == turned


def test_points_of_the_map_are_corners_in_degrees():
    x, y = to_mercator(*zip(*SQUARE, strict=True))

    drawn = Region.of_points([*map(list, zip(x.tolist(), y.tolist(), strict=True))])

    assert drawn == Region.of(SQUARE)


@pytest.mark.parametrize("worlds", [-1, 0, 1])
def test_a_region_on_another_picture_of_the_world_is_the_same(worlds: int):
    x, y = to_mercator(*zip(*SQUARE, strict=True))
    moved = x + worlds * 2 * HALF_WORLD

    assert Region.of_points([*zip(moved.tolist(), y.tolist(), strict=True)]) == Region.of(SQUARE)


def test_what_is_drawn_beyond_the_world_is_cut_off():
    far = 1.2 * HALF_WORLD

    drawn = Region.of_points([(0, -far), (far, -far), (far, far), (0, far)])

    west, south, east, north = drawn.numbers
    assert (west, east) == (0, 180)
    assert (south, north) == pytest.approx((-85.05113, 85.05113))


@pytest.mark.parametrize(
    "points",
    [
        None, "abc", 5, [], [[0, 0], [1, 1]], [[0, 0], [9e4, 0], [9e4]], [[0, 0], [9e4, 0], "ab"],
        [[0, 0], [9e4, 0], [9e4, math.inf]], [[0, 0], [9e4, 0], [1e300, 9e4]],
        [[0, 0], [9e4, 0], [9e4, None]], [[0, 0], [9e4, 0], [True, 9e4]],
        [[0, 0], [0.1, 0], [0.1, 0.1]], [[one, one * one] for one in range(MAX_CORNERS + 2)],
    ],
    ids=lambda points: str(points)[:40],
)  # fmt: skip
def test_points_that_are_no_region_are_refused(points: Any):
    assert Region.of_points(points) is None


@given(st.recursive(st.none() | st.floats() | st.integers() | st.text(), st.lists))
def test_anything_can_be_asked_for(value: Any):
    for region in (Region.of(value), Region.of_points(value)):
        assert region is None or 3 <= len(region.corners) <= MAX_CORNERS
