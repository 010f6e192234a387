"""Reading the RDB files of the US Geological Survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dam_inventory.errors import InvalidHydrograph
from dam_inventory.formats.flow_files import tables_of
from dam_inventory.formats.hydrograph_csv import attempt, parse

DATA = Path(__file__).parent.parent / "data/hydrographs"
GAUGE = (DATA / "gauge.rdb").read_bytes()

NAMES = "agency_cd\tsite_no\tdatetime\ttz_cd\t1_00060\t1_00060_cd\n5s\t15s\t20d\t6s\t14n\t10s\n"


def rows(site: str, *flows: str, zone: str = "EST") -> str:
    return "".join(
        f"USGS\t{site}\t2022-04-08 0{hour}:00\t{zone}\t{flow}\tP\n"
        for hour, flow in enumerate(flows)
    )


def test_a_gauge_is_read_with_codes_as_gaps_and_its_clock_set_back():
    read = attempt(tables_of(GAUGE, "gauge.rdb")[0], "gauge.rdb").read

    flow = read.hydrograph.flow
    assert np.isnan(flow).tolist() == [False, False, *[True] * 4, False, False, False, True]
    assert flow[[0, 7, 8]].tolist() == [86.4, 1310, 95.5]
    assert np.diff(read.hydrograph.time).tolist() == [0.25] * 9
    assert read.in_words() == "15-minute values, 2021-11-07, UTC-6, cfs, 5 values missing."
    assert read.notes == (
        "The time zone changes within the file; all times are in UTC-6.",
        'Taken as missing: "Ice" (2), "Eqp" (1), "***" (1).',
    )


def test_the_discharge_comes_before_the_gage_height_and_each_series_can_be_chosen():
    [table] = tables_of(GAUGE, "gauge.rdb")

    first = attempt(table, "gauge.rdb").reading
    assert table.headings[first.flow] == "Discharge, cubic feet per second (21001_00060)"
    metric = attempt(table, "gauge.rdb", flow=8)
    assert metric.read.flow_unit == "m³/s"
    height = attempt(table, "gauge.rdb", flow=4)
    assert [one.part for one in height.open] == ["flow_unit"]


def test_several_gauges_in_a_file_are_told_apart():
    text = f"# two\n{NAMES}{rows('01', '1', '2')}# next\n{NAMES}{rows('02', '3', '4')}"

    first, second = tables_of(text.encode(), "two.rdb")

    assert (first.name, second.name) == ("01", "02")
    assert attempt(second, "two.rdb").read.hydrograph.flow.tolist() == [3, 4]


@pytest.mark.parametrize("code", ["Ssn", "Bkw", "Dis", "Mnt", "--", "Rat_abc", "<0.01"])
def test_any_code_is_a_gap(code):
    hydrograph = parse(f"# one\n{NAMES}{rows('01', '1', code, '3')}".encode())

    assert np.isnan(hydrograph.flow).tolist() == [False, True, False]


def test_daily_values_have_dates_without_times():
    names = "site_no\tdatetime\t7_00060_00003\t7_00060_00003_cd\n15s\t20d\t14n\t10s\n"
    text = f"#  7  00060  00003  Discharge, cubic feet per second (Mean)\n{names}" + "".join(
        f"01\t2022-04-0{day}\t{day}0\tA\n" for day in range(1, 4)
    )

    read = attempt(tables_of(text.encode(), "dv.rdb")[0], "dv.rdb").read

    assert read.in_words().startswith("Daily values, 2022-04-01 to 2022-04-03")
    assert read.hydrograph.flow.tolist() == [10, 20, 30]


def test_a_gauge_without_values_is_refused():
    with pytest.raises(InvalidHydrograph, match=r'^"empty.rdb" has no values.$'):
        parse(f"# none\n{NAMES}".encode(), "empty.rdb")


def test_a_row_with_too_many_cells_names_its_line():
    with pytest.raises(InvalidHydrograph, match=r"^Line 4 has 7 columns"):
        parse(f"# one\n{NAMES}{rows('01', '1')[:-1]}\textra\n".encode())
