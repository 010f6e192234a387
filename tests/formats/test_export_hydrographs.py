"""Hydrographs as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.formats import hydrograph_csv
from dam_inventory.formats.export_hydrographs import OfDam
from dam_inventory.formats.exports import hydrographs

START = dt.datetime(2022, 4, 8, 6, 15, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
GAP = math.nan


def exported(*found: OfDam) -> bytes:
    return b"".join(hydrographs(found))


def test_each_point_is_a_line_with_its_dam() -> None:
    first = OfDam(3, "=Heron", Hydrograph([0, 0.25, 1], [1, GAP, 5.5], START, "Flood"))
    second = OfDam(4, "Ibis Pond", Hydrograph([0, 2], [0, -1]))
    text = exported(first, second).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["dam_id", "dam_name", "hydrograph", "datetime", "hours", "flow_cfs"],
        ["3", "'=Heron", "Flood", "2022-04-08T06:15:00-05:00", "0.0", "1.0"],
        ["3", "'=Heron", "Flood", "2022-04-08T06:30:00-05:00", "0.25", ""],
        ["3", "'=Heron", "Flood", "2022-04-08T07:15:00-05:00", "1.0", "5.5"],
        ["4", "Ibis Pond", "Hydrograph", "", "0.0", "0.0"],
        ["4", "Ibis Pond", "Hydrograph", "", "2.0", "-1.0"],
    ]


def assert_same(mine: Hydrograph, its: Hydrograph) -> None:
    assert mine.time.tolist() == its.time.tolist()
    np.testing.assert_array_equal(mine.flow, its.flow)
    assert mine.start == its.start
    assert mine.zone == its.zone


zones = st.integers(-12 * 4, 14 * 4).map(lambda q: dt.timezone(dt.timedelta(minutes=15 * q)))
starts = st.none() | st.datetimes(
    dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=st.none() | zones
).map(lambda one: one.replace(second=0, microsecond=0))
flows = st.floats(-1e6, 1e6) | st.sampled_from([GAP, -999.0, -9999.99, -999999.0])


@st.composite
def hydrographs_of_files(draw: st.DrawFn) -> Hydrograph:
    """Draw a hydrograph as a file has it: dates begin at hour 0, to the microsecond."""
    start = draw(starts)
    micro = sorted(draw(st.sets(st.integers(1, 10**12), min_size=2, max_size=8)))
    hours = np.array([0, *micro]) / 3_600_000_000
    flow = draw(st.lists(flows, min_size=len(hours), max_size=len(hours)))
    flow[:2] = 1.5, 2.5
    return Hydrograph(hours, flow, start)


@settings(max_examples=80, deadline=None)
@given(hydrographs_of_files())
def test_one_hydrograph_is_read_back_as_it_is(hydrograph: Hydrograph) -> None:
    text = hydrograph.to_csv().encode()
    assert_same(hydrograph_csv.parse(text, "hydrograph.csv"), hydrograph)


@settings(max_examples=80, deadline=None)
@given(hydrographs_of_files())
def test_the_only_hydrograph_of_an_export_is_read_back_as_it_is(hydrograph: Hydrograph) -> None:
    data = exported(OfDam(3, "Heron Lake", hydrograph))
    assert_same(hydrograph_csv.parse(data, "hydrographs.csv"), hydrograph)
