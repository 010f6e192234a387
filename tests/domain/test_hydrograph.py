"""Parsing an uploaded file into a checked hydrograph."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dam_inventory.domain.hydrograph import LARGEST, MAX_BYTES, MAX_POINTS, Hydrograph, parse
from dam_inventory.domain.units import METRIC
from dam_inventory.errors import InvalidHydrograph

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
        ("time,flow\nhours,cfs\n0,1\n1,2\n", 'Line 2: "hours" is not a number.'),
        ("time,5\n0,1\n1,2\n", 'Line 1: "time" is not a number.'),
        ("0,1\n1,\n", 'Line 2: "" is not a number.'),
        ("0,1\n1,nan\n", 'Line 2: "nan" is not a number.'),
        ("0,1\n1,-Infinity\n", 'Line 2: "-Infinity" is not a number.'),
        ("nan,inf\n0,1\n1,2\n", 'Line 1: "nan" is not a number.'),
        ("0,1\n1,1_000\n", 'Line 2: "1_000" is not a number.'),
        ("0,1\n1,0x10\n", 'Line 2: "0x10" is not a number.'),
        ("0,1\n1,\uff11\uff10\n", 'Line 2: "\uff11\uff10" is not a number.'),
        ("0,1\n1,2 000\n", 'Line 2: "2 000" is not a number.'),
        ("0,1\n1,1e400\n", "Line 2: A number must be finite and at most 1e+15, but is inf."),
        ("0,1\n2e15,5\n", "Line 2: A number must be finite and at most 1e+15, but is 2e+15."),
        ("0,1\r\n-1,2\r\n", "Line 2: The time must not be negative, but is -1.0."),
        ("0,1\r\r1,2\r1,3\r", "Line 4: The time must increase, but 1.0 comes after 1.0."),
        ("h,q\n1,2\n\n0.5,3\n", "Line 4: The time must increase, but 0.5 comes after 1.0."),
        ('"h\n(h)",q\n1,2\n0,3\n', "Line 4: The time must increase, but 0.0 comes after 1.0."),
        ("0;1,5\n1;2.5\n", 'Line 1: "1,5" is not a number.'),
        ("0;1.000,5\n1;2\n", 'Line 1: "1.000,5" is not a number.'),
        ("0;1,000,5\n1;2\n", 'Line 1: "1,000,5" is not a number.'),
        (
            "0\t200\n1\t1,200\n",
            'Line 2: "1,200" could mean 1200 or 1.200. Write the numbers without commas.',
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
        ("0 1\n1 2\n", "Line 1 has 1 column."),
        ("0,1\n\n1,2,3\n", "Line 3 has 3 columns."),
        ("0,1\n1,2,\n", "Line 2 has 3 columns."),
        ("Line one of a letter\nand the next", "Line 1 has 1 column."),
        ("[" + "0," * 300, "Line 1 has 301 columns."),
    ],
)
def test_it_refuses_any_other_number_of_columns(content, found):
    assert refusal(content) == (
        f"{found} A hydrograph needs two: time (hours) and flow (cfs), "
        "separated by a comma, semicolon or tab."
    )


def test_it_refuses_binary_files():
    spreadsheet = io.BytesIO()
    with zipfile.ZipFile(spreadsheet, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    for content in (spreadsheet.getvalue(), "0,1\n1,2\n".encode("utf-16"), b"\x89PNG\r\n\x1a\n\0"):
        assert refusal(content, "flood.xlsx") == (
            '"flood.xlsx" is not a text file. In a spreadsheet, save it as UTF-8 CSV.'
        )


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_it_names_the_line_that_is_not_utf_8(end):
    content = end.join([b"0,1", b"", b"1,2 m\xb3/s"])

    assert refusal(content) == ("Line 3 is not UTF-8 text. In a spreadsheet, save it as UTF-8 CSV.")


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
    assert np.isfinite(hydrograph.flow).all()
    assert hydrograph.time[0] >= 0
    assert (np.diff(hydrograph.time) > 0).all()
    assert len(hydrograph.time) == len(hydrograph.flow) >= 2


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
        (range(MAX_POINTS + 1),) * 2 + ("A hydrograph has at most 100,000 points.",),
    ],
)
def test_invalid_arrays_are_refused(time, flow, sentence):
    with pytest.raises(InvalidHydrograph) as refused:
        Hydrograph(time, flow)

    assert str(refused.value) == sentence


def test_a_file_in_metric_units_is_read_back_as_cubic_feet():
    hydrograph = Hydrograph([0.0, 1.0, 2.5], [0.0, 35_000.5, -3.0])

    text = hydrograph.to_csv(METRIC)

    assert text.startswith("time (hours),flow (m³/s)\n0.0,0.0\n1.0,991.103")
    assert parse(text.encode()).flow == pytest.approx(hydrograph.flow, rel=1e-15)


@pytest.mark.parametrize("unit", ["m3/s", "m^3/s", "M³ / S", "cms", "cumecs"])
def test_the_header_may_say_that_the_flow_is_in_cubic_meters(unit: str):
    assert parse(f"time;flow ({unit})\n0;1\n1;2\n".encode()).flow[0] == pytest.approx(35.3146667)


@pytest.mark.parametrize("unit", ["cfs", "ft3/s", "cubic feet", "from cmsx"])
def test_any_other_header_means_cubic_feet(unit: str):
    assert parse(f"time;flow ({unit})\n0;1\n1;2\n".encode()).flow[0] == 1
