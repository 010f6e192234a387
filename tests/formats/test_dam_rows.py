"""Reading dams from the rows of files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dam_inventory.domain.dam import MAX_OTHER_FACTS
from dam_inventory.domain.field import Field
from dam_inventory.domain.fields import FIELDS
from dam_inventory.errors import InvalidFile
from dam_inventory.formats.dam_rows import DamRow, Refused
from dam_inventory.formats.mapping import Mapping
from tests.files import dams_of, rows_of

DATA = Path(__file__).parents[1] / "data"


def one(column: str, cell: str) -> dict[str, Any]:
    """Return the known values of a dam named X with one more cell."""
    return read_one(column, cell)[0]


def read_one(column: str, cell: str) -> tuple[dict[str, Any], list[str]]:
    """Return the same, and why the cell was not read."""
    quoted = cell.replace('"', '""')
    [dam] = rows_of(f'dam_name,"{column}"\nX,"{quoted}"\n')
    assert isinstance(dam, DamRow)
    values = {field: value for field, value in dam.values.items() if field != "dam_name"}
    return values, [cell.reason for cell in dam.unread]


def test_it_reads_the_codes_of_2018():
    dams = dams_of(DATA / "nid_2018.csv")

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
    dams = dams_of(DATA / "nid_2018.csv")

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
    dams = dams_of(DATA / "nid_today.csv")

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
    assert dams_of(DATA / "nid_2005.csv") == [
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
    assert dams_of(f"NIDID,{column}\nUT1,Heron Lake\n")[0]["dam_name"] == "Heron Lake"


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
    both = dams_of(f"Dam Name,{primary},{all_of_them}\nX,Other,Other;State\n")
    alone = dams_of(f"Dam Name,{primary}\nX,Other\n")

    assert both[0][field] == "Other;State"
    assert alone[0][field] == "Other"


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


@pytest.mark.parametrize(
    "cell",
    [
        "Before 1950", "1936-1950", "1850s", "c. 1900", "ca 1910", "circa 1988 (rebuilt)", "1988?",
        "late 1930's", "1941/1945", "after 1900", "<1950", "early 20th century", "1900 or 1901",
        "before the war", "23-JUL-18", "2999", "19th century", "est. 1923", "~1960", "1960s-1970s",
    ],
)  # fmt: skip
def test_a_date_less_exact_than_a_year_stays_text_beside_an_unknown_date(cell: str):
    values, [reason] = read_one("YR_COMPL", cell)

    assert values == {"other_facts": {"YR_COMPL": cell}}
    assert cell in reason
    assert reason.endswith(".")


@pytest.mark.parametrize("cell", ["", " ", "NA", "N/A", "nan", "NULL"])
@pytest.mark.parametrize("column", ["latitude", "nid_height", "NID_STOR", "Dam Length (Ft)"])
def test_a_missing_number_is_unknown(column: str, cell: str):
    assert one(column, cell) == {}


@pytest.mark.parametrize("name", ["N/A", "NA", "None", "NULL", "0"])
def test_a_name_that_looks_like_a_missing_value_is_a_name(name: str):
    assert dams_of(f"dam_name\n{name}\n")[0] == {"dam_name": name}


def test_whitespace_collapses_to_one_space():
    assert one("county", " RIO \u00a0 BLANCO\n\tCOUNTY ") == {"county": "RIO BLANCO COUNTY"}


def test_each_column_of_the_download_of_2023_keeps_its_value():
    rows = list(csv.reader((DATA / "nid_2023.csv").read_text().splitlines()))
    [dam] = dams_of(DATA / "nid_2023.csv")

    values = dict(dam)
    others = values.pop("other_facts")
    assert len(rows[0]) == 85
    assert others == {"Scorecard Total": "35.8", "Scorecard Total Category": "Poor (69 or less)"}
    assert len(values) == 85 - len(others)
    read = {str(value).removesuffix(".0") for value in (*values.values(), *others.values())}
    assert read == {cell.removesuffix(".0") for cell in rows[1]}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_name_of_a_column_belongs_to_one_field(field: Field):
    others = {name for other in FIELDS if other is not field for name in other.nid_names}

    assert field.nid_names
    assert not set(field.nid_names) & others


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
    [dam] = dams_of("dam_name,,Note,Note,owner,own_name\nX,a,b,c,d,e\n")

    assert dam == {
        "dam_name": "X",
        "owner": "e",
        "other_facts": {"Column 2": "a", "Note": "b", "Note (column 4)": "c", "owner": "d"},
    }


@pytest.mark.parametrize("column", ["City", "Remarks"])
def test_control_characters_in_a_text_that_identifies_no_dam_become_spaces(column: str):
    assert one(column, "seen\x7ffrom\x1bhere") == {"other_facts": {column: "seen from here"}}


@pytest.mark.parametrize("cell", ["1988: C-526B", "4/12/1988"])
def test_what_stands_beside_a_year_is_kept(cell: str):
    assert one("Year Completed", cell) == {
        "date_built": "1988",
        "other_facts": {"Year Completed": cell},
    }


@pytest.mark.parametrize(("cell", "number"), [("1,234", 1234.0), ("12,345,678.5", 12345678.5)])
def test_a_number_may_have_thousands_separators(cell: str, number: float):
    assert one("Volume (Cubic Yards)", cell) == {"volume_cubic_yards": number}


def test_headings_that_look_the_same_keep_their_columns_apart():
    [dam] = dams_of("dam_name,X,X (column 4),X,caf\u00e9,cafe\u0301\nA,1,2,3,4,5\n")

    assert list(dam["other_facts"].values()) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ("UT1,Heron,91,-111,12,1950", {"latitude": "91", "longitude": "-111"}),
        ("UT1,Heron,40,abc,12,1950", {"latitude": "40", "longitude": "abc"}),
        ("UT1,Heron,40,-111,tall,1950", {"NID Height (Ft)": "tall"}),
        ("UT1,Heron,40,-111,12,soon", {"Year Completed": "soon"}),
        ("UT1,Heron \x1b,40,-111,12,1950", {"dam_name": "Heron"}),
        ("UT1\x7f,Heron,40,-111,12,1950", {"nidid": "UT1"}),
    ],
)
def test_a_cell_that_can_not_be_read_never_costs_the_dam(row: str, kept: dict[str, str]):
    [dam] = rows_of(f"nidid,dam_name,latitude,longitude,NID Height (Ft),Year Completed\n{row}\n")

    assert isinstance(dam, DamRow)
    assert dam.values["other_facts"] == kept
    assert {cell.heading for cell in dam.unread} == set(kept)
    assert all(cell.row == 2 and cell.reason.endswith(".") for cell in dam.unread)


def test_a_row_is_refused_if_nothing_that_identifies_the_dam_can_be_read():
    rows = rows_of(
        "dam_name,latitude,longitude,owner\n"
        "\x1b,,,Ann\n"
        ",95,-111,Ann\n"
        "-,,,Ann\n"
        ",40,,Ann\n"
        "Heron,95,-111,Ann\n"
    )

    assert rows[:4] == [
        Refused(2, "Name contains control characters."),
        Refused(3, "Latitude must be between -90 and 90, not 95. A location needs both "
                   "coordinates."),
        Refused(4, "The row has no name, location or ID."),
        Refused(5, "A location needs both coordinates."),
    ]  # fmt: skip
    assert rows[4].values["dam_name"] == "Heron"


def test_an_undefined_byte_costs_only_its_cell():
    [dam, other] = rows_of(b"dam_name,nidid\nHeron \x81 Lake,UT1\nAvocet,UT2\n")

    assert (dam.values["nid_id"], other.values["dam_name"]) == ("UT1", "Avocet")
    assert dam.values["other_facts"] == {"dam_name": "Heron Lake"}
    assert dam.unread[0].reason == "Name contains control characters."


SIGNS = ["NA", "N/A", "na", "n/a", "#N/A", "#VALUE!", "null", "NULL", "None", "NaN", "-", "--",
         "?", ".", "\u2013", "unknown", "(null)", "<Null>", "n.a.", " NA ", "N/A "]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "column",
    ["Federal ID", "NID ID", "River", "County", "State", "Owner Names", "Owner Types", "Purposes",
     "Hazard", "Latitude", "NID Height (Ft)", "Year Completed", "Last Inspection Date", "Website",
     "State Regulated Dam"],
)  # fmt: skip
def test_a_sign_for_nothing_is_unknown_in_every_column(column: str, sign: str):
    assert read_one(column, sign) == ({}, [])


@pytest.mark.parametrize("sign", ["NA", "n/a", "-", "?", "#N/A", "null"])
def test_a_sign_for_nothing_is_no_other_fact(sign: str):
    assert read_one("Remarks", sign) == ({}, [])


@pytest.mark.parametrize("word", ["None", "unknown", "Missing"])
def test_a_word_in_a_column_that_no_field_matches_is_kept(word: str):
    assert read_one("Remarks", word) == ({"other_facts": {"Remarks": word}}, [])
    assert read_one("River", word) == ({}, [])


@pytest.mark.parametrize("column", ["NID Height (Ft)", "Max Storage (Acre-Ft)", "Surface Area"])
@pytest.mark.parametrize(
    "sign", ["-999", "-9999", "-9999.0", "-99", "-99999", "-1.797693134862316e+308"]
)
def test_negative_nines_are_a_sign_for_nothing_in_a_measure(column: str, sign: str):
    [dam] = rows_of(f'nidid,"{column}"\nUT1,"{sign}"\n')

    assert (dam.values, dam.unread) == ({"nid_id": "UT1"}, ())


@pytest.mark.parametrize(
    ("column", "cell", "values"),
    [
        ("NID Height (Ft)", "99999", {}),
        ("NID Height (Ft)", "99", {"nid_height_ft": 99.0}),
        ("NID Storage (Acre-Ft)", "99999", {"nid_storage_acre_ft": 99999.0}),
        ("NID Storage (Acre-Ft)", "9999", {"nid_storage_acre_ft": 9999.0}),
        ("Inspection Frequency", "99", {}),
        ("Latitude", "999", {}),
        ("Longitude", "-9999", {}),
        ("Year Completed", "9999", {}),
        ("Year Completed", "-999", {}),
        ("Last Inspection Date", "0000-00-00", {}),
        ("Spillway Type", "None", {"spillway_type": "None"}),
        ("Outlet Gate Type", "None", {"outlet_gates": "None"}),
        ("Condition Assessment", "Not Available", {"condition_assessment": "Not Available"}),
        ("County", "Nance", {"county": "Nance"}),
    ],
)
def test_what_is_a_sign_for_nothing_depends_on_the_column(
    column: str, cell: str, values: dict[str, Any]
):
    assert read_one(column, cell) == (values, [])


@pytest.mark.parametrize("name", ["Unknown", "N/A", "nan", "null", "-999"])
def test_a_dam_may_be_called_like_a_sign_for_nothing(name: str):
    assert dams_of(f"dam_name,nidid\n{name},UT1\n") == [{"dam_name": name, "nid_id": "UT1"}]


@pytest.mark.parametrize(("name"), ["#N/A", "?", "--", "#REF!"])
def test_no_dam_is_called_like_an_error_or_a_mark(name: str):
    assert dams_of(f"dam_name,nidid\n{name},UT1\n") == [{"nid_id": "UT1"}]


@pytest.mark.parametrize(
    ("heading", "cell", "values"),
    [
        ("NID Height (Ft)", "33 ft", {"nid_height_ft": 33.0}),
        ("NID Height (Ft)", "10 m", {"nid_height_ft": 10 / 0.3048}),
        ("NID Height (m)", "10", {"nid_height_ft": 10 / 0.3048}),
        ("NID Height (m)", "33 ft", {"nid_height_ft": 33.0}),
        ("Max Storage (hm3)", "1", {"max_storage_acre_ft": 810.7131937899126}),
        ("Max Storage (Acre-Ft)", "1,562.5 ac-ft", {"max_storage_acre_ft": 1562.5}),
        ("Surface Area (ha)", "1", {"surface_area_acres": 2.4710538146716536}),
        ("Drainage Area (km2)", "2.589988110336", {"drainage_area_sq_miles": 1.0}),
        ("Max Discharge (m3/s)", "10", {"max_discharge_cfs": 353.1466672148859}),
        ("NID Storage (Acre-Ft)", "30,237,000", {"nid_storage_acre_ft": 30237000.0}),
        ("NID Storage (Acre-Ft)", "1 562", {"nid_storage_acre_ft": 1562.0}),
        ("NID Storage (Acre-Ft)", "1'562.5", {"nid_storage_acre_ft": 1562.5}),
    ],
)
def test_a_measure_is_read_in_the_unit_that_the_file_says(
    heading: str, cell: str, values: dict[str, float]
):
    read, reasons = read_one(heading, cell)

    assert read == pytest.approx(values)
    assert reasons == []


@pytest.mark.parametrize(
    "cell", ["about 12", "12 apples", "33 ft 6 in", "10-12", ">33", "5 m3/s", "2x5"]
)
def test_a_measure_that_is_no_number_stays_text(cell: str):
    values, [reason] = read_one("NID Height (Ft)", cell)

    assert values == {"other_facts": {"NID Height (Ft)": cell}}
    assert reason


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("44\u00b006'00\"N", "121\u00b012'00\"W"),
        ("44 06 00 N", "W 121 12 00"),
        ("44:06:00", "-121:12:00"),
        ("44-06-00 N", "121-12-00 W"),
        ("44d06m00s N", "121d12m00s W"),
        ("N 44.1", "121.2 W"),
        ("44 06.0 N", "121 12.0 W"),
        ("44,1", "-121,2"),
        ("44.1\u00b0", "\u2212121.2\u00b0"),
    ],
)
def test_coordinates_may_have_minutes_seconds_and_letters(latitude: str, longitude: str):
    cells = [cell.replace('"', '""') for cell in (latitude, longitude)]
    [dam] = dams_of('dam_name,latitude,longitude\nX,"{}","{}"\n'.format(*cells))

    assert (dam["latitude"], dam["longitude"]) == pytest.approx((44.1, -121.2))


def test_a_longitude_in_the_column_of_latitudes_is_not_read():
    [dam] = rows_of("dam_name,latitude,longitude\nX,121.2 W,44.1 N\n")

    assert "latitude" not in dam.values
    assert 'Latitude "121.2 W" is a longitude.' in [cell.reason for cell in dam.unread]


@pytest.mark.parametrize(
    ("column", "cells", "words"),
    [
        ("Purposes", ["FISH"], ["Fish and Wildlife Pond"]),
        ("Purposes", ["POND"], ["POND"]),
        ("Purposes", ["FROST", "DITCH", "SPORT"], ["FROST", "DITCH", "SPORT"]),
        ("Purposes", ["RECREATION", "FIPS"], ["Recreation", "FIPS"]),
        ("Purposes", ["IRRIGATION;FISH"], ["Irrigation;Fish and Wildlife Pond"]),
        ("Purposes", ["FISH", "HRS", "CR"], ["Fish and Wildlife Pond",
         "Hydroelectric;Recreation;Water Supply", "Flood Risk Reduction;Recreation"]),
        ("State", ["VICTORIA"], ["VICTORIA"]),
        ("State", ["OR", "Oregon", "OREGON"], ["Oregon"] * 3),
        ("Hazard", ["HS"], ["HS"]),
        ("Hazard", ["H", "high"], ["High", "High"]),
        ("Spillway Type", ["CUN"], ["CUN"]),
        ("State Regulated Dam", ["NYN"], ["NYN"]),
        ("State Regulated Dam", ["y", "N"], ["Yes", "No"]),
        ("EAP Prepared", ["nr"], ["Not Required"]),
        ("State Regulated Dam", ["TRUE", "false"], ["Yes", "No"]),
        ("Owner Types", ["PUBLIC", "PLUS", "PRIVATE"], ["PUBLIC", "PLUS", "Private"]),
        ("Dam Types", ["EARTH", "STER"], ["Earth", "STER"]),
    ],
)  # fmt: skip
def test_words_are_not_read_as_codes(column: str, cells: list[str], words: list[str]):
    dams = dams_of(f"dam_name,{column}\n" + "".join(f"X,{cell}\n" for cell in cells))

    assert [list(dam.values())[-1] for dam in dams] == words


@pytest.mark.parametrize(
    ("heading", "cell", "values"),
    [
        ("hazardId", "4", {"hazard_potential": "High"}),
        ("publicHazardId", "1", {"hazard_potential": "Undetermined"}),
        ("publicHazardId", "2.0", {"hazard_potential": "Low"}),
        ("conditionAssessId", "4", {"condition_assessment": "Unsatisfactory"}),
        ("conditionAssessId", "6", {"condition_assessment": "Not Available"}),
        ("eapId", "3", {"eap_prepared": "Not Required"}),
        ("eapId", "Yes", {"eap_prepared": "Yes"}),
        (
            "primaryPurposeId",
            "Recreation",
            {"primary_purpose": "Recreation", "purposes": "Recreation"},
        ),
        ("inspectionDate", "03/14/2023", {"last_inspection_date": "2023-03-14"}),
        ("dataUpdated", "1685491200000", {"data_last_updated": "2023-05-31"}),
        ("ownerNames", "Ann", {"owner": "Ann"}),
        ("riverName", "HERON CREEK", {"river": "HERON CREEK"}),
    ],
)
def test_it_reads_the_names_and_numbers_of_the_api(heading: str, cell: str, values: dict[str, str]):
    [dam] = dams_of(f"name,nidId,{heading}\nX,UT1,{cell}\n")

    assert dam == {"dam_name": "X", "nid_id": "UT1", **values}


@pytest.mark.parametrize(
    "heading", ["primaryPurposeId", "operationalStatusId", "Hazard", "stateRegulatedId"]
)
def test_a_number_whose_meaning_is_not_known_stays_a_number(heading: str):
    [dam] = rows_of(f"name,nidId,{heading}\nX,UT1,9\n")

    assert dam.values["other_facts"] == {heading: "9"}
    assert "is a code whose meaning is not known" in dam.unread[0].reason


def test_dates_with_the_day_first_are_known_by_one_that_can_only_be_so():
    dams = dams_of("dam_name,Last Inspection Date\nA,25/12/2018\nB,05/04/2018\n")

    assert [dam["last_inspection_date"] for dam in dams] == ["2018-12-25", "2018-04-05"]


def test_a_row_that_is_too_long_costs_only_itself():
    rows = rows_of("dam_name,nidid\nA,UT1\nB,UT2,more\nC,UT3,,\nD\n")

    assert rows[1] == Refused(3, "The row has 3 cells, but the header has 2.")
    assert [row.values["dam_name"] for row in rows if isinstance(row, DamRow)] == ["A", "C", "D"]


def test_other_facts_beyond_the_limit_are_reported_and_do_not_cost_the_dam():
    most = MAX_OTHER_FACTS + 2
    header = ",".join(["dam_name", *(f"c{number}" for number in range(most))])
    [dam] = rows_of(f"{header}\n{','.join(['X', *(['1'] * most)])}\n")

    assert len(dam.values["other_facts"]) == MAX_OTHER_FACTS
    assert [cell.heading for cell in dam.unread] == [f"c{most - 2}", f"c{most - 1}"]


def test_coordinates_of_another_system_are_transformed_as_the_person_says():
    def utm(mapping: Mapping) -> Mapping:
        return mapping.with_column("Easting", "longitude", "EPSG:26912").with_column(
            "Northing", "latitude", "EPSG:26912"
        )

    [dam] = rows_of("Dam Name,Easting,Northing\nX,455100.5,4473000.2\n", utm)

    assert dam.values["latitude"] == pytest.approx(40.406, abs=0.01)
    assert dam.values["longitude"] == pytest.approx(-111.529, abs=0.01)


def test_coordinates_in_two_systems_are_refused():
    def mixed(mapping: Mapping) -> Mapping:
        return mapping.with_column("Easting", "longitude", "EPSG:26912").with_column(
            "Northing", "latitude"
        )

    with pytest.raises(InvalidFile, match="same reference system"):
        rows_of("Dam Name,Easting,Northing\nX,455100.5,4473000.2\n", mixed)


def test_a_column_with_an_open_question_is_kept_as_another_fact():
    [dam] = dams_of("Dam Name,Height\nX,12\n")

    assert dam == {"dam_name": "X", "other_facts": {"Height": "12"}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("owner,river\nA,B\n", "The columns are: owner, river"),
        ("latitude,owner\n40,A\n", "The columns are: latitude, owner"),
        ("structure,owner\nHeron,A\n", "Say first what these columns contain: structure"),
        ("Time (h),Flow (m3/s)\n0,10\n", "The columns are: Time (h), Flow (m3/s)"),
    ],
)
def test_a_file_without_a_column_that_identifies_dams_is_refused(content: str, words: str):
    with pytest.raises(InvalidFile) as raised:
        rows_of(content)

    assert words in str(raised.value)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
        min_size=1,
        max_size=5,
    )
)
@example(["<kml", "<gpx", "<FeatureCollection"])
def test_every_row_is_a_dam_or_refused(names: list[str]):
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]

    rows = rows_of("dam_name,nidid\n" + "".join(f"{cell},UT1\n" for cell in quoted))

    assert len(rows) == len(names)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1e308", "NID height (ft) must be a finite number, not 1e308."),
        ("1e400", "NID height (ft) must be a finite number, not 1e400."),
        ("-5", "NID height (ft) must not be negative, but is -5."),
    ],
)
def test_a_number_in_another_unit_costs_only_its_cell_and_is_reported_as_it_is_written(
    cell: str, reason: str
):
    [row] = rows_of(f"Dam Name,NID ID,NID Height (m)\nHeron,ZZ00001,{cell}\n")
    assert row.values["other_facts"] == {"NID Height (m)": cell}
    assert [one.reason for one in row.unread] == [reason]
