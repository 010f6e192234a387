"""Hydrograph: checked arrays of time and flow."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.hydrograph import LARGEST, MAX_POINTS, Hydrograph, checked_name
from dam_inventory.errors import InvalidHydrograph

numbers = st.floats(-LARGEST, LARGEST)
times = st.lists(st.floats(0, LARGEST), min_size=2, max_size=40, unique=True).map(sorted)
hydrographs = times.flatmap(
    lambda time: st.builds(
        Hydrograph,
        st.just(time),
        st.lists(numbers, min_size=len(time), max_size=len(time)),
    )
)


def test_volume_is_the_area_under_the_flow_curve():
    # A triangle of 1,210 cfs over 20 hours: half of 1,210 * 20 * 3,600 / 43,560.
    triangle = Hydrograph([0.0, 5.0, 20.0], [0.0, 1210.0, 0.0])

    assert triangle.volume == pytest.approx(1000)
    assert (triangle.peak_flow, triangle.time_to_peak) == (1210.0, 5.0)


def test_volume_weights_each_interval_by_its_length():
    assert Hydrograph([10, 11, 15], [12.1, 12.1, 12.1]).volume == pytest.approx(5)


def test_the_first_of_equal_peaks_is_the_peak():
    assert Hydrograph([1, 2, 3, 4], [0, 7, 7, 0]).time_to_peak == 2.0


@given(hydrograph=hydrographs)
def test_every_hydrograph_has_finite_statistics(hydrograph):
    figures = [hydrograph.peak_flow, hydrograph.time_to_peak, hydrograph.volume]

    assert np.isfinite(figures).all()
    assert hydrograph.peak_flow in hydrograph.flow
    assert hydrograph.time_to_peak in hydrograph.time


def test_a_hydrograph_is_read_only():
    time = np.array([0.0, 1.0])
    hydrograph = Hydrograph(time, time)
    time[1] = -1

    assert hydrograph.time.tolist() == hydrograph.flow.tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        hydrograph.flow[0] = 5


@pytest.mark.parametrize(
    ("time", "flow", "sentence"),
    [
        ([], [], "A hydrograph needs at least two points."),
        ([0, 1], [5], "A hydrograph needs the same number of times and flows."),
        ([[0, 1]], [[5, 6]], "A hydrograph needs the same number of times and flows."),
        ([0, 0], [5, 6], "Point 2: The time must increase, but 0.0 comes after 0.0."),
        ([0, np.nan], [5, 6], "Point 2: A number must be finite and at most 1e+15, but is nan."),
        ([0, 1], [5, np.inf], "Point 2: A number must be finite and at most 1e+15, but is inf."),
        ([0, 1, 2], [5, np.nan, np.nan], "A hydrograph needs at least two points."),
        (range(MAX_POINTS + 1),) * 2 + ("A hydrograph has at most 100,000 points.",),
    ],
)
def test_invalid_arrays_are_refused(time, flow, sentence):
    with pytest.raises(InvalidHydrograph) as refused:
        Hydrograph(time, flow)

    assert str(refused.value) == sentence


def test_a_missing_value_is_a_gap_in_volume_and_never_the_peak():
    # Two intervals of an hour with 12.1 cfs, 1 acre-foot each; two more touch the gap.
    hydrograph = Hydrograph([0, 1, 2, 3, 4], [12.1, 12.1, np.nan, 12.1, 12.1])

    assert hydrograph.volume == pytest.approx(2)
    assert (hydrograph.missing, hydrograph.peak_flow, hydrograph.time_to_peak) == (1, 12.1, 0)
    assert Hydrograph([0, 1, 2], [np.nan, 3, 5]).time_to_peak == 2


def test_the_date_of_an_hour_keeps_the_time_zone_of_the_start():
    start = dt.datetime(2022, 4, 8, 23, 45, tzinfo=dt.timezone(dt.timedelta(hours=-5.5)))
    hydrograph = Hydrograph([0, 0.5], [1, 2], start)

    assert hydrograph.at(0.5).isoformat() == "2022-04-09T00:15:00-05:30"
    assert hydrograph.zone == "UTC-5:30"
    assert Hydrograph([0, 1], [1, 2]).at(1) is None


def test_dates_that_no_calendar_has_are_refused():
    with pytest.raises(InvalidHydrograph, match="between the years 2 and 9998"):
        Hydrograph([0, 1e14], [1, 2], dt.datetime(2022, 4, 8))


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\u202eb"])
def test_a_name_that_is_empty_too_long_or_not_shown_is_refused(name):
    with pytest.raises(InvalidHydrograph, match="name"):
        checked_name(name)
