"""Conversion between degrees and Web Mercator meters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import (
    CONTERMINOUS_US,
    HALF_WORLD,
    MAX_LATITUDE,
    Extent,
    to_degrees,
    to_mercator,
)

WORLD = Extent(-HALF_WORLD, -HALF_WORLD, HALF_WORLD, HALF_WORLD)


def test_it_matches_the_worked_example_of_the_standard():
    """IOGP Guidance Note 7-2, example of EPSG method 1024: 24°22'54.433"N 100°20'00.000"W."""
    x, y = to_mercator(-(100 + 20 / 60), 24 + 22 / 60 + 54.433 / 3600)

    assert float(x) == pytest.approx(-11_169_055.58, abs=0.005)
    assert float(y) == pytest.approx(2_800_000.00, abs=0.005)


@given(st.floats(-179.999, 179.999), st.floats(-85, 85))
def test_degrees_survive_a_round_trip(longitude: float, latitude: float):
    x, y = to_mercator(longitude, latitude)

    assert to_degrees(float(x), float(y)) == pytest.approx((longitude, latitude), abs=1e-9)


@given(st.integers(-10, 10), st.floats(-179, 179))
def test_a_click_on_any_copy_of_the_world_has_the_same_longitude(turns: int, longitude: float):
    x, _ = to_mercator(longitude, 0)

    wrapped, _ = to_degrees(float(x) + turns * 2 * HALF_WORLD, 0)

    assert wrapped == pytest.approx(longitude, abs=1e-6)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-1e9, 1e9))
def test_any_point_in_meters_converts_to_valid_degrees(x: float, y: float):
    longitude, latitude = to_degrees(x, y)

    assert -180 <= longitude <= 180
    assert -90 <= latitude <= 90


def test_the_poles_are_drawn_at_the_edge_of_the_world():
    _, y = to_mercator([0, 0, 0], [90, -90, MAX_LATITUDE])

    assert y == pytest.approx([HALF_WORLD, -HALF_WORLD, HALF_WORLD], rel=1e-7)


def test_an_unknown_location_stays_unknown():
    x, y = to_mercator([np.nan, 0], [np.nan, 0])

    assert np.isnan([x[0], y[0]]).all()
    assert (x[1], y[1]) == pytest.approx((0, 0), abs=1e-8)


def test_an_extent_grows_on_every_side():
    assert Extent(0, 0, 10, 20).grown(0.1) == (-1, -2, 11, 22)


def test_a_tiny_extent_is_widened_around_its_center():
    assert Extent(5, 5, 5, 45).at_least(10) == (0, 5, 10, 45)


def test_the_conterminous_us_reaches_from_coast_to_coast():
    west, south = to_degrees(CONTERMINOUS_US.x0, CONTERMINOUS_US.y0)
    east, north = to_degrees(CONTERMINOUS_US.x1, CONTERMINOUS_US.y1)

    assert (west, south, east, north) == pytest.approx((-124.85, 24.39, -66.88, 49.39))
    assert WORLD.width > CONTERMINOUS_US.width > CONTERMINOUS_US.height
