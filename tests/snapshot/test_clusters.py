"""Grouping the points in a view into markers."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import Extent
from dam_inventory.snapshot.clusters import (
    CLUSTER_CELL,
    MAX_MARKERS,
    cell_size,
    cluster,
    sizes,
    under,
)

VIEW = Extent(-1000.0, -500.0, 1000.0, 500.0)
coordinates = st.lists(
    st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)) | st.just((np.nan, np.nan)),
    max_size=60,
)


def columns(points: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    array = np.array(points, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def crowd(size: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.uniform(-1000, 1000, size), random.uniform(-500, 500, size)


@given(points=coordinates, scale=st.floats(0.01, 100))
def test_every_point_in_view_is_in_exactly_one_marker(points, scale):
    x, y = columns(points)

    markers = cluster(x, y, VIEW, scale)

    inside = (abs(x) <= 1000) & (abs(y) <= 500)
    assert len(markers.rows) + markers.count.sum() == np.count_nonzero(inside)
    assert all(inside[markers.rows])
    assert all(markers.count >= 2)


@given(points=coordinates, scale=st.floats(0.01, 100))
def test_each_marker_returns_its_points(points, scale):
    x, y = columns(points)

    markers = cluster(x, y, VIEW, scale)

    places = (
        np.concatenate([markers.x, x[markers.rows]]),
        np.concatenate([markers.y, y[markers.rows]]),
    )
    counts = [*markers.count, *[1] * len(markers.rows)]
    for place_x, place_y, count in zip(*places, counts, strict=True):
        rows = under(x, y, VIEW, scale, (place_x, place_y), reach=scale)
        # A single point may lie under a cluster beside it.
        assert len(rows) == count or count == 1


@given(points=coordinates, scale=st.floats(0.01, 100))
def test_the_circles_of_clusters_never_overlap(points, scale):
    x, y = columns(points)

    markers = cluster(x, y, VIEW, scale)

    radius = sizes(markers.count) / 2 * scale
    for i, j in combinations(range(len(radius)), 2):
        distance = np.hypot(markers.x[i] - markers.x[j], markers.y[i] - markers.y[j])
        assert distance >= (radius[i] + radius[j]) * 0.999


def test_the_nearest_marker_within_reach_is_hit():
    x, y = columns([(0.0, 0.0), (100.0, 0.0)])

    assert list(under(x, y, VIEW, 1.0, (88.0, 5.0), reach=14)) == [1]
    assert list(under(x, y, VIEW, 1.0, (14.0, 5.0), reach=14.9)) == [0]
    assert list(under(x, y, VIEW, 1.0, (50.0, 5.0), reach=14)) == []
    assert list(under(*columns([]), VIEW, 1.0, (0.0, 0.0), reach=14)) == []


def test_a_large_marker_can_be_hit_anywhere():
    x, y = columns([(56.0, 56.0)] * 90_000)
    radius = sizes(np.array([90_000]))[0] / 2

    assert radius > 14
    [center] = cluster(x, y, VIEW, 2.0).x
    assert len(under(x, y, VIEW, 2.0, (center + 2 * radius - 0.1, 56.0), reach=28)) == 90_000
    assert len(under(x, y, VIEW, 2.0, (center + 2 * radius + 0.1, 56.0), reach=28)) == 0


def test_points_at_one_location_are_a_cluster_at_every_zoom():
    x, y = columns([(10.0, 10.0)] * 3)

    assert cluster(x, y, VIEW, 0.001).count.tolist() == [3]


def test_many_points_are_at_most_one_marker_for_each_square():
    x, y = crowd(50_000)

    markers = cluster(x, y, VIEW, 2.0)

    squares = (VIEW.width / (2 * CLUSTER_CELL) + 2) * (VIEW.height / (2 * CLUSTER_CELL) + 2)
    assert len(markers.rows) + len(markers.count) <= squares


def test_panning_does_not_move_clusters():
    x, y = crowd(5000)
    moved = Extent(VIEW.x0 + 37, VIEW.y0 + 11, VIEW.x1 + 37, VIEW.y1 + 11)

    before, after = cluster(x, y, VIEW, 2.0), cluster(x, y, moved, 2.0)

    def inner(markers):
        safe = (abs(markers.x) < 600) & (abs(markers.y) < 200)
        return set(zip(markers.x[safe], markers.y[safe], markers.count[safe], strict=True))

    assert inner(before) == inner(after) != set()


def test_zooming_in_splits_clusters():
    x, y = crowd(5000)
    closer = Extent(*(edge / 4 for edge in VIEW))

    assert cluster(x, y, VIEW, 2.0).count.max() > cluster(x, y, closer, 0.5).count.max()


def test_squares_nest_and_are_no_smaller_on_screen_than_a_marker():
    sizes = [cell_size(scale) for scale in (0.3, 1.0, 7.0, 611.5)]

    assert all(np.log2(size) == np.round(np.log2(size)) for size in sizes)
    assert cell_size(1.0) >= CLUSTER_CELL


def test_a_view_of_impossible_size_does_not_use_much_memory():
    x, y = crowd(1000)

    markers = cluster(x, y, Extent(-1e20, -1e20, 1e20, 1e20), 1e-9)

    assert len(markers.rows) + markers.count.sum() == 1000


def test_without_points_there_are_no_markers():
    markers = cluster(np.array([]), np.array([]), VIEW, 1.0)

    assert (len(markers.rows), len(markers.count)) == (0, 0)


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 30.0])
def test_the_number_of_markers_is_limited_whatever_size_a_browser_reports(scale: float):
    rng = np.random.default_rng(8)
    x, y = rng.uniform(0, 5e6, 90_000), rng.uniform(0, 3e6, 90_000)
    view = Extent(0, 0, 5e6, 3e6)

    markers = cluster(x, y, view, scale)

    assert len(markers.rows) + len(markers.x) <= MAX_MARKERS
    assert len(markers.rows) + markers.count.sum() == len(x)
    hit = under(x, y, view, scale, (float(markers.x[0]), float(markers.y[0])), 0)
    assert len(hit) == markers.count[0]
