"""Hydrographs whose times are those of a region, such as America/Denver."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from dam_inventory.errors import InvalidHydrograph
from dam_inventory.formats.flow_files import tables_of
from dam_inventory.formats.hydrograph_csv import ReadHydrograph, attempt, parse

DENVER = ZoneInfo("America/Denver")
SET_BACK = dt.datetime(2022, 11, 6, 5, tzinfo=dt.UTC)
SET_FORWARD = dt.datetime(2022, 3, 13, 7, tzinfo=dt.UTC)


def clocks(start: dt.datetime, minutes: int = 15, count: int = 32) -> list[str]:
    """Return what a clock in Denver shows, at even steps."""
    moments = (start + dt.timedelta(minutes=minutes * i) for i in range(count))
    return [f"{moment.astimezone(DENVER):%Y-%m-%d %H:%M}" for moment in moments]


def file_of(times: list[str], heading: str = "time (America/Denver)", above: str = "") -> bytes:
    rows = "".join(f"{time},{flow}\n" for flow, time in enumerate(times, 1))
    return f"{above}{heading},cfs\n{rows}".encode()


def read_of(content: bytes) -> ReadHydrograph:
    read = attempt(tables_of(content, "flood.csv")[0], "flood.csv").read
    assert read is not None
    return read


def refusal(times: list[str]) -> str:
    with pytest.raises(InvalidHydrograph) as refused:
        parse(file_of(times))
    return str(refused.value)


def hours_of(content: bytes) -> list[float]:
    return read_of(content).hydrograph.time.tolist()


@pytest.mark.parametrize(
    "content",
    [
        file_of(["2022-04-08 00:00", "2022-04-08 00:15"]),
        file_of(["2022-04-08 00:00", "2022-04-08 00:15"], "time [america/denver]"),
        file_of(["2022-04-08 00:00", "2022-04-08 00:15"], "time (US/Mountain: MST/MDT)"),
        file_of(["2022-04-08 00:00", "2022-04-08 00:15"], "time", "# Time zone: America/Denver\n"),
        file_of(["2022-04-08 00:00", "2022-04-08 00:15"], "time", "Time zone,America/Denver\n"),
        file_of(["2022-04-08 00:00", "2022-04-08 00:15"], "time", "Teal Creek (America/Denver)\n"),
        file_of(["2022-04-08 00:00 America/Denver", "2022-04-08 00:15 America/Denver"], "time"),
        file_of(["4/18/2022 12:00 AM MST7MDT", "4/18/2022 12:15 AM MST7MDT"], "time"),
        file_of(["2022-04-08T00:00[America/Denver]", "2022-04-08T00:15[America/Denver]"], "time"),
        file_of(["2022-04-08T00:00-06:00[America/Denver]",
                 "2022-04-08T00:15-06:00[America/Denver]"], "time"),
        file_of(["2022-04-08 00:00 Etc/GMT+6", "2022-04-08 00:15 Etc/GMT+6"], "time"),
        file_of(["2022-04-08 00:00,America/Denver", "2022-04-08 00:15,America/Denver"], "time,tz"),
        file_of(["2022-04-08,00:00", "2022-04-08,00:15"], "date,time (America/Denver)"),
        file_of(["2022-04-08,00:00 America/Denver", "2022-04-08,00:15 America/Denver"],
                "date,time"),
        b"time,flow\n(America/Denver),(cfs)\n2022-04-08 00:00,1\n2022-04-08 00:15,2\n",
    ],
    ids=[
        "heading", "small letters", "with abbreviations", "comment", "line above",
        "words above", "beside the time", "a region without a slash", "in brackets",
        "with an offset", "the opposite sign of Etc", "column", "heading of the times",
        "beside a time in its own column", "line of units",
    ],
)  # fmt: skip
def test_a_region_may_be_named_wherever_an_offset_may(content):
    read = read_of(content)

    assert read.hydrograph.zone == "UTC-6"
    assert read.hydrograph.time.tolist() == [0, 0.25]
    assert read.notes == ()


def test_the_summary_names_the_region_and_its_offset():
    assert read_of(file_of(clocks(SET_FORWARD, count=4))).in_words() == (
        "15-minute values, 2022-03-13, America/Denver (UTC-7), cfs."
    )


@pytest.mark.parametrize("start", [SET_BACK, SET_FORWARD])
@pytest.mark.parametrize("minutes", [5, 15, 30, 60, 1440])
@pytest.mark.parametrize("order", [1, -1])
def test_readings_stay_evenly_spaced_when_the_clock_is_set(start, minutes, order):
    read = read_of(file_of(clocks(start, minutes, 40)[::order]))

    steps = [i * minutes / 60 for i in range(40)]
    assert read.hydrograph.time.tolist() == pytest.approx(steps, abs=1e-9)
    assert read.hydrograph.at(0).astimezone(dt.UTC) == start
    assert any("The time zone changes within the file" in note for note in read.notes)


def test_both_hours_of_a_night_may_have_gaps():
    times = clocks(SET_BACK)
    kept = [time for i, time in enumerate(times) if i not in (9, 10, 14)]

    assert hours_of(file_of(kept)) == [i / 4 for i in range(32) if i not in (9, 10, 14)]


@pytest.mark.parametrize(("first", "last"), [(9, 32), (9, 12), (0, 11), (13, 32)])
def test_a_file_may_begin_or_end_within_the_repeated_hour(first, last):
    times = clocks(SET_BACK)[first:last]
    if (first, last) == (9, 12):
        assert "is there twice in America/Denver" in refusal(times)
        return
    read = read_of(file_of(times))

    assert read.hydrograph.time.tolist() == [i / 4 for i in range(last - first)]
    assert read.hydrograph.at(0).astimezone(dt.UTC) == SET_BACK + dt.timedelta(hours=first / 4)


def test_an_hour_that_is_there_once_or_out_of_order_is_refused():
    times = clocks(SET_BACK)
    once = list(dict.fromkeys(times))
    mixed = [times[1], times[0], *times[2:]]

    for found in (once, mixed):
        assert refusal(found) == (
            'Line 10: "2022-11-06 01:00" is there twice in America/Denver, where the clock was set '
            "back, and the rows around it do not tell which one is meant. Write UTC-6 or UTC-7 "
            "behind it."
        )


def test_an_offset_behind_the_time_tells_which_hour_is_meant():
    times = [f"2022-11-06 {time}" for time in ("00:00", "01:00 UTC-7", "02:00")]

    assert hours_of(file_of(times)) == [0, 2, 3]


def test_a_time_that_the_clock_skipped_is_refused():
    assert refusal(["2022-03-13 01:30", "2022-03-13 02:00", "2022-03-13 03:30"]) == (
        'Line 3: "2022-03-13 02:00" does not exist in America/Denver, where the clock was set '
        "forward. If the clock of the gauge is never set, replace America/Denver by UTC-7."
    )


def test_an_offset_that_is_not_that_of_its_region_is_taken_and_told():
    times = [f"2022-04-08T0{hour}:00-07:00[America/Denver]" for hour in range(3)]
    read = read_of(file_of(times, "time"))

    assert read.hydrograph.zone == "UTC-7"
    assert read.notes == (
        "Line 2 is not at UTC-7 in America/Denver. The offset is taken, not the region; so it is "
        "in 3 rows.",
    )
    assert "America/Denver" not in read.in_words()


def test_an_unknown_region_is_told():
    read = read_of(file_of(["2022-04-08 00:00 America/Atlantis", "2022-04-08 01:00"], "time"))

    assert read.hydrograph.start == dt.datetime(2022, 4, 8)
    assert read.notes == (
        'The time zone "America/Atlantis" is not known; times are as the file has them.',
    )


@pytest.mark.parametrize("times", [["0001-01-01 00:00", "0001-01-02 00:00"],
                                   ["9999-12-31 22:00", "9999-12-31 23:00"]])  # fmt: skip
def test_a_date_at_the_end_of_all_dates_is_refused(times):
    assert "between the years 2 and 9998" in refusal([*times, "2022-04-08 01:00"])
