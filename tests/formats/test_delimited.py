"""Reading tables of text in any dialect and encoding."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.errors import InvalidFile
from dam_inventory.formats.dam_rows import DamRow, Refused
from tests.files import dams_of, mapping_of, rows_of, table_of

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "windows-1252": "Windows-1252",
}
SEPARATORS = {",": "CSV, commas", ";": "CSV, semicolons", "\t": "TSV, tabs", "|": "CSV, bars"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("separator", SEPARATORS, ids=["comma", "semicolon", "tab", "bar"])
def test_it_finds_out_separator_encoding_and_line_endings(
    separator: str, newline: str, encoding: str
):
    lines = ["dam_name,county,river", "“Söhne” € Cañón,Año,Río", 'plain,"a ""b"" c",d', ""]
    content = newline.join(lines).replace(",", separator).encode(encoding)

    kind, headings, _, rows = table_of(content)

    assert kind == f"{SEPARATORS[separator]}, {ENCODINGS[encoding]}"
    assert headings == ("dam_name", "county", "river")
    assert rows == [(2, ["“Söhne” € Cañón", "Año", "Río"]), (3, ["plain", 'a "b" c', "d"])]


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"),
    max_size=12,
)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([*SEPARATORS]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_written_in_any_dialect_reads_back(
    table: list[list[str]], separator: str, encoding: str, newline: str, quoting: int
):
    rows = [["Heron", *row] for row in table]
    written = io.StringIO(newline="")
    writer = csv.writer(
        written,
        delimiter=separator,
        lineterminator=newline,
        quoting=quoting,  # type: ignore[arg-type]
    )
    writer.writerows([["dam_name", "nidid", "river", "county"], *rows])

    _, headings, _, read = table_of(written.getvalue().encode(encoding))

    assert headings == ("dam_name", "nidid", "river", "county")
    assert [row[1] for row in read] == rows


def test_a_line_that_names_the_separator_is_heeded_and_has_no_number():
    rows = rows_of("sep=;\nDam Name;NID ID\nHeron, Upper;ZZ1\n")

    assert rows == [DamRow(2, {"dam_name": "Heron, Upper", "nid_id": "ZZ1"})]


def test_lists_of_other_makers_need_no_name_of_the_nid():
    content = "Structure;Basin;Remarks\nHeron;North, upper;good, old\nIbis;South;\n"
    kind, headings, _, rows = table_of(content)

    assert kind == "CSV, semicolons, UTF-8"
    assert headings == ("Structure", "Basin", "Remarks")
    assert len(rows) == 2


def test_what_stands_above_the_header_becomes_a_note():
    _, headings, notes, rows = table_of(
        "Dams of the County\n\nData Last Updated: 2025-06-01,,\nDam Name,NID ID,State\nHeron,1,OR\n"
    )

    assert headings == ("Dam Name", "NID ID", "State")
    assert notes == (
        'Above the header the file says: "Dams of the County".',
        'Above the header the file says: "Data Last Updated: 2025-06-01".',
    )
    assert rows == [(5, ["Heron", "1", "OR"])]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_line_of_units_below_the_header_is_heeded(separator: str):
    content = "Dam Name,Height,Storage,Latitude\n,m,hm3,degrees\nHeron,10,2,44.1\n"
    mapping = mapping_of(content.replace(",", separator))

    assert [(column.heading, column.unit) for column in mapping.columns] == [
        ("Dam Name", ""),
        ("Height (m)", "m"),
        ("Storage (hm3)", "million m³"),
        ("Latitude", "degrees"),
    ]
    assert mapping.questions == []


@pytest.mark.parametrize(
    ("broken", "more"),
    [
        ('Ibis,"ZZ2', ""),
        ('Ibis,"ZZ2" x', ""),
        ('Ibis,"ZZ"2"', ""),
        ('"Ibis,ZZ2', '"Jay, Upper",ZZ5\n'),
        ('Ibis,"ZZ2', "Kite,ZZ6\n" * 300),
    ],
)
def test_broken_quotes_cost_only_their_row(broken: str, more: str):
    rows = rows_of(f"dam_name,nidid\nHeron,ZZ1\n{broken}\nTeal,ZZ3\nKnot,ZZ4\n{more}")

    refused = [row for row in rows if isinstance(row, Refused)]
    assert [row.row for row in refused] == [3]
    assert refused[0].reason.startswith("The quotes of the row do not match")
    names = [row.values["dam_name"] for row in rows if isinstance(row, DamRow)]
    assert names[:3] == ["Heron", "Teal", "Knot"]
    assert [row.row for row in rows] == list(range(2, len(rows) + 2))


def test_a_cell_of_several_lines_is_one_row():
    rows = rows_of('dam_name,remarks\nHeron,"one\ntwo"\nIbis,\n')

    assert [(row.row, row.values["dam_name"]) for row in rows] == [(2, "Heron"), (3, "Ibis")]


def test_a_very_long_cell_costs_only_its_row():
    rows = rows_of("dam_name,remarks\nHeron," + "x" * 200_000 + "\nIbis,\n")

    assert isinstance(rows[0], Refused)
    assert rows[1].values == {"dam_name": "Ibis"}


def test_the_leftovers_of_a_spreadsheet_cost_nothing():
    dams = dams_of("dam_name,nidid,river\nHeron\n,,\n\n  , ,\nIbis,ZZ2,,,,\nTeal,ZZ3\n")

    assert [dam["dam_name"] for dam in dams] == ["Heron", "Ibis", "Teal"]


def test_a_space_before_quotes_does_not_hide_them():
    assert dams_of('dam_name, river\n"Heron", "Teal, Upper"\n') == [
        {"dam_name": "Heron", "river": "Teal, Upper"}
    ]


def test_a_file_that_mixes_utf_8_and_windows_1252_is_read():
    content = "dam_name\nSöhne 大坝\n".encode() + "Söhne\n".encode("windows-1252")

    assert [dam["dam_name"] for dam in dams_of(content)] == ["Söhne 大坝", "Söhne"]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12,5", "1,234"], [12.5, 1.234]),
        (["1.234,5", "1.234"], [1234.5, 1234.0]),
        (["0,125", "2,000"], [0.125, 2.0]),
        (["12.5", "1,234"], [12.5, 1234.0]),
        (["1,234.5", "1,234"], [1234.5, 1234.0]),
        (["1 234,5", "2,125"], [1234.5, 2.125]),
    ],
)
def test_the_other_cells_tell_decimals_from_thousands(cells: list[str], numbers: list[float]):
    content = "Dam Name;NID Height (Ft)\n" + "".join(f"X;{cell}\n" for cell in cells)

    assert [dam["nid_height_ft"] for dam in dams_of(content)] == numbers


def test_a_decimal_comma_elsewhere_in_the_file_tells_as_well():
    content = "Dam Name;Latitude;Longitude;NID Height (Ft)\nX;44,105;-121,25;1,234\n"

    [dam] = dams_of(content)
    assert (dam["latitude"], dam["longitude"], dam["nid_height_ft"]) == (44.105, -121.25, 1.234)


@pytest.mark.parametrize("cell", ["1,234", "1.234"])
def test_a_number_that_can_be_two_is_asked_for_where_semicolons_separate(cell: str):
    content = f"Dam Name;NID Height (Ft)\nX;{cell}\n"

    [question] = mapping_of(content).questions
    assert question.question == f'Is "{cell}" 1234 or 1.234? Choose the decimal mark.'
    for mark in (".", ","):
        [dam] = rows_of(
            content,
            lambda m, mark=mark: m.with_column("NID Height (Ft)", "nid_height_ft", "ft", mark),
        )
        assert dam.values["nid_height_ft"] == (1234.0 if mark not in cell else 1.234)


def test_where_commas_separate_a_comma_in_a_number_is_one_of_thousands():
    assert dams_of('Dam Name,NID Height (Ft)\nX,"1,234"\n')[0]["nid_height_ft"] == 1234.0


def test_a_number_that_can_be_two_and_comes_late_is_not_read():
    rows = rows_of("Dam Name;NID Height (Ft)\n" + "X;1\n" * 300 + "X;1,234\n")

    assert rows[-1].unread[0].reason == '"1,234" can be 1234 or 1.234.'


def test_the_header_stands_among_the_first_rows():
    with pytest.raises(InvalidFile, match=r"^The file has no header"):
        rows_of("12\n" * 30 + "dam_name\nX\n")
