"""Reading dams from files of the National Inventory of Dams."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from dam_inventory.formats.nid_csv import Refused, read
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.field import Field
from dam_inventory.domain.fields import FIELDS
from dam_inventory.errors import InvalidFile

DATA = Path(__file__).parents[1] / "data"


def _packed(content: bytes) -> bytes:
    # Without the time of day: a test's name, made of it, must be the same in each worker.
    return gzip.compress(content, mtime=0)


def rows_of(content: bytes | str) -> list[dict[str, Any] | Refused]:
    return list(read(io.BytesIO(content.encode() if isinstance(content, str) else content)))


def known(dam: dict[str, Any] | Refused) -> dict[str, Any]:
    assert isinstance(dam, dict)
    return {field: value for field, value in dam.items() if value is not None}


def one(column: str, cell: str) -> dict[str, Any]:
    """Return the known values of a dam named X with one more cell."""
    [dam] = rows_of(f'dam_name,{column}\nX,"{cell}"\n')
    return {field: value for field, value in known(dam).items() if field != "dam_name"}


def test_it_reads_the_codes_of_2018():
    dams = [known(dam) for dam in rows_of((DATA / "nid_2018.csv").read_bytes())]

    assert dams[0] == {
        "dam_name": "HERON LAKE",
        "nid_id": "UT90001",
        "latitude": 40.406624,
        "longitude": -111.529133,
        "county": "WASATCH",
        "state": "Utah",
        "owner_type": "Federal",
        "dam_type": "Earth",
        "purposes": "Irrigation;Hydroelectric;Water Supply",
        "date_built": "1941",
        "hazard_potential": "High",
        "nid_height_ft": 235.0,
        "nid_storage_acre_ft": 152564.0,
        "max_storage_acre_ft": 152564.0,
        "normal_storage_acre_ft": 149700.0,
        "data_last_updated": "2018-08-05",
        "other_facts": {"recordid": "1.0"},
    }
    assert dams[1]["dam_name"] == "MILLER'S POND, UPPER & LOWER"
    assert [dam.get("owner_type") for dam in dams[1:3]] == [
        "Local Government;Private",
        "Not Listed",
    ]
    assert [dam.get("dam_type") for dam in dams[:5]] == [
        "Earth",
        "Concrete;Gravity",
        None,
        "Other",
        "Earth;Rockfill",
    ]
    assert [dam.get("date_built") for dam in dams] == [
        "1941",
        "1966",
        None,
        None,
        "1988",
        "1640",
        None,
    ]
    assert [dam.get("hazard_potential") for dam in dams[:5]] == [
        "High",
        "Low",
        None,
        "Significant",
        "Undetermined",
    ]


def test_it_keeps_dams_without_a_name_or_a_location():
    dams = [known(dam) for dam in rows_of((DATA / "nid_2018.csv").read_bytes())]

    assert [dam.get("dam_name") for dam in dams[2:]] == [
        "N/A",
        None,
        "CANYON DIKE",
        "WILLOW CREEK/NOT TO BE BUILT",
        None,
    ]
    assert ["latitude" in dam for dam in dams] == [True] * 4 + [False] * 3
    assert dams[6] == {
        "nid_id": "UT90007",
        "county": "WASATCH",
        "state": "Utah",
        "owner_type": "State",
        "dam_type": "Stone",
        "hazard_potential": "Undetermined",
        "nid_storage_acre_ft": 1.0,
        "data_last_updated": "2018-08-05",
        "other_facts": {"recordid": "7.0"},
    }


def test_it_reads_the_current_download():
    dams = [known(dam) for dam in rows_of((DATA / "nid_today.csv").read_bytes())]

    assert dams[0] == {
        "dam_name": "Heron Lake",
        "nid_id": "UT90001",
        "federal_id": "UT90001",
        "owner": "USBR;Heron Lake Association",
        "owner_type": "Federal;Private",
        "primary_owner_type": "Federal",
        "purposes": "Irrigation;Fire Protection, Stock, Or Small Fish Pond",
        "primary_purpose": "Irrigation",
        "latitude": 40.406624,
        "longitude": -111.529133,
        "state": "Utah",
        "county": "Wasatch",
        "river": "HERON CREEK",
        "dam_type": "Gravity;Earth",
        "primary_dam_type": "Gravity",
        "nid_height_ft": 235.0,
        "length_ft": 1304.0,
        "date_built": "1941",
        "years_modified": "1988S;2004",
        "nid_storage_acre_ft": 152564.0,
        "data_last_updated": "2023-05-31",
        "hazard_potential": "High",
        "website": "https://www.example.org/heron-lake",
    }
    assert dams[1]["other_structure_id"] == "S001"
    assert "website" not in dams[1]


def test_it_reads_the_column_names_of_2005():
    assert [known(dam) for dam in rows_of((DATA / "nid_2005.csv").read_bytes())] == [
        {
            "dam_name": "Heron Lake",
            "nid_id": "UT90001",
            "latitude": 40.406624,
            "longitude": -111.529133,
            "river": "Heron Creek",
            "owner": "Bureau of Reclamation",
            "owner_type": "Federal",
            "date_built": "1941",
            "length_ft": 1304.0,
            "nid_height_ft": 235.0,
            "nid_storage_acre_ft": 152564.0,
            "hazard_potential": "High",
        }
    ]


@pytest.mark.parametrize(
    "column", ["DAM_NAME", "Dam_Name", "dam_name", "Dam Name", " dam name ", "DamName"]
)
def test_a_columns_name_may_be_written_in_any_way(column: str):
    assert known(rows_of(f"NIDID,{column}\nUT1,Heron Lake\n")[0])["dam_name"] == "Heron Lake"


@pytest.mark.parametrize(
    ("field", "all_of_them", "primary"),
    [
        ("owner_type", "Owner Types", "Primary Owner Type"),
        ("purposes", "Purposes", "Primary Purpose"),
        ("dam_type", "Dam Types", "Primary Dam Type"),
    ],
)
def test_the_primary_column_is_read_only_if_the_full_one_is_missing(
    field: str, all_of_them: str, primary: str
):
    both = rows_of(f"Dam Name,{primary},{all_of_them}\nX,Other,Other;State\n")
    alone = rows_of(f"Dam Name,{primary}\nX,Other\n")

    assert known(both[0])[field] == "Other;State"
    assert known(alone[0])[field] == "Other"


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("owner_type", "LPS", "Local Government;Private;State"),
        ("owner_type", "Private", "Private"),
        ("owner_type", "PRIVATE", "Private"),
        ("owner_type", "PQ", "PQ"),
        ("owner_type", "Tribal Government", "Tribal Government"),
        ("dam_type", "CNCN", "Concrete"),
        ("dam_type", "REX", "REX"),
        ("dam_type", "EARTH", "Earth"),
        ("purposes", "CP", "Flood Risk Reduction;Fire Protection, Stock, Or Small Fish Pond"),
        ("purposes", "C;R", "Flood Risk Reduction;Recreation"),
        ("purposes", "RY", "RY"),
        ("hazard", "S", "Significant"),
        ("hazard", "Q", "Q"),
        ("state", "GU", "Guam"),
        ("state", "OHIO", "Ohio"),
        ("state", "XX", "XX"),
    ],
)
def test_codes_become_words_and_other_text_stays(column: str, cell: str, words: str):
    assert list(one(column, cell).values()) == [words]


def test_the_code_for_a_missing_hazard_rating_means_unknown():
    assert one("hazard", "N") == {}


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("1966.0", "1966"),
        ("1966", "1966"),
        (" 1966 ", "1966"),
        ("1988: C-526B", "1988"),
        ("1/1/1980", "1980"),
        ("02\\04\\2013", "2013"),
        ("1993-04-12", "1993-04-12"),
        ("April 1993", "1993-04"),
        ("", None),
        ("0", None),
        ("0.0", None),
        ("0000", None),
        ("NA", None),
    ],
)
def test_the_year_completed_is_the_date_built(cell: str, date: str | None):
    assert one("Year Completed", cell).get("date_built") == date


@pytest.mark.parametrize("cell", ["23-JUL-18", "1941-1945", "2999", "before the war"])
def test_a_row_with_an_unreadable_year_is_refused_with_the_reason(cell: str):
    [refused] = rows_of(f"dam_name,YR_COMPL\nX,{cell}\n")

    assert isinstance(refused, Refused)
    assert cell in refused.reason


@pytest.mark.parametrize("cell", ["", " ", "NA", "N/A", "nan", "NULL"])
@pytest.mark.parametrize("column", ["latitude", "nid_height", "NID_STOR", "Dam Length (Ft)"])
def test_a_missing_number_is_unknown(column: str, cell: str):
    assert one(column, cell) == {}


@pytest.mark.parametrize("name", ["N/A", "NA", "None", "NULL", "0"])
def test_a_name_that_looks_like_a_missing_value_is_a_name(name: str):
    assert known(rows_of(f"dam_name\n{name}\n")[0]) == {"dam_name": name}


def test_whitespace_collapses_to_one_space():
    assert one("county", " RIO \u00a0 BLANCO\n\tCOUNTY ") == {"county": "RIO BLANCO COUNTY"}


def test_each_column_of_the_download_of_2023_keeps_its_value():
    rows = list(csv.reader((DATA / "nid_2023.csv").read_text().splitlines()))
    [dam] = rows_of((DATA / "nid_2023.csv").read_bytes())

    values = known(dam)
    others = values.pop("other_facts")
    assert len(rows[0]) == 85
    assert others == {"Scorecard Total": "35.8", "Scorecard Total Category": "Poor (69 or less)"}
    assert len(values) == 85 - len(others)
    read = {str(value).removesuffix(".0") for value in (*values.values(), *others.values())}
    assert read == {cell.removesuffix(".0") for cell in rows[1]}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_name_of_a_column_belongs_to_one_field(field: Field):
    also_primary = {"primaryownertype", "primarypurpose", "primarydamtype"}
    others = {name for other in FIELDS if other is not field for name in other.nid_names}

    assert field.nid_names
    assert set(field.nid_names) & others <= also_primary


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2018-02-15", "2018-02-15"),
        ("2018-02-15 00:00:00", "2018-02-15"),
        ("2018-02-15T00:00", "2018-02-15"),
        ("2/15/2018 0:00", "2018-02-15"),
        ("2/15/2018", "2018-02-15"),
        ("02\\15\\2018", "2018-02-15"),
        ("15-FEB-18", "2018-02-15"),
        ("15-Feb-1971", "1971-02-15"),
        ("15-FEB-71", "1971-02-15"),
        ("2018.0", "2018"),
    ],
)
def test_a_date_may_be_written_as_in_any_release(cell: str, date: str):
    assert one("Last Inspection Date", cell) == {"last_inspection_date": date}


@pytest.mark.parametrize(
    ("column", "cell", "field", "words"),
    [
        ("EAP", "NR", "eap_prepared", "Not Required"),
        ("EAP", "Y", "eap_prepared", "Yes"),
        ("EAP Prepared", "NOT REQUIRED", "eap_prepared", "Not Required"),
        ("state_reg_dam", "N", "state_regulated", "No"),
        ("Spillway Type", "U", "spillway_type", "Uncontrolled"),
    ],
)
def test_codes_of_safety_and_regulation_become_words(
    column: str, cell: str, field: str, words: str
):
    assert one(column, cell) == {field: words}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Website URL", "javascript:alert(1)"),
        ("Website URL", "www.example.org"),
        ("Website URL", "http://x/" + "y" * 200),
        ("Last Inspection Date", "every spring"),
        ("Last Inspection Date", "2999-01-01"),
        ("Dam Height (Ft)", "about 12"),
        ("NID Height (Ft)", "-1"),
        ("County", "z" * 201),
        ("Remarks", "seen from the road"),
        ("Owner Names", "; ".join(f"Owner {number}" for number in range(40))),
        ("Latitude", "40.5"),
    ],
)
def test_what_no_field_can_hold_is_kept_as_text_under_its_heading(column: str, cell: str):
    assert one(column, cell) == {"other_facts": {column: cell}}


def test_a_column_without_a_name_or_with_that_of_another_is_kept():
    [dam] = rows_of("dam_name,,Note,Note,owner,own_name\nX,a,b,c,d,e\n")

    assert known(dam) == {
        "dam_name": "X",
        "owner": "e",
        "other_facts": {"Column 2": "a", "Note": "b", "Note (column 4)": "c", "owner": "d"},
    }


@pytest.mark.parametrize("column", ["City", "Remarks"])
def test_control_characters_in_a_text_that_identifies_no_dam_become_spaces(column: str):
    assert one(column, "seen\x7ffrom\x1bhere") == {"other_facts": {column: "seen from here"}}


@pytest.mark.parametrize("cell", ["1988: C-526B", "circa 1988 (rebuilt)"])
def test_what_stands_beside_a_year_is_kept(cell: str):
    assert one("Year Completed", cell) == {
        "date_built": "1988",
        "other_facts": {"Year Completed": cell},
    }


@pytest.mark.parametrize(("cell", "number"), [("1,234", 1234.0), ("12,345,678.5", 12345678.5)])
def test_a_number_may_have_thousands_separators(cell: str, number: float):
    assert one("Volume (Cubic Yards)", cell) == {"volume_cubic_yards": number}


def test_headings_that_look_the_same_keep_their_columns_apart():
    [dam] = rows_of("dam_name,X,X (column 4),X,caf\u00e9,cafe\u0301\nA,1,2,3,4,5\n")

    assert list(known(dam)["other_facts"].values()) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("column", ["federal_id", "nidid", "latitude", "YR_COMPL"])
def test_a_row_is_refused_if_what_identifies_the_dam_can_not_be_read(column: str):
    [refused] = rows_of(f"dam_name,{column}\nHeron Lake,\x1b\n")

    assert isinstance(refused, Refused)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "windows-1252"], ids=["UTF-8", "BOM", "Windows-1252"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_it_detects_the_encoding_and_the_line_endings(encoding: str, newline: str):
    lines = ["dam_name,county", "“Söhne” € Cañón,Año", 'plain,"a ""b"", c"', ""]

    rows = rows_of(newline.join(lines).encode(encoding))

    assert [list(known(row).values()) for row in rows] == [
        ["“Söhne” € Cañón", "Año"],
        ["plain", 'a "b", c'],
    ]


def test_a_file_that_mixes_utf_8_and_windows_1252_is_read():
    content = "dam_name\nSöhne 大坝\n".encode() + "Söhne\n".encode("windows-1252")

    assert [known(row)["dam_name"] for row in rows_of(content)] == ["Söhne 大坝", "Söhne"]


def test_a_row_with_an_undefined_byte_is_refused():
    assert rows_of(b"dam_name\nHeron \x81 Lake\nAvocet\n")[0] == Refused(
        2, "Name contains control characters."
    )


def test_gzip_is_recognized_by_its_content():
    content = (DATA / "nid_2018.csv").read_bytes()

    assert rows_of(gzip.compress(content)) == rows_of(content)


def test_progress_is_reported_in_bytes_of_the_file():
    content = gzip.compress(b"dam_name\n" + b"Heron Lake\n" * 1000)
    parts: list[int] = []

    rows = list(read(io.BytesIO(content), parts.append))

    assert (len(rows), sum(parts)) == (1000, len(content))


def test_a_refused_row_has_the_number_that_a_spreadsheet_shows():
    """A cell with two lines is in one row, and an empty row counts too."""
    rows = rows_of(
        "Data Last Updated: 2024-01-04\n"
        "Dam Name,Latitude,Longitude\n"
        '"Heron\nLake",40,-111\n'
        "\n"
        ",,\n"
        "Avocet,95,-111\n"
        "Ibis,40,-111\n"
        "Kite,40\n"
    )

    assert [row for row in rows if isinstance(row, Refused)] == [
        Refused(6, "Latitude must be between -90 and 90, not 95."),
        Refused(8, "The row has 2 cells, but the header has 3."),
    ]
    assert len(rows) == 4


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_every_row_is_a_dam_or_refused(names: list[str]):
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]

    rows = rows_of("dam_name,nidid\n" + "".join(f"{cell},UT1\n" for cell in quoted))

    assert len(rows) == len(names)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file has no header"),
        (b"\n\n", "The file has no header"),
        (b"owner,river\nA,B\n", "The file has no header"),
        (b"latitude\n40\n", "The file has no header"),
        (b"a\n" * 10 + b"dam_name\nX\n", "The file has no header"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "The file is not a text file"),
        (b"dam_name\nHeron\x00Lake\n", "The file is not a text file"),
        ("dam_name\nHeron Lake\n".encode("utf-16"), "The file is not a text file"),
        (b'dam_name,owner\nX,"Y\nZ,W\n', "Row 2 is not valid CSV: unexpected end of data"),
        (b'dam_name,owner\nX,Y\nZ,"W" V\n', "Row 3 is not valid CSV"),
        (b"dam_name,owner\nX,Y\nZ,W,V\n", "Row 3 has 3 cells, but the header has 2"),
        (b"dam_name\n" + b"x" * 200_000, "Row 2 is not valid CSV: field larger than"),
        (b"\x1f\x8bnot gzip at all", "The file can't be read"),
        (_packed(b"dam_name\n" + bytes(range(65, 91)) * 999)[:-9], "The file can't be read"),
    ],
)
def test_a_broken_file_is_refused_completely(content: bytes, sentence: str):
    with pytest.raises(InvalidFile) as raised:
        rows_of(content)

    assert str(raised.value).startswith(sentence)
    assert str(raised.value).endswith(".")


def test_extra_cells_are_an_error_only_if_they_have_content():
    """Spreadsheets end rows with more commas than the header has."""
    assert [known(row) for row in rows_of("dam_name\nHeron Lake,,\n")] == [
        {"dam_name": "Heron Lake"}
    ]


def test_rows_are_yielded_while_the_file_is_read():
    class Endless(io.RawIOBase):
        """A pipe whose writer never stops."""

        def read(self, size: int = -1) -> bytes:
            return b"dam_name\n" + b"Heron Lake\n" * (size // 11)

    rows = read(Endless())

    assert known(next(rows)) == {"dam_name": "Heron Lake"}
