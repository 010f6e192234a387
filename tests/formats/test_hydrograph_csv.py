"""Reading hydrographs from the files that people have."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dam_inventory.domain.hydrograph import LARGEST, MAX_BYTES, MAX_POINTS, Hydrograph
from dam_inventory.domain.units import METRIC
from dam_inventory.errors import InvalidHydrograph
from dam_inventory.formats.flow_files import tables_of
from dam_inventory.formats.hydrograph_csv import Attempt, attempt, default_name, parse
from tests.files import with_damaged_part, with_far_cell

DATA = Path(__file__).parent.parent / "data/hydrographs"
RISE = [(0.0, 100.0), (1.5, 250.5), (3.0, 120.0)]

numbers = st.floats(-LARGEST, LARGEST)
times = st.lists(st.floats(0, LARGEST), min_size=2, max_size=40, unique=True).map(sorted)
hydrographs = times.flatmap(
    lambda time: st.builds(
        Hydrograph,
        st.just(time),
        st.lists(numbers, min_size=len(time), max_size=len(time)),
    )
)


def points_of(content: bytes | str) -> list[tuple[float, float]]:
    hydrograph = parse(content.encode() if isinstance(content, str) else content)
    return list(zip(hydrograph.time.tolist(), hydrograph.flow.tolist(), strict=True))


def refusal(content: bytes | str, file_name: str = "") -> str:
    with pytest.raises(InvalidHydrograph) as refused:
        parse(content.encode() if isinstance(content, str) else content, file_name)
    return str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", " , ", "; "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("names", ["", "time (hours){}flow (cfs)"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_it_reads_the_formats_that_spreadsheets_write(separator, end, names, mark):
    lines = [names.format(separator)] if names else []
    lines += [f"{time}{separator}{flow}" for time, flow in RISE]

    assert points_of(mark + end.join([*lines, ""])) == RISE


@pytest.mark.parametrize(
    "content",
    [
        "0,100\n1.5,250.5\n3,120",
        '"0","100"\n"1.5", "250.5"\n"3","120"\n',
        "0;100\n1,5;250,5\n3;120\n",
        "0;100\n1,5;250,50\n3,000;120,000\n",
        "\n0,100\n\n1.5,250.5\n , \n3,120\n\n\n,\n",
        "+0,1e2\n.15e1,250.5\n3.,120.0E0\n",
        "\N{NO-BREAK SPACE}0 ,100 \n1.5,\x1f250.5\n3,120",
        'Zeit;"Abfluss; gemessen, roh"\n0;100\n1,5;250,5\n3;120\n',
        '"Time (h; local)",Flow\n0,100\n1.5,250.5\n3,120\n',
        '"time\n(hours)","flow\n(cfs)"\n0,100\n1.5,250.5\n3,120\n',
        ",flow\n0,100\n1.5,250.5\n3,120\n",
        "Infiltration,Nantes\n0,100\n1.5,250.5\n3,120\n",
    ],
    ids=[
        "no end of the last line", "quotes", "decimal commas", "commas that can't be thousands",
        "blank lines", "all ways to write a number", "white space", "names with signs",
        "names with another separator", "names of several lines", "an index without a name",
        "names that begin like no number",
    ],
)  # fmt: skip
def test_it_reads_valid_files(content):
    assert points_of(content) == RISE


def test_flow_may_be_negative():
    assert points_of("0,-5\n1,-2.5\n") == [(0.0, -5.0), (1.0, -2.5)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Hydrograph file is required."),
        ("\ufeff \n\n", "A hydrograph needs at least two points."),
        ("time,flow\n", "A hydrograph needs at least two points."),
        ("0,1\n", "A hydrograph needs at least two points."),
        ("0,1\n1,a lot\n", 'Line 2: "a lot" is not a number.'),
        ("time,flow\n\n0,1\nhours,cfs\n", 'Line 4: "hours" is not a number.'),
        ("time,5\n0,1\n1,2\n", 'Line 1: "time" is not a number.'),
        ("0,1\n1,\n", "A hydrograph needs at least two points."),
        ("0,1\n1,nan\n", "A hydrograph needs at least two points."),
        ("0,1\n,5\n", "Line 2 has no time."),
        ("0,1\n1,-Infinity\n", 'Line 2: "-Infinity" is not a number.'),
        ("nan,inf\n0,1\n1,2\n", 'Line 1: "nan" is not a number.'),
        ("0,1\n1,1_000\n", 'Line 2: "1_000" is not a number.'),
        ("0,1\n1,0x10\n", 'Line 2: "0x10" is not a number.'),
        ("0,1\n1,\uff11\uff10\n", 'Line 2: "\uff11\uff10" is not a number.'),
        ("0,1\n1,1e400\n", "Line 2: A number must be finite and at most 1e+15, but is inf."),
        ("0,1\n2e15,5\n", "Line 2: A number must be finite and at most 1e+15, but is 2e+15."),
        ("0,1\r\n-1,2\r\n", "Line 2: The time must not be negative, but is -1.0."),
        ("0;1,5\n1;2.5\n", 'Line 1: "1,5" is not a number.'),
        ("0;1,000,5\n1;2\n", 'Line 1: "1,000,5" is not a number.'),
        (
            "0\t200\n1\t1,200\n",
            '"1,200" could mean 1200 or 1.200. What is the decimal sign? '
            "The file does not say it. Choices: ., ,.",
        ),
        ('0,1\n1,"2\n', "Line 2 is not valid CSV: unexpected end of data."),
        ('0,1\n1,"2"0\n', "Line 2 is not valid CSV: ',' expected after '\"'."),
    ],
)
def test_it_refuses_invalid_files(content, sentence):
    assert refusal(content) == sentence


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("0\n1\n", "Line 1 has 1 column."),
        ("Line one of a letter\nand the next", "Line 1 has 1 column."),
    ],
)
def test_it_refuses_one_column(content, found):
    assert refusal(content) == (
        f"{found} A hydrograph needs two: time (hours) and flow (cfs), "
        "separated by commas, semicolons, tabs, bars or spaces."
    )


def test_it_refuses_binary_files():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    save_as = "In a spreadsheet, save it as CSV or as an Excel workbook (.xlsx)."

    assert refusal(archive.getvalue(), "flood.xlsx") == (
        f'"flood.xlsx" is not an Excel workbook. {save_as}'
    )
    assert refusal(b"\x89PNG\r\n\x1a\n\0", "a.png") == f'"a.png" is not a text file. {save_as}'


def test_error_messages_quote_only_a_few_printable_characters():
    sentence = refusal(f"0,1\n1,\u202e\x07{'x' * 900}\n")

    assert sentence == f'Line 2: "\ufffd\ufffd{"x" * 37}…" is not a number.'
    assert f'"{"n" * 39}…" is not a text file.' in refusal(b"\0", "n" * 300)


def test_it_accepts_the_maximum_number_of_points_and_not_one_more():
    most = "".join(f"{hour},5\n" for hour in range(MAX_POINTS))

    assert len(points_of(f"time,flow\n{most}")) == MAX_POINTS
    assert refusal(f"time,flow\n{most}{MAX_POINTS},5\n") == (
        "Line 100002: A hydrograph has at most 100,000 points."
    )


def test_it_accepts_the_maximum_file_size_and_not_one_byte_more():
    most = b"0,1\n1,2\n"
    most += (b" " * 999 + b"\n") * ((MAX_BYTES - len(most)) // 1000)
    most += b" " * (MAX_BYTES - len(most))

    assert points_of(most) == [(0.0, 1.0), (1.0, 2.0)]
    assert refusal(most + b" ", "flood.csv") == '"flood.csv" has 10.0 MB; the maximum is 10 MB.'


def test_it_refuses_lines_that_are_too_long_or_too_many():
    assert refusal(b"0,1\n" + b"," * 9_000_000) == "Line 2 has more than 1,000 characters."
    assert refusal(b"0,1\n" + b"\n" * 9_000_000) == "The file has more than 1,000,000 lines."


@given(hydrograph=hydrographs)
def test_a_downloaded_file_reads_back_as_the_same_hydrograph(hydrograph):
    again = parse(hydrograph.to_csv().encode())

    assert again.time.tobytes() == hydrograph.time.tobytes()
    assert again.flow.tobytes() == hydrograph.flow.tobytes()


def test_a_downloaded_file_names_its_columns():
    assert parse(b"0;1\n0,5;2\n").to_csv() == "time (hours),flow (cfs)\n0.0,1.0\n0.5,2.0\n"


@given(content=st.binary() | st.text("019-+.,;e\"'\t\n\r _naif\u0663", max_size=60).map(str.encode))
@example(b"\xef\xbb\xbf")
@example(b'"')
@example(b'0,1\n1,"' + b"x\n" * 100_000)
def test_any_file_is_read_or_refused_with_a_sentence(content):
    try:
        hydrograph = parse(content)
    except InvalidHydrograph:
        return
    assert (np.isfinite(hydrograph.flow) | np.isnan(hydrograph.flow)).all()
    assert hydrograph.time[0] >= 0
    assert (np.diff(hydrograph.time) > 0).all()
    assert len(hydrograph.time) == len(hydrograph.flow) >= 2


def test_a_file_in_metric_units_is_read_back_as_cubic_feet():
    hydrograph = Hydrograph([0.0, 1.0, 2.5], [0.0, 35_000.5, -3.0])

    text = hydrograph.to_csv(METRIC)

    assert text.startswith("time (hours),flow (m³/s)\n0.0,0.0\n1.0,991.103")
    assert parse(text.encode()).flow == pytest.approx(hydrograph.flow, rel=1e-15)


@pytest.mark.parametrize("unit", ["m3/s", "m^3/s", "M³ / S", "cms", "cumecs"])
def test_the_header_may_say_that_the_flow_is_in_cubic_meters(unit: str):
    assert parse(f"time;flow ({unit})\n0;1\n1;2\n".encode()).flow[0] == pytest.approx(35.3146667)


@pytest.mark.parametrize("unit", ["cfs", "ft3/s", "ft³/s", "cubic feet per second", "CFS"])
def test_the_header_may_say_that_the_flow_is_in_cubic_feet(unit: str):
    assert parse(f"time;flow ({unit})\n0;1\n1;2\n".encode()).flow[0] == 1


CASES = {
    "cubic_metres": "Time (h),Flow (m3/s)\n0,10\n1,20\n2,15\n",
    "dates": "datetime,flow_cfs\n2022-04-08 00:00,20600\n2022-04-08 00:15,21000\n",
}


def tried(content: str | bytes, name: str = "flood.csv", **chosen: object) -> Attempt:
    content = content.encode() if isinstance(content, str) else content
    return attempt(tables_of(content, name)[0], name, **chosen)


def test_a_unit_of_the_header_is_converted():
    assert parse(CASES["cubic_metres"].encode()).peak_flow == pytest.approx(706.293, abs=1e-3)


@pytest.mark.parametrize(
    ("heading", "unit", "cfs"),
    [
        ("Q_m3s", "m³/s", 35.3147),
        ("discharge [m^3/s]", "m³/s", 35.3147),
        ("Flow (m3 s-1)", "m³/s", 35.3147),
        ("Cubic meters per second", "m³/s", 35.3147),
        ("X_30208_00000", "m³/s", 35.3147),
        ("Inflow ML/day", "ML/day", 0.408735),
        ("Release (megalitres per day)", "ML/day", 0.408735),
        ("Flow, L/s", "L/s", 0.0353147),
        ("Flow (million gallons per day)", "MGD", 1.54723),
        ("Flow (acre-feet per day)", "acre-ft/day", 0.504167),
        ("Flow (kcfs)", "kcfs", 1000),
        ("Streamflow, ft3/sec", "cfs", 1),
        ("00060 mean", "cfs", 1),
        ("Flow (cu. ft/s)", "cfs", 1),
    ],
)
def test_units_are_known_in_many_spellings(heading: str, unit: str, cfs: float):
    read = tried(f'time (min),"{heading}"\n0,1\n60,2\n').read

    assert read.flow_unit == unit
    assert read.hydrograph.flow.tolist() == pytest.approx([cfs, 2 * cfs], rel=1e-5)
    assert read.hydrograph.time.tolist() == [0, 1]


@pytest.mark.parametrize(
    "content",
    [
        "time,flow\nmin,m3/s\n0,1\n60,2\n",
        "time,flow\n[min],[cms]\n0,1\n60,2\n",
        "# Discharge in m3/s\ntime (min),flow\n0,1\n60,2\n",
        "Station,09990001\nUnit: m3/s\ntime (min),Q\n0,1\n60,2\n",
        "time (min),value,unit_of_measure\n0,1,m^3/s\n60,2,m^3/s\n",
        "time (min),flow\n0,1 m3/s\n60,2 m3/s\n",
        "flow (m3/s);time (s)\n1;0\n2;3600\n",
        "flow (m3/s)\ttime (days)\n1\t0\n2\t0.0416666666666666667\n",
        "time (min),flow (m³/s)\n0,1\n60,2\n".encode("windows-1252"),
        "time (min);flow (m³/s)\n0;1\n60;2\n".encode("utf-16"),
        gzip.compress(b"time (min),flow (m3/s)\n0,1\n60,2\n"),
    ],
    ids=[
        "second line", "second line in brackets", "comment", "line above", "column", "cells",
        "swapped", "swapped, days", "windows-1252", "utf-16", "gzip",
    ],
)  # fmt: skip
def test_what_a_file_says_of_itself_is_used(content):
    read = tried(content).read

    assert read.hydrograph.flow.tolist() == pytest.approx([35.3147, 70.6293], rel=1e-5)
    assert read.hydrograph.time.tolist() == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("content", "name", "part", "said"),
    [
        ("time,flow (furlongs)\n0,1\n1,2\n", "a.csv", "flow_unit", '"flow (furlongs)" has no'),
        ("time,flow (1000 cfs)\n0,1\n1,2\n", "a.csv", "flow_unit", "has no unit that is known"),
        ("time,flow\n0,1\n1,2\n", "inflow_cms.csv", "flow_unit", "of the file says m³/s"),
        ("time (min),flow\n0,1\n1,2\n", "a.csv", "flow_unit", "In which unit is the flow?"),
        ("date,flow\n2022-04-08,1\n2022-04-09,2\n", "a.csv", "flow_unit", "In which unit"),
        ("a,time,flow (cfs)\n1,0,1\n1,1,2\n", "a.csv", "time_unit", "In which unit is the time?"),
        ("time (15 min),flow (cfs)\n0,1\n1,2\n", "a.csv", "time_unit", "has no unit that"),
        ("time (weeks),flow (cfs)\n0,1\n1,2\n", "a.csv", "time_unit", "In which unit"),
        ("d,cfs\n4/8/2022 0:00,1\n4/8/2022 1:00,2\n", "a.csv", "order", '"4/8/2022 0:00" is the'),
        ("time;flow\n0;1,200\n1;1,300\n", "a.csv", "decimal", '"1,200" could mean 1200 or 1.200'),
    ],
)
def test_what_a_file_does_not_say_is_asked_and_never_guessed(content, name, part, said):
    asked = tried(content, name)

    assert asked.read is None
    [question] = asked.open
    assert question.part == part
    assert said in question.sentence
    answered = tried(content, name, answers={part: question.choices[-1]})
    assert answered.open == []
    assert answered.read is not None
    assert tried(content, name, answers={part: "forged"}).read is None
    assert question.sentence in refusal(content, name)


@pytest.mark.parametrize(
    ("first", "second", "start"),
    [
        ("2022-04-08 00:00", "2022-04-08 00:15", "2022-04-08T00:00:00"),
        ("2022-04-08T00:00:00Z", "2022-04-08T00:15:00Z", "2022-04-08T00:00:00+00:00"),
        ("2022-04-08T00:00-05:00", "2022-04-08T00:15-05:00", "2022-04-08T00:00:00-05:00"),
        ("2022-04-08 00:00 EST", "2022-04-08 00:15 EST", "2022-04-08T00:00:00-05:00"),
        ("2022-04-08 00:00 UTC+5:30", "2022-04-08 00:15 UTC+5:30", "2022-04-08T00:00:00+05:30"),
        ("4/18/2022 0:00", "4/18/2022 0:15", "2022-04-18T00:00:00"),
        ("4/18/22 1:00 PM", "4/18/22 1:15 PM", "2022-04-18T13:00:00"),
        ("18/04/2022 12:00 AM", "18/04/2022 12:15 AM", "2022-04-18T00:00:00"),
        ("18.4.2022 0:00", "18.4.2022 0:15", "2022-04-18T00:00:00"),
        ("8-Apr-2022 0:00", "8-Apr-2022 0:15", "2022-04-08T00:00:00"),
        ("20220408 2345", "20220408 24:00", "2022-04-08T23:45:00"),
        ("4/8/2022 23:45", "4/9/2022 0:00", "2022-04-08T23:45:00"),
        ("8/4/2022 23:45", "9/4/2022 0:00", "2022-04-08T23:45:00"),
    ],
)
def test_dates_are_read_in_the_spellings_of_gauges_and_spreadsheets(first, second, start):
    hydrograph = parse(f"time,cfs\n{first},1\n{second},2\n".encode())

    assert hydrograph.start.isoformat() == start
    assert hydrograph.time.tolist() == [0, 0.25]


@pytest.mark.parametrize(
    "content",
    [
        "Date,Time,cfs\n4/18/2022,0:00,1\n4/18/2022,0:15,2\n",
        "Date;Stage;Clock;Flow (cfs)\n2022-04-18;3,1;00:00:00;1\n2022-04-18;3,2;00:15:00;2\n",
        "site,Q (cfs),Time,Date\n1,1,12:00 AM,2022-04-18\n1,2,12:15 AM,2022-04-18\n",
    ],
)
def test_date_and_time_may_have_a_column_each(content):
    hydrograph = parse(content.encode())

    assert hydrograph.start.isoformat() == "2022-04-18T00:00:00"
    assert hydrograph.time.tolist() == [0, 0.25]
    assert hydrograph.flow.tolist() == [1, 2]


@pytest.mark.parametrize("heading", ["time (UTC-7)", "Date and time (MST)", "time -0700 [-07:00]"])
def test_the_header_may_name_the_time_zone(heading):
    hydrograph = parse(f"{heading},cfs\n2022-04-08 00:00,1\n2022-04-08 01:00,2\n".encode())

    assert hydrograph.zone == "UTC-7"


def test_an_unknown_time_zone_is_told():
    content = "time,tz,cfs\n2022-04-08 00:00,XYT,1\n2022-04-08 01:00,XYT,2\n"

    read = tried(content).read

    assert read.hydrograph.start.tzinfo is None
    assert read.notes == ('The time zone "XYT" is not known; times are as the file has them.',)


@pytest.mark.parametrize(
    "sign", ["", "NA", "n/a", "NaN", "null", "-", "***", "Ice", "Eqp", "#N/A", "-9999", "-999999.0"]
)
def test_signs_for_a_missing_value_are_gaps(sign):
    read = tried(f"time,flow (cfs)\n0,1\n1,{sign}\n2,3\n").read

    assert np.isnan(read.hydrograph.flow).tolist() == [False, True, False]
    assert read.hydrograph.missing == 1
    assert read.notes == ((f'Taken as missing: "{sign}" (1).',) if sign else ())


def test_a_reverse_flow_is_not_a_sign_for_a_missing_value():
    assert parse(b"0,-999\n1,-998\n2,5\n").flow.tolist() == [-999, -998, 5]


def test_a_sign_for_a_missing_value_may_have_a_decimal_comma():
    read = tried("time (hours);flow (cfs)\n0;1,5\n1;-999,0\n2;2,5\n").read

    assert np.isnan(read.hydrograph.flow).tolist() == [False, True, False]
    assert read.notes == ('Taken as missing: "-999,0" (1).',)


@pytest.mark.parametrize(
    ("content", "flow"),
    [
        ("time (hours),flow (cfs)\n0,1.234\n1,n.a.\n2,2.345\n", [1.234, 2.345]),
        ("time (hours),flow (cfs)\n0,12.5\n1,..\n2,13.5\n", [12.5, 13.5]),
        ("datetime;flow (cfs)\n13.04.2022 00:00;1.234\n13.04.2022 00:15;2.345\n", [1.234, 2.345]),
        ("datetime,flow (cfs)\n13.04.2022 00:00,12.5\n13.04.2022 00:15,13.5\n", [12.5, 13.5]),
        ('date,flow (cfs)\n"4/13/2022, 1:00 AM",1.234\n"4/13/2022, 2:00 AM",2.5\n', [1.234, 2.5]),
        ("t;flow (cfs)\n2022-04-08 00:00:00.000;0,5\n2022-04-08 00:15:00.000;1,5\n", [0.5, 1.5]),
    ],
)  # fmt: skip
def test_dates_and_words_for_missing_do_not_tell_the_decimal_sign(content, flow):
    found = tried(content).read.hydrograph.flow

    assert found[~np.isnan(found)].tolist() == flow


@pytest.mark.parametrize("time", ["13.04.2022 00:00", "2022-04-08 00:00:00.000"])
def test_the_decimal_sign_is_asked_whatever_the_dates_have(time):
    asked = tried(f"date;flow (cfs)\n{time};1,200\n{time.replace('00:00', '01:00', 1)};1,300\n")

    assert [one.part for one in asked.open] == ["decimal"]
    assert '"1,200" could mean' in asked.open[0].sentence


@pytest.mark.parametrize(
    ("content", "time", "flow"),
    [
        ("# time (min),flow (cfs)\n0,1\n15,2\n30,3\n", [0, 0.25, 0.5], [1, 2, 3]),
        ("# flow (cfs),time (hours)\n100,0\n200,1\n300,2\n", [0, 1, 2], [100, 200, 300]),
        ("# run 7\n# time_min flow_cfs\n0.0 1.0\n15.0 2.0\n30.0 3.0\n", [0, 0.25, 0.5], [1, 2, 3]),
        ("# flow in cfs, at gauge 5\n0,1\n1,2\n2,3\n", [0, 1, 2], [1, 2, 3]),
    ],
)  # fmt: skip
def test_headings_may_stand_in_a_comment_above_the_values(content, time, flow):
    read = tried(content).read.hydrograph

    assert read.time.tolist() == time
    assert read.flow.tolist() == flow


def test_a_unit_behind_a_number_that_is_not_that_of_the_column_is_refused():
    rows = "".join(f"{n},{n} cfs\n" for n in range(999))

    assert refusal("time (hours),flow (cfs)\n0,1 m3/s\n1,2 m3/s\n") == (
        'Line 2: "1 m3/s" is not in cfs.'
    )
    assert refusal(f"time (hours),flow\n{rows}999,7 m3/s\n") == (
        'Line 1001: "7 m3/s" is not in cfs.'
    )


def test_times_in_minutes_and_seconds_are_refused():
    sentence = refusal("time (min:sec),flow (cfs)\n0:00,1\n0:30,2\n1:00,3\n")

    assert sentence.endswith("Write the times as hours, minutes and seconds, such as 0:01:30.")


@pytest.mark.parametrize(
    ("content", "flow"),
    [
        ('time,flow\n0,"1,562.5"\n1,"12,000"\n', [1562.5, 12000]),
        ('time,flow\n0,"1,562"\n1,"30,237,000"\n', [1562, 30_237_000]),
        ("time;flow\n0;1.562,5\n1;12\n", [1562.5, 12]),
        ("time;flow\n0;1 562,5\n1;12\n", [1562.5, 12]),
        ("time;flow\n0;1'562.5\n1;12\n", [1562.5, 12]),
        ("time\tflow\n0\t1.562.000\n1\t12\n", [1_562_000, 12]),
    ],
)
def test_thousands_separators_and_decimal_commas_are_read(content, flow):
    assert parse(content.encode()).flow.tolist() == flow


@pytest.mark.parametrize(
    "content",
    [
        "time (hours)|flow (cfs)\n0|120\n1|240.5\n",
        "0 120\n1 240.5\n",
        "  0   120\n  1   240.5\n",
        "time  flow\n   0   120\n   1 240.5\n",
        "time (hours)    flow (cfs)\n0    120\n1  240.5\n",
        "# a model's output\nhours cfs\n0.0 1.2e2\n1.0 2.405e2\n",
    ],
)
def test_bars_or_spaces_may_separate_the_columns(content):
    found = parse(content.encode())
    assert found.time.tolist() == [0, 1]
    assert found.flow.tolist() == [120, 240.5]


def test_spaces_may_separate_date_time_and_flow():
    content = "date       time   flow (cfs)\n2022-04-08 00:00  120\n2022-04-08 00:15  240\n"
    found = parse(content.encode())
    assert found.time.tolist() == [0, 0.25]
    assert found.start == dt.datetime(2022, 4, 8)


def test_rows_are_sorted_and_repeated_ones_left_out_and_both_are_told():
    read = tried("time,flow\n2,3\n0,1\n1,2\n1,2\n").read

    assert read.hydrograph.time.tolist() == [0, 1, 2]
    assert read.notes == ("The rows are sorted by time.", "1 repeated row left out.")


def test_one_time_with_two_flows_is_refused_with_both_lines():
    assert refusal("time,flow\n0,1\n1,2\n1,3\n").startswith(
        "Line 4 has the time of line 3, but another flow."
    )


def test_another_column_can_be_chosen():
    content = "time (h),inflow (cfs),outflow (m3/s)\n0,1,10\n1,2,20\n"

    assert tried(content).reading.flow == 1
    assert tried(content, flow=2).read.hydrograph.flow[0] == pytest.approx(353.147, abs=1e-3)
    with pytest.raises(InvalidHydrograph, match="two different columns"):
        tried(content, time=1, flow=1)


def test_times_of_day_that_begin_again_are_refused():
    content = "time,flow\n23:30,1\n23:45,2\n0:00,3\n"

    assert refusal(content).startswith("Line 4: The times begin again at 0:00.")
    assert parse(b"time,flow\n23:30,1\n24:00,2\n25:30,3\n").time.tolist() == [23.5, 24, 25.5]


def test_the_summary_says_what_the_file_says():
    rows = "".join(
        f"2022-04-{8 + i // 96:02} {i // 4 % 24:02}:{i % 4 * 15:02},{i}\n" for i in range(400)
    )
    read = tried(f"datetime (EST),Flow (m3/s)\n{rows}2022-04-12 05:00,NA\n").read

    assert read.in_words() == (
        "15-minute values, 2022-04-08 to 2022-04-12, UTC-5, m³/s shown as cfs, 1 value missing."
    )
    assert read.in_words(METRIC).endswith("UTC-5, m³/s, 1 value missing.")
    assert tried("0,1\n2,3\n").read.in_words() == "2-hour values, 0 to 2 hours, cfs."


def test_a_year_of_15_minute_values_is_read():
    start = dt.datetime(2021, 1, 1)
    rows = "".join(
        f"{start + dt.timedelta(minutes=15 * i):%m/%d/%Y %H:%M},{i % 97}\n" for i in range(35_040)
    )

    hydrograph = parse(f"datetime,cfs\n{rows}".encode())

    assert hydrograph.time.size == 35_040
    assert hydrograph.at(float(hydrograph.time[-1])) == dt.datetime(2021, 12, 31, 23, 45)


def test_a_download_with_dates_and_gaps_reads_back_the_same():
    start = dt.datetime(2022, 4, 8, 0, 15, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    hydrograph = Hydrograph([0, 0.25, 1], [1.5, np.nan, 2], start)

    text = hydrograph.to_csv()

    assert text == (
        "datetime (UTC-5),flow (cfs)\n2022-04-08 00:15:00,1.5\n2022-04-08 00:30:00,\n"
        "2022-04-08 01:15:00,2.0\n"
    )
    again = parse(text.encode())
    assert again.start == start
    assert again.start.utcoffset() == start.utcoffset()
    assert np.array_equal(again.flow, hydrograph.flow, equal_nan=True)
    assert again.time.tolist() == hydrograph.time.tolist()


def test_an_excel_workbook_is_read_with_its_units_and_gaps():
    content = (DATA / "inflow.xlsx").read_bytes()

    [table] = tables_of(content, "inflow.xlsx")
    read = attempt(table, "inflow.xlsx").read

    assert read.in_words() == (
        "15-minute values, 2022-04-08 to 2022-04-09, UTC-5, m³/s shown as cfs, 2 values missing."
    )
    assert read.hydrograph.peak_flow == pytest.approx(1412.59, abs=0.01)
    assert default_name("C:\\floods\\inflow.xlsx", table) == "inflow Inflow"


def test_a_workbook_without_its_reader_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)

    assert 'pip install "dam-inventory[formats]"' in refusal(
        (DATA / "inflow.xlsx").read_bytes(), "inflow.xlsx"
    )


def test_a_packed_file_may_not_be_a_bomb():
    bomb = gzip.compress(b"0,1\n" * 30_000_000, 9)

    assert refusal(bomb, "b.gz") == '"b.gz" has more than 100 MB unpacked.'
    assert refusal(gzip.compress(b"0,1\n1,2\n")[:-9], "b.gz").startswith('"b.gz" ends too early')


def test_a_packed_file_may_have_several_parts():
    parts = gzip.compress(b"time,flow (cfs)\n0,1\n1,2\n") + gzip.compress(b"2,3\n3,4\n")

    assert points_of(parts) == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_workbook_with_a_cell_far_away_is_refused_before_it_is_read():
    content = with_far_cell(DATA / "inflow.xlsx")

    assert "row 1,048,576 and column 16,384" in refusal(content, "inflow.xlsx")
    damaged = with_damaged_part(DATA / "inflow.xlsx")
    assert refusal(damaged, "inflow.xlsx").startswith('"inflow.xlsx" is not an Excel workbook.')


def test_a_row_with_more_cells_than_headings_is_refused():
    assert refusal("0,1\n\n1,2,3\n") == "Line 3 has 3 columns, but line 1 has 2."
    assert points_of("time,flow\n0,1,,\n1,2,\n") == [(0, 1), (1, 2)]


def test_the_end_of_the_last_day_of_all_is_not_a_date():
    content = "datetime,flow (cfs)\n2022-04-08 00:00,1\n9999-12-31 24:00,2\n"
    assert refusal(content) == 'Line 3: "9999-12-31 24:00" is not a date with a time.'
