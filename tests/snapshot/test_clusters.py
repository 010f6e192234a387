"""Grouping the dams in a view into markers."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.mercator import Extent
from dam_inventory.snapshot.clusters import LARGEST, MAX_CELLS, SMALLEST, cluster, sizes, under
from dam_inventory.snapshot.grid import Layer

VIEW = Extent(-1000.0, -500.0, 1000.0, 500.0)
CATEGORIES = 3
dams = st.lists(
    st.tuples(st.floats(-1000, 1000), st.floats(-500, 500), st.integers(0, CATEGORIES - 1)),
    max_size=60,
)


def layer(points: list[tuple[float, float, int]], sign: int = 1, first: int = 0) -> Layer:
    columns = np.array(points, dtype=np.float64).reshape(-1, 3)
    rows = np.arange(first, first + len(columns), dtype=np.int32)
    return Layer(rows, columns[:, 0], columns[:, 1], columns[:, 2].astype(np.uint8), sign)


def crowd(size: int, seed: int = 1) -> Layer:
    """Return dams that are dense in the middle, and sparse at the edges."""
    random = np.random.default_rng(seed)
    x, y = random.normal(0, 300, size).clip(-999, 999), random.normal(0, 150, size).clip(-499, 499)
    return layer([*zip(x, y, random.integers(0, CATEGORIES, size), strict=True)])


def plain(layers: list[Layer], view: Extent, scale: float):
    return cluster(layers, view, scale, CATEGORIES)


@given(dams=dams, scale=st.floats(0.01, 100))
def test_every_dam_is_in_exactly_one_marker_and_each_marker_returns_its_dams(dams, scale):
    layers = [layer(dams)]
    markers = plain(layers, VIEW, scale)

    found = [markers.rows]
    for x, y, counts in zip(markers.x, markers.y, markers.counts, strict=True):
        rows = under(layers, VIEW, scale, (x, y), 0.0)
        codes = layers[0].codes[rows]
        assert np.bincount(codes, minlength=CATEGORIES).tolist() == counts.tolist()
        found.append(rows)
    assert sorted(np.concatenate(found).tolist()) == list(range(len(dams)))
    assert all(markers.count >= 2)


@given(dams=dams, gone=dams, scale=st.floats(0.01, 100))
def test_dams_that_are_gone_are_in_no_marker(dams, gone, scale):
    both = [layer(dams + gone), layer(gone, sign=-1, first=len(dams))]
    expected, found = plain([layer(dams)], VIEW, scale), plain(both, VIEW, scale)

    assert found.rows.tolist() == expected.rows.tolist()
    assert found.counts.tolist() == expected.counts.tolist()
    assert found.x == pytest.approx(expected.x, abs=1e-6)
    for place in zip(found.x, found.y, strict=True):
        one, other = (under(some, VIEW, scale, place, 0.0) for some in (both, [layer(dams)]))
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize("scale", [0.3, 2.0, 9.0])
def test_markers_never_overlap(scale: float):
    crowded = layer([(x, y, 0) for x, y in np.random.default_rng(5).normal(0, 20, (20_000, 2))])
    for dams in ([crowd(3000)], [crowd(40, seed=2)], [crowded]):
        markers = plain(dams, VIEW, scale)
        radius = sizes(markers.count) / 2 * scale
        assert len(radius)
        for i, j in combinations(range(len(radius)), 2):
            distance = np.hypot(markers.x[i] - markers.x[j], markers.y[i] - markers.y[j])
            assert distance >= radius[i] + radius[j]


def test_a_marker_stands_where_most_of_its_dams_are():
    dense, sparse = [(100.0, 100.0, 0)] * 50, [(140.0, 110.0, 1)] * 3

    [x], [y] = (lambda one: (one.x, one.y))(plain([layer(sparse + dense)], VIEW, 2.0))

    assert (x, y) == pytest.approx((100, 100))


def test_a_dam_belongs_to_the_nearest_marker():
    """The dam lies between two markers; the larger one is farther away."""
    large, small = [(0.0, 0.0, 0)] * 50, [(75.0, 0.0, 0)] * 5

    markers = plain([layer([*large, *small, (50.0, 0.0, 1)])], VIEW, 1.0)

    assert sorted(markers.count.tolist()) == [6, 50]


def test_the_nearest_marker_within_reach_is_hit():
    layers = [layer([(0.0, 0.0, 0), (100.0, 0.0, 0)])]

    assert list(under(layers, VIEW, 1.0, (88.0, 5.0), 14)) == [1]
    assert list(under(layers, VIEW, 1.0, (14.0, 5.0), 14.9)) == [0]
    assert list(under(layers, VIEW, 1.0, (50.0, 5.0), 14)) == []
    assert list(under([layer([])], VIEW, 1.0, (0.0, 0.0), 14)) == []


def test_a_large_marker_can_be_hit_anywhere():
    layers = [layer([(56.0, 56.0, 0)] * 90_000)]
    radius = sizes(np.array([90_000]))[0] / 2

    assert len(under(layers, VIEW, 2.0, (56 + 2 * radius - 0.1, 56.0), 28)) == 90_000
    assert len(under(layers, VIEW, 2.0, (56 + 2 * radius + 0.1, 56.0), 28)) == 0


def test_the_size_says_how_many_dams_there_are():
    found = sizes(np.array([2, 100, 1_000, 10_000, 10**7]))

    assert found[0] == SMALLEST
    assert found[-1] == LARGEST
    assert (np.diff(found) > 3).all()


def test_dams_at_one_place_are_a_cluster_at_every_zoom():
    assert plain([layer([(10.0, 10.0, 0)] * 3)], VIEW, 0.001).count.tolist() == [3]


def test_panning_does_not_move_clusters():
    layers = [crowd(5000)]
    moved = Extent(VIEW.x0 + 37, VIEW.y0 + 11, VIEW.x1 + 37, VIEW.y1 + 11)

    before, after = plain(layers, VIEW, 2.0), plain(layers, moved, 2.0)

    def inner(markers):
        safe = (abs(markers.x) < 600) & (abs(markers.y) < 200)
        return set(zip(markers.x[safe], markers.y[safe], markers.count[safe], strict=True))

    assert inner(before) == inner(after) != set()


def test_zooming_in_splits_clusters():
    layers = [crowd(5000)]

    assert plain(layers, VIEW, 2.0).count.max() > plain(layers, VIEW, 0.5).count.max()


def test_without_dams_there_are_no_markers():
    markers = plain([layer([])], VIEW, 1.0)

    assert (len(markers.rows), len(markers.count)) == (0, 0)


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 30.0])
def test_the_number_of_markers_is_limited_whatever_size_a_browser_reports(scale: float):
    random = np.random.default_rng(8)
    x, y = random.uniform(0, 5e6, 90_000), random.uniform(0, 3e6, 90_000)
    layers = [layer([*zip(x, y, np.zeros(len(x)), strict=True)])]

    for view in (Extent(0, 0, 5e6, 3e6), Extent(-1e20, -1e20, 1e20, 1e20)):
        markers = plain(layers, view, scale)

        assert len(markers.rows) + len(markers.x) <= MAX_CELLS / 20
        assert len(markers.rows) + markers.count.sum() == 90_000
