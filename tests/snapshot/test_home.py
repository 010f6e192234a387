"""The window around nearly all dams."""

import numpy as np
import pytest

from dam_inventory.domain.mercator import Extent
from dam_inventory.snapshot.home import home_of


def crowd(size: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return random.uniform(-1000, 1000, size), random.uniform(-500, 500, size)


@pytest.mark.parametrize("size", [1, 2, 5, 99, 1000, 20_000])
def test_dams_without_outliers_are_all_shown(size: int):
    x, y = crowd(size)

    assert home_of(x, y) == Extent.around(x, y)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("sign", [-1, 1])
def test_up_to_one_percent_far_away_on_any_side_are_left_out(axis: int, sign: int):
    points = crowd(990)
    far = [np.concatenate([values, values[:10]]) for values in points]
    far[axis][990:] += sign * 50_000

    assert home_of(*far) == Extent.around(*points)


def test_outliers_on_all_sides_are_left_out_together():
    x, y = crowd(10_000)
    far = np.array([[9e6, 0], [-9e6, 0], [0, 9e6], [0, -9e6], [8e6, 8e6], [9e6, 0]])

    home = home_of(np.concatenate([x, far[:, 0]]), np.concatenate([y, far[:, 1]]))

    assert home == Extent.around(x, y)


def test_places_at_zero_do_not_count_unless_there_are_no_others():
    x, y = crowd(100) + np.array([[9e6], [4e6]])
    at_zero = np.zeros(50)

    assert home_of(np.append(x, at_zero), np.append(y, at_zero)) == Extent.around(x, y)
    assert home_of(at_zero, at_zero) == Extent(0, 0, 0, 0)


def test_more_than_one_percent_are_never_left_out():
    x, y = crowd(980)
    x, y = np.concatenate([x, np.full(20, 9e6)]), np.concatenate([y, np.zeros(20)])

    assert home_of(x, y) == Extent.around(x, y)


def test_at_least_99_percent_are_inside():
    random = np.random.default_rng(7)
    x, y = random.standard_cauchy(5000), random.standard_cauchy(5000)

    home = home_of(x, y)

    assert home is not None
    inside = (x >= home.x0) & (x <= home.x1) & (y >= home.y0) & (y <= home.y1)
    assert 0.99 * len(x) <= np.count_nonzero(inside) < len(x)
    whole = Extent.around(x, y)
    assert home.width * home.height < 0.1 * whole.width * whole.height


def test_dams_without_a_location_do_not_count():
    x, y = np.array([np.nan, 1.0, 2.0]), np.array([np.nan, 5.0, 6.0])

    assert home_of(x, y) == Extent(1.0, 5.0, 2.0, 6.0)
    assert home_of(np.array([np.nan]), np.array([np.nan])) is None
    assert home_of(np.array([]), np.array([])) is None


def test_many_dams_at_one_place_have_a_window_too():
    x, y = np.full(1000, 3.0), np.full(1000, 4.0)

    assert home_of(x, y) == Extent(3.0, 4.0, 3.0, 4.0)
    x[0] = 1e6
    assert home_of(x, y) == Extent(3.0, 4.0, 3.0, 4.0)
