"""Downsample a hydrograph to as many points as a screen can show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.hydrograph import MAX_POINTS, Hydrograph
from dam_inventory.views.hydrograph.downsample import thinned

times = st.lists(st.floats(0, 1e15), min_size=2, max_size=80, unique=True).map(sorted)
hydrographs = times.flatmap(
    lambda time: st.builds(
        Hydrograph,
        st.just(time),
        st.lists(
            st.integers(-3, 3) | st.floats(-1e15, 1e15), min_size=len(time), max_size=len(time)
        ),
    )
)


def long_hydrograph(points: int = MAX_POINTS) -> Hydrograph:
    """A flood of an hour in noise, with steps of unequal length."""
    random = np.random.default_rng(1)
    time = np.cumsum(random.uniform(0.001, 0.02, points))
    flood = 5000 * np.exp(-((time - 400) ** 2))
    return Hydrograph(time, flood + random.uniform(0, 100, points))


def columns_of_pixels(time: np.ndarray, flow: np.ndarray, hours: tuple[float, float], width: int):
    """Return the lowest and the highest point of a line in each column of pixels."""
    edges = np.linspace(*hours, width + 1)
    at_edges = np.interp(edges, time, flow)
    low, high = np.minimum(at_edges[:-1], at_edges[1:]), np.maximum(at_edges[:-1], at_edges[1:])
    column = np.clip(np.searchsorted(edges, time, side="right") - 1, 0, width - 1)
    np.minimum.at(low, column, flow)
    np.maximum.at(high, column, flow)
    return low, high


@given(hydrograph=hydrographs, most=st.integers(6, 90))
def test_it_keeps_few_points_and_always_the_peak(hydrograph, most):
    time, flow = thinned(hydrograph, most)

    assert len(time) == len(flow) <= most
    kept = np.isin(hydrograph.time, time)
    assert (hydrograph.time[kept] == time).all()
    assert (hydrograph.flow[kept] == flow).all()
    assert (time[0], time[-1]) == (hydrograph.time[0], hydrograph.time[-1])
    assert flow.min() == hydrograph.flow.min()
    peak = flow.argmax()
    assert (time[peak], flow[peak]) == (hydrograph.time_to_peak, hydrograph.peak_flow)


@given(hydrograph=hydrographs)
def test_it_keeps_all_points_when_they_are_few(hydrograph):
    time, flow = thinned(hydrograph, max(6, len(hydrograph.time)))

    assert (time == hydrograph.time).all()
    assert (flow == hydrograph.flow).all()


@given(
    hydrograph=hydrographs,
    most=st.integers(6, 90),
    start=st.floats() | st.floats(0, 1e15),
    end=st.floats() | st.floats(0, 1e15),
)
def test_a_view_keeps_the_extremes_of_what_is_in_it(hydrograph, most, start, end):
    time, flow = thinned(hydrograph, most, start, end)

    assert len(time) == len(flow) <= most
    inside = (hydrograph.time >= start) & (hydrograph.time <= end)
    if inside.any():
        kept = flow[(time >= start) & (time <= end)]
        assert kept.max() == hydrograph.flow[inside].max()
        assert kept.min() == hydrograph.flow[inside].min()


def test_no_pixel_of_the_line_changes():
    hydrograph = long_hydrograph()
    hours = (hydrograph.time[0], hydrograph.time[-1])

    few = thinned(hydrograph, 4 * 800)

    assert len(few[0]) <= 3200
    whole = columns_of_pixels(hydrograph.time, hydrograph.flow, hours, 800)
    # Where a line leaves a column it lies between two kept points: equal except for rounding.
    assert np.allclose(columns_of_pixels(*few, hours, 800), whole, rtol=1e-9)


def test_a_view_of_few_points_shows_all_of_them_and_their_neighbors():
    hydrograph = Hydrograph(range(1000), np.arange(1000) % 7)

    time, flow = thinned(hydrograph, 100, 500.5, 510)

    assert time.tolist() == [float(hour) for hour in range(500, 512)]
    assert (flow == np.arange(500, 512) % 7).all()


@pytest.mark.parametrize("most", [6, 7, 8, 12, 99, 400])
def test_the_neighbors_of_a_view_count_toward_the_limit(most):
    hydrograph = long_hydrograph(2000)
    start, end = hydrograph.time[[10, -10]]

    time, _ = thinned(hydrograph, most, start, end)

    assert most / 2 < len(time) <= most
    assert (time[0], time[-1]) == tuple(hydrograph.time[[9, -9]])


def test_distant_neighbors_do_not_make_a_view_coarser():
    hydrograph = Hydrograph([0.0, *np.linspace(1e6, 1e6 + 1, 500), 2e6], np.arange(502) % 5)

    time, _ = thinned(hydrograph, 102, 1e6, 1e6 + 1)

    assert len(time) > 60
    assert (time[0], time[-1]) == (0.0, 2e6)


@pytest.mark.parametrize(("start", "end"), [(5, 3), (math.nan, math.nan), (math.inf, -math.inf)])
def test_an_invalid_view_does_no_harm(start, end):
    hydrograph = long_hydrograph(50)

    assert len(thinned(hydrograph, 10, start, end)[0]) <= 10
