"""What the columns of a file are taken for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dam_inventory.domain.fields import FIELDS
from dam_inventory.errors import InvalidFile
from dam_inventory.formats.mapping import Column, Mapping, choices, suggest
from dam_inventory.formats.table import Table
from tests.files import mapping_of


def fields_of(*headings: str, row: str = "") -> dict[str, str | None]:
    content = ",".join(f'"{heading}"' for heading in headings) + f"\n{row or 'x'}\n"
    return {column.heading: column.field for column in mapping_of(content).columns}


def column_of(heading: str, *cells: str, others: str = "Dam Name") -> Column:
    content = f'{others},"{heading}"\n' + "".join(f'X,"{cell}"\n' for cell in cells or ["1"])
    [column] = [one for one in mapping_of(content).columns if one.heading == heading]
    return column


def test_a_column_has_its_first_three_values():
    assert column_of("River", "Teal Creek", "", "Teal  Creek", "Swan", "Ibis", "Kite").samples == (
        "Teal Creek",
        "Swan",
        "Ibis",
    )


RELEASES = {
    "2005": {
        "DAM_NAME": "dam_name", "NIDID": "nid_id", "OWN_NAME": "owner", "YR_COMPL": "date_built",
        "MAX_DISCH": "max_discharge_cfs", "MAX_STOR": "max_storage_acre_ft",
        "NORMAL_STO": "normal_storage_acre_ft", "SURF_AREA": "surface_area_acres",
        "DRAIN_AREA": "drainage_area_sq_miles", "INSP_DATE": "last_inspection_date",
        "STR_HEIGHT": "structural_height_ft", "HYD_HEIGHT": "hydraulic_height_ft",
        "FED_FUND": "federal_funding", "SUBM_DATE": "data_last_updated",
        "SPILL_TYPE": "spillway_type", "ST_REG_DAM": "state_regulated",
    },
    "performance program": {
        "Dam_Name": "dam_name", "Year_Comp": "date_built", "NPDP_Hazard": "hazard_potential",
        "Oth_StrucID": "other_structure_id", "Owner_Name": "owner", "Dam_Length": "length_ft",
        "NIDID": "nid_id",
    },
    "2018": {
        "dam_name": "dam_name", "nidid": "nid_id", "length_of_locks": "lock_length_ft",
        "submit_date": "data_last_updated", "jurisdictionaldam": "state_jurisdictional",
        "numseparatestructures": "number_of_associated_structures",
    },
    "today": {
        "Dam Name": "dam_name", "NID ID": "nid_id", "NID Height (Ft)": "nid_height_ft",
        "Max Discharge (Cubic Ft/Second)": "max_discharge_cfs",
        "Section, Township, or Range Location": "section",
        "American Indian/Alaska Native/Native Hawaiian": "tribal_land",
        "Is Associated Structure?": "is_associated_structure",
    },
    "API": {
        "name": "dam_name", "nidId": "nid_id", "federalId": "federal_id", "ownerNames": "owner",
        "ownerTypeIds": "owner_type", "primaryOwnerTypeId": "primary_owner_type",
        "purposeIds": "purposes", "hazardId": "hazard_potential",
        "conditionAssessId": "condition_assessment", "conditionAssessDate":
        "condition_assessment_date", "eapId": "eap_prepared", "eapLastRevDate":
        "eap_last_revision_date", "maxStorage": "max_storage_acre_ft", "nidHeight":
        "nid_height_ft", "damLength": "length_ft", "drainageArea": "drainage_area_sq_miles",
        "inspectionDate": "last_inspection_date", "riverName": "river", "congDist":
        "congressional_district", "stateFedId": "state_or_federal_agency_id", "yearCompletedId":
        "year_completed_category", "fedRegulatedId": "federally_regulated", "fedOwnerIds":
        "federal_agency_owners", "secondaryLengthOfLocks": "secondary_lock_length_ft",
        "outletGateTypes": "outlet_gates", "operationalStatusId": "operational_status",
        "dataUpdated": "data_last_updated", "websiteUrl": "website", "coreTypeIds": "core_types",
    },
    "Shapefile": {
        "FEDERAL_ID": "federal_id", "OTHER_STRU": "other_structure_id", "RIVER_OR_S": "river",
        "CONDITION_": "condition_assessment", "NID_STORAG": "nid_storage_acre_ft",
        "HAZARD_POT": "hazard_potential", "EAP_PREPAR": "eap_prepared",
        "STRUCTURAL": "structural_height_ft", "INUNDATION": "inundation_maps",
    },
}  # fmt: skip


@pytest.mark.parametrize("release", RELEASES)
def test_the_names_of_all_releases_are_known_and_nothing_is_asked(release: str):
    wanted = RELEASES[release]
    content = ",".join(f'"{heading}"' for heading in wanted) + "\n" + ",".join("1" for _ in wanted)
    mapping = mapping_of(content + "\n")

    assert {column.heading: column.field for column in mapping.columns} == wanted
    assert mapping.questions == []


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_names_of_the_inventory_itself_are_known(field: Any):
    for heading in (field.name, field.heading):
        if field.name not in ("dam_name", "nid_id"):
            assert column_of(heading, others="nid_id").field == field.name


def test_a_name_that_is_cut_off_and_may_be_two_stays_another_fact():
    assert fields_of("Dam Name", "STATE_REGU")["STATE_REGU"] is None


@pytest.mark.parametrize(
    "heading", ["Structural", "STRUCTURAL", "Inundation", "Permitting", "Nonfederal", "Max Storag"]
)
def test_a_name_that_may_be_cut_or_whole_is_asked_for(heading: str):
    column = column_of(heading, "5", others="Dam Name,Condition of the outlet")

    assert column.question.startswith("Does this column contain ")


@pytest.mark.parametrize("heading", ["Inspection", "Hydraulic ", "Spillways", "Regulation"])
def test_a_word_that_begins_several_names_or_none_stays_another_fact(heading: str):
    content = f'Dam Name,"{heading}"\nX,5\n'

    assert [column.field for column in mapping_of(content).columns] == ["dam_name", None]


@pytest.mark.parametrize("heading", ["HAZARD_POT", "hazard_pot", "hydraulic_", "stateInspe"])
def test_an_identifier_that_ends_within_a_word_is_cut_in_any_list(heading: str):
    column = column_of(heading, "5", others="Dam Name,Condition of the outlet")

    assert (column.field is None, column.question.startswith("Does")) == (False, False)


@pytest.mark.parametrize(
    "others",
    [["NID_STORAG"], ["nid_storag"], ["NID Storag", "Max Storag", "Owner Type", "EAP Prepar"]],
)
def test_a_word_is_a_cut_name_among_others_that_are_cut(others: list[str]):
    mapping = mapping_of(",".join(["Dam Name", *others, "Structural"]) + "\nX" + ",1" * 5 + "\n")

    assert mapping.columns[-1].field == "structural_height_ft"
    assert mapping.columns[-1].question == ""


def test_a_word_in_a_shapefile_is_a_cut_name():
    headings = ("NIDID", "Structural", "Longitude of the geometry", "Latitude of the geometry")

    def asked(kind: str) -> int:
        return len(
            suggest(Table(kind, headings, iter([(1, ["ZZ00001", "1", "-121", "44"])]))).questions
        )

    assert (asked("Shapefile"), asked("GeoPackage")) == (0, 1)


def test_a_whole_name_is_taken_rather_than_one_that_may_be_cut():
    columns = mapping_of("NID ID,Structural,Structural Height (Ft)\nZZ00001,1,2\n").columns

    assert [column.field for column in columns] == ["nid_id", None, "structural_height_ft"]


OTHERS = {
    "a world database": (
        ["RES_NAME", "DAM_NAME", "RIVER", "NEAR_CITY", "YEAR", "DAM_HGT_M", "DAM_LEN_M",
         "AREA_SKM", "CAP_MCM", "CATCH_SKM", "MAIN_USE", "LONG_DD", "LAT_DD", "DEPTH_M"],
        ["other_names", "dam_name", "river", "city", "date_built", "dam_height_ft", "length_ft",
         "surface_area_acres", "nid_storage_acre_ft", "drainage_area_sq_miles", "primary_purpose",
         "longitude", "latitude", None],
        {"YEAR", "AREA_SKM", "CAP_MCM"},
    ),
    "a county": (
        ["Name of Dam", "Stream", "Year Built", "Height (m)", "Crest Length (m)", "Hazard Class",
         "Decimal Latitude", "Decimal Longitude", "Watershed Area [km2]", "Inspector"],
        ["dam_name", "river", "date_built", "dam_height_ft", "length_ft", "hazard_potential",
         "latitude", "longitude", "drainage_area_sq_miles", None],
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("maker", OTHERS)
def test_other_makers_names_are_known_and_what_is_not_sure_is_asked(maker: str):
    headings, fields, asked = OTHERS[maker]
    mapping = mapping_of(",".join(headings) + "\n" + ",".join("1.5" for _ in headings) + "\n")

    assert [column.field for column in mapping.columns] == fields
    assert {column.heading for column in mapping.questions} == asked


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Height (m)", "m"),
        ("height_m", "m"),
        ("Height [metres]", "m"),
        ("Height in feet", "ft"),
        ("HeightFt", "ft"),
        ("Dam Height, ft.", "ft"),
        ("Storage (10^6 m3)", "million m³"),
        ("Storage (Mm³)", "million m³"),
        ("storage_ac_ft", "acre-ft"),
        ("Max Storage (m³)", "m³"),
        ("Surface Area (ha)", "ha"),
        ("drainage_area_sq_mi", "sq mi"),
        ("Max Discharge (cumecs)", "m³/s"),
        ("Max Discharge (Cubic Ft/Second)", "cfs"),
        ("Inspection Frequency (months)", "months"),
    ],
)
def test_the_unit_is_that_of_the_heading(heading: str, unit: str):
    column = column_of(heading)

    assert (column.unit, column.question) == (unit, "")
    assert column.field is not None


@pytest.mark.parametrize("heading", ["Height", "Dam Height", "Crest Length", "Catchment Area"])
def test_a_measure_without_a_unit_is_asked_for_in_a_foreign_list(heading: str):
    column = column_of(heading, "12", others="Dam Name")

    assert column.question.startswith("In which unit is ")


@pytest.mark.parametrize("heading", ["Dam Height", "Surface Area", "Volume", "Distance"])
def test_a_measure_without_a_unit_has_that_of_the_nid_in_a_file_of_the_nid(heading: str):
    column = column_of(heading, "12", others="NID ID")

    assert (column.unit == "", column.question) == (False, "")


def test_a_volume_in_a_file_with_metric_units_is_asked_for():
    content = "Dam Name,Max Storage (m3),Dam Height\nX,1,1\n"

    assert [column.heading for column in mapping_of(content).questions] == ["Dam Height"]


@pytest.mark.parametrize(
    ("heading", "label"),
    [("Lattitude", "Latitude"), ("Longtitude", "Longitude"), ("Capacity", "NID storage")],
)
def test_what_may_be_meant_is_offered_and_asked(heading: str, label: str):
    column = column_of(heading, "1.5")

    if heading == "Capacity":
        assert column.question.startswith(f"Does this column contain {label}?")
    else:
        assert (column.field, column.unit) == (label.casefold(), "degrees")


@pytest.mark.parametrize(
    "heading", ["Remarks", "Country", "recordid", "party", "huc8", "Scorecard"]
)
def test_a_name_that_says_nothing_stays_another_fact(heading: str):
    assert (column_of(heading).field, column_of(heading).question) == (None, "")


@pytest.mark.parametrize(
    ("x", "y", "asked"),
    [("-121.25", "44.1", 0), ("455100.5", "4473000.2", 2), ("1211200", "440600", 2)],
)
@pytest.mark.parametrize("names", [("X", "Y"), ("Easting", "Northing"), ("Longitude", "Latitude")])
def test_coordinates_that_can_not_be_degrees_are_asked_for(
    names: tuple[str, str], x: str, y: str, asked: int
):
    mapping = mapping_of(f"Dam Name,{','.join(names)}\nHeron,{x},{y}\n")

    assert [column.field for column in mapping.columns] == ["dam_name", "longitude", "latitude"]
    assert len(mapping.questions) == asked
    if asked:
        assert "reference system" in mapping.questions[0].question


def test_one_field_is_taken_from_one_column():
    assert fields_of("Dam Name", "lat", "Latitude", "Y") == {
        "Dam Name": "dam_name",
        "lat": None,
        "Latitude": "latitude",
        "Y": None,
    }


def table(*headings: str) -> Table:
    return Table("CSV", headings, iter([(2, ["1"] * len(headings))]))


def test_a_choice_answers_the_question_and_takes_the_field_from_another_column():
    mapping = suggest(table("Dam Name", "Height", "Depth"))

    changed = mapping.with_column("Height", "dam_height_ft", "m")
    assert changed.questions == []
    assert changed.columns[1].unit == "m"
    again = changed.with_column("Depth", "dam_height_ft", "ft")
    assert [column.field for column in again.columns] == ["dam_name", None, "dam_height_ft"]
    assert again.with_column("Depth", None).columns[2].field is None


def test_a_remembered_mapping_is_used_for_the_same_header():
    first = suggest(table("Dam Name", "Height")).with_column("Height", "nid_height_ft", "m")
    remembered = Mapping.from_dict(json.loads(json.dumps(first.as_dict())))

    again = suggest(table("Dam Name", "Height"), remembered)
    other = suggest(table("Dam Name", "Height", "River"), remembered)
    assert (again.columns[1].field, again.columns[1].unit) == ("nid_height_ft", "m")
    assert again.columns[1].samples == ("1",)
    assert again.questions == []
    assert other.columns[1].field == "dam_height_ft"


def test_an_open_question_is_not_remembered_as_an_answer():
    mapping = suggest(table("Dam Name", "Height"))

    assert Mapping.from_dict(mapping.as_dict()).columns[1].field is None


@pytest.mark.parametrize(
    ("heading", "field", "unit", "mark", "words"),
    [
        ("Nothing", "owner", "", "", 'no column "Nothing"'),
        ("Height", "hight", "", "", 'no field "hight"'),
        ("Height", "dam_height_ft", "apples", "", '"apples" is not a unit of Dam height'),
        ("Height", "dam_height_ft", "acre-ft", "", "is not a unit"),
        ("Height", "dam_height_ft", "m", "x", "The decimal mark must be"),
        ("Height", "latitude", "EPSG:0", "", "is not a unit"),
        ("Height", "latitude", "EPSG:99999", "", "is not a unit"),
        ("Height", "latitude", "+proj=utm +zone=12", "", "is not a unit"),
        ("Height", "owner", "ft", "", "is not a unit"),
    ],
)
def test_a_forged_choice_is_refused(heading: str, field: str, unit: str, mark: Any, words: str):
    with pytest.raises(InvalidFile) as raised:
        suggest(table("Dam Name", "Height")).with_column(heading, field, unit, mark)

    assert words in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"columns": 3},
        {"columns": [1]},
        {"columns": [{"heading": "A"}]},
        {"columns": [{"heading": 1, "field": None, "unit": "", "decimal_mark": ""}]},
        {"columns": [{"heading": "A", "field": "x", "unit": "", "decimal_mark": ""}]},
        {"columns": [{"heading": "A", "field": ["owner"], "unit": "", "decimal_mark": ""}]},
        {"columns": [{"heading": "A", "field": None, "unit": "", "decimal_mark": ""}] * 2},
    ],
)
def test_forged_json_is_refused(data: Any):
    with pytest.raises(InvalidFile):
        Mapping.from_dict(data)


@pytest.mark.parametrize(
    ("field", "some"),
    [
        ("nid_height_ft", ("ft", "m")),
        ("nid_storage_acre_ft", ("acre-ft", "thousand acre-ft", "m³")),
        ("max_discharge_cfs", ("cfs", "m³/s", "L/s")),
        ("inspection_frequency_years", ("years", "months")),
        ("latitude", ("degrees", "EPSG:4269")),
        ("number_of_locks", ()),
        ("owner", ()),
    ],
)
def test_the_unit_of_the_inventory_is_the_first_choice(field: str, some: tuple[str, ...]):
    assert choices(field)[: len(some)] == some
    assert bool(choices(field)) == bool(some)
