"""What is exported: bytes in the formats of other programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pyogrio
import pytest
import python_calamine

from dam_inventory.domain.fields import FIELD, FIELDS
from dam_inventory.errors import Cancelled, InvalidFile, NoStorage
from dam_inventory.formats import dam_rows, export_gpkg, export_xlsx, extras
from dam_inventory.formats.exports import FORMATS, chunks, file_name, missing
from dam_inventory.formats.mapping import suggest
from dam_inventory.formats.registry import open_table
from dam_inventory.snapshot.schema import COLUMNS, frame_of

MOMENT = dt.datetime(2026, 11, 27, 9, 30, 15, 42, tzinfo=dt.UTC)
HERON = {
    "id": 7, "dam_name": "Heron Lake", "latitude": 40.5, "longitude": -111.25,
    "nid_height_ft": 52.0, "state": "Utah", "hydrograph_id": 3, "added_by": "ann",
    "other_facts": json.dumps({"Aspect": "Ost \u2013 West", "volume": "7"}),
}  # fmt: skip
UNPLACED = {"id": 9, "dam_name": '=1+1, "quoted"'}


NUMBERS = {one.name for one in FIELDS if one.is_number}


def parts_of(*dams: dict[str, Any], size: int = 1) -> Any:
    rows = [tuple({"added_at": MOMENT, **dam}.get(name) for name in COLUMNS) for dam in dams]

    def parts() -> Iterator[pl.DataFrame]:
        return (frame_of(rows[start : start + size]) for start in range(0, len(rows), size))

    return parts


def exported(*dams: dict[str, Any], format_name: str = "csv", **options: Any) -> bytes:
    return b"".join(chunks(parts_of(*dams), format_name, **options))


def lines(*dams: dict[str, Any], **options: Any) -> list[dict[str, str]]:
    text = exported(*dams, **options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_column_for_each_field_and_for_each_other_fact() -> None:
    first, second = lines(HERON, UNPLACED)
    assert list(first) == [
        "id", *FIELD, "has_hydrograph", "added_by", "added_at", "Aspect", "Other fact: volume",
    ]  # fmt: skip
    assert (first["dam_name"], first["nid_height_ft"]) == ("Heron Lake", "52.0")
    assert (first["Aspect"], first["Other fact: volume"]) == ("Ost \u2013 West", "7")
    assert first["added_at"] == "2026-11-27T09:30:15.000042Z"
    assert (first["has_hydrograph"], second["has_hydrograph"]) == ("Yes", "No")
    assert second["latitude"] == ""


def test_csv_begins_with_a_byte_order_mark_without_which_excel_misreads_it() -> None:
    assert exported(HERON).startswith(b"\xef\xbb\xbfid,")


def test_csv_has_the_headings_of_the_national_inventory_if_asked_for() -> None:
    [first] = lines(HERON, columns="nid")
    assert (first["Dam Name"], first["NID Height (Ft)"]) == ("Heron Lake", "52.0")
    assert "dam_name" not in first


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'"])
def test_csv_has_no_cell_that_a_spreadsheet_would_run(start: str) -> None:
    dam = {**UNPLACED, "dam_name": f"{start}1+1", "other_facts": json.dumps({"=A1": f"{start}2"})}
    [line] = lines(dam)
    assert line["dam_name"] == f"'{start}1+1"
    assert line["Other fact: =A1"] == f"'{start}2"


def test_geojson_is_one_feature_for_each_dam() -> None:
    collection = json.loads(exported(HERON, UNPLACED, format_name="geojson"))
    first, second = collection["features"]
    assert collection["type"] == "FeatureCollection"
    assert (first["type"], first["id"]) == ("Feature", 7)
    assert first["geometry"] == {"type": "Point", "coordinates": [-111.25, 40.5]}
    assert list(first["properties"])[:2] == ["id", "dam_name"]
    assert first["properties"]["other_facts"] == {"Aspect": "Ost \u2013 West", "volume": "7"}
    assert second["geometry"] is None
    assert second["properties"]["dam_name"] == '=1+1, "quoted"'
    assert second["properties"]["other_facts"] is second["properties"]["nid_height_ft"] is None


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_export_of_no_dams_is_a_valid_file_without_rows(format_name: str) -> None:
    with (
        pytest.raises(InvalidFile, match="no rows"),
        open_table(io.BytesIO(exported(format_name=format_name)), "dams"),
    ):
        pass


def workbook(*dams: dict[str, Any]) -> list[list[Any]]:
    data = exported(*dams, format_name="xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["dams"]
    return book.get_sheet_by_name("dams").to_python()


def test_a_workbook_has_the_columns_of_csv_and_numbers_as_numbers() -> None:
    heading, first, second = workbook(HERON, UNPLACED)
    assert heading == list(lines(HERON, UNPLACED)[0])
    assert first[heading.index("nid_height_ft")] == 52.0
    assert (first[heading.index("state")], second[heading.index("state")]) == ("Utah", "")


def test_the_sheet_of_a_workbook_is_as_the_standard_has_it() -> None:
    data = exported(HERON, UNPLACED, {**UNPLACED, "id": 11}, format_name="xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        sheet = ElementTree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    rows = sheet.findall("x:sheetData/x:row", space)
    assert [row.get("r") for row in rows] == ["1", "2", "3", "4"]
    places = [[cell.get("r") for cell in row] for row in rows]
    assert places[0][24:28] == ["Y1", "Z1", "AA1", "AB1"]
    headings = [*lines(HERON)[0]]
    known = [headings.index(one) for one in ("id", "dam_name", "has_hydrograph", "added_at")]
    assert places[2] == [f"{places[0][place][:-1]}3" for place in known]
    dimension = sheet.find("x:dimension", space)
    assert dimension is not None
    assert dimension.get("ref") == f"A1:{places[0][-1][:-1]}4"


TEXTS = ["=1+1", "@A1", "https://example.org", "<r><t>x</t></r>", "007", "{=1}", "mailto:a@b.c"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_workbook_has_no_formula_no_link_and_no_markup_of_others(text: str) -> None:
    data = exported({**UNPLACED, "dam_name": text}, format_name="xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert not [name for name in packed.namelist() if "sheet1.xml.rels" in name]
    assert workbook({**UNPLACED, "dam_name": text})[1][1] == text


def test_a_workbook_keeps_all_digits_of_a_number() -> None:
    assert workbook({**HERON, "latitude": 0.1 + 0.2})[1][17] == 0.1 + 0.2


def begin(written: Iterator[bytes]) -> bytes:
    """Return the first bytes of a file."""
    return next(filter(None, written))


def test_dams_that_a_sheet_can_not_hold_are_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export_xlsx, "_MOST_ROWS", 2)
    with pytest.raises(InvalidFile, match=r"room for 1 dams, but there are 2\. Set a filter"):
        begin(chunks(parts_of(HERON, UNPLACED), "xlsx"))
    monkeypatch.setattr(export_xlsx, "_MOST_ROWS", 3)
    monkeypatch.setattr(export_xlsx, "_MOST_COLUMNS", 85)
    with pytest.raises(InvalidFile, match="room for 85 columns"):
        begin(chunks(parts_of(HERON, UNPLACED), "xlsx"))
    monkeypatch.undo()
    monkeypatch.setattr(export_xlsx, "_MOST_CHARACTERS", 10)
    with pytest.raises(InvalidFile, match="holds at most 10 characters"):
        begin(chunks(parts_of(UNPLACED), "xlsx"))


def test_a_geopackage_is_a_layer_of_points_in_degrees(tmp_path: Path) -> None:
    file = tmp_path / "dams.gpkg"
    file.write_bytes(exported(HERON, UNPLACED, format_name="gpkg"))
    about = pyogrio.read_info(file, layer="dams")
    assert list(about["fields"]) == list(lines(HERON, UNPLACED)[0])
    assert (about["crs"], about["geometry_type"], about["features"]) == ("EPSG:4326", "Point", 2)
    assert tuple(about["total_bounds"]) == (-111.25, 40.5, -111.25, 40.5)
    assert about["fid_column"] == "fid"
    assert dict(zip(about["fields"], about["dtypes"], strict=True)) == {
        name: "int64" if name == "id" else "float64" if name in NUMBERS else "object"
        for name in about["fields"]
    }
    _, _, geometry, data = pyogrio.raw.read(file, layer="dams")
    assert geometry[1] is None
    assert data[1].tolist() == ["Heron Lake", '=1+1, "quoted"']


def test_other_facts_that_no_geopackage_can_hold_are_refused() -> None:
    dams = [
        {**UNPLACED, "id": dam, "other_facts": json.dumps({f"{dam} {n}": "x" for n in range(300)})}
        for dam in range(7)
    ]
    with pytest.raises(InvalidFile, match=r"2,100 different other facts.*Export GeoJSON or CSV"):
        begin(chunks(parts_of(*dams), "gpkg"))


@pytest.mark.parametrize("format_name", ["xlsx", "gpkg"])
def test_no_temporary_file_is_left_however_an_export_ends(
    format_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    closed_early = chunks(parts_of(HERON), format_name)
    begin(closed_early)
    assert [*tmp_path.iterdir()]
    closed_early.close()
    assert [*tmp_path.iterdir()] == []

    asked = iter([False] * 3 + [True] * 9)
    with pytest.raises(Cancelled):
        list(chunks(parts_of(HERON, UNPLACED), format_name, is_cancelled=lambda: next(asked)))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("format_name", ["xlsx", "gpkg"])
def test_a_file_is_built_in_steps_between_which_others_have_their_turn(format_name: str) -> None:
    read: list[int] = []
    parts = parts_of(*({**HERON, "id": number} for number in range(20)))

    def counted() -> Iterator[pl.DataFrame]:
        for dams in parts():
            read.append(1)
            yield dams

    most, before = 0, 0
    for chunk in chunks(counted, format_name):
        most, before = max(most, len(read) - before), len(read)
        if chunk:
            break
    assert (most, len(read)) == (1, 40)


def test_each_step_may_be_in_another_thread() -> None:
    written, data = chunks(parts_of(HERON, UNPLACED), "gpkg"), []

    def step() -> None:
        data.append(next(written, None))

    while not data or data[-1] is not None:
        thread = threading.Thread(target=step)
        thread.start()
        thread.join()
    assert b"".join(filter(None, data)).startswith(b"SQLite format 3")


@pytest.mark.parametrize("format_name", ["xlsx", "gpkg"])
def test_a_disk_without_room_is_told_apart_from_dams_that_do_not_fit(
    format_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(NoStorage, match="can't be written: No such file"):
        begin(chunks(parts_of(HERON), format_name))


def test_a_geopackage_that_the_disk_has_no_room_for_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA max_page_count = 3")
        return database

    monkeypatch.setattr(export_gpkg, "_opened", opened)
    with pytest.raises(NoStorage, match="disk is full"):
        begin(chunks(parts_of(HERON), "gpkg"))


def test_a_workbook_escapes_only_what_a_reader_would_decode() -> None:
    names = ["_xray", "Heron_x", "_x00zz_", "_x0041_x0042_x0043_", "_x1111\ufffe", "a_x005F_"]
    data = exported(*({**UNPLACED, "dam_name": name} for name in names), format_name="xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    for stored in (
        "_xray", "Heron_x", "_x00zz_", "_x005F_x0041_x005F_x0042_x005F_x0043_",
        "_x005F_x1111_xFFFE_", "a_x005F_x005F_",
    ):  # fmt: skip
        assert f"<t>{stored}</t>" in sheet
    _, *rows = workbook(*({**UNPLACED, "dam_name": name} for name in names))
    assert [row[1].replace("_xFFFE_", "\ufffe") for row in rows] == names


def test_a_missing_package_is_named_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(extras.importlib, "import_module", without)
    with pytest.raises(InvalidFile) as refused:
        begin(chunks(parts_of(HERON), "xlsx"))
    assert str(refused.value) == (
        "To write Excel files, install the extra formats: "
        'pip install "dam-inventory[formats]". Or export CSV or GeoJSON.'
    )


def test_a_file_that_another_program_rewrote_with_its_own_sign_for_nothing_is_read_as_any() -> None:
    rows = list(csv.reader(io.StringIO(exported(HERON, UNPLACED).decode("utf-8-sig"))))
    text = io.StringIO()
    csv.writer(text).writerows([[cell or "NA" for cell in row] for row in rows])
    with open_table(io.BytesIO(text.getvalue().encode()), "dams.csv") as table:
        first, second = dam_rows.read(table, suggest(table))
    assert first.values["other_facts"] == {"Aspect": "Ost \u2013 West", "volume": "7"}
    assert second.values == {"dam_name": '=1+1, "quoted"'}


def test_a_value_that_somebody_has_typed_into_an_export_is_read_as_in_other_files() -> None:
    data = exported({**HERON, "date_built": "1941"}).replace(b",1941,", b",April 1941,")
    with open_table(io.BytesIO(data.replace(b",52.0,", b",16 m,")), "dams.csv") as table:
        [dam] = dam_rows.read(table, suggest(table))
        assert "export of an inventory" in " ".join(table.notes)
    assert dam.values["date_built"] == "1941-04"
    assert dam.values["nid_height_ft"] == pytest.approx(52.5, abs=0.1)
    assert "Other fact: volume" not in dam.values["other_facts"]


@pytest.mark.parametrize("format_name", ["csv", "geojson"])
def test_csv_and_geojson_are_written_as_the_dams_are_read(format_name: str) -> None:
    asked: list[int] = []
    parts = parts_of(*({**HERON, "id": number} for number in range(50)))

    def counted() -> Iterator[pl.DataFrame]:
        asked.clear()
        for dams in parts():
            asked.append(1)
            yield dams

    written = chunks(counted, format_name)
    for _ in range(3):
        begin(written)
    assert len(asked) < 5
    written.close()


def test_progress_is_the_number_of_dams_that_are_written() -> None:
    seen: list[int] = []
    exported(HERON, UNPLACED, on_progress=seen.append)
    assert seen == [1, 2]


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_export_ends_when_it_is_cancelled(format_name: str) -> None:
    written = chunks(parts_of(HERON, UNPLACED), format_name, is_cancelled=lambda: True)
    with pytest.raises(Cancelled, match="canceled the export"):
        list(written)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidFile, match="Choose csv, xlsx, geojson, gpkg"):
        begin(chunks(parts_of(HERON), "pdf"))


def test_the_formats_are_offered_in_the_order_of_use() -> None:
    assert list(FORMATS) == ["csv", "xlsx", "geojson", "gpkg"]


DAY = dt.date(2026, 11, 27)


def test_a_file_is_named_after_what_it_holds() -> None:
    assert file_name("dams", ["Utah", "High"], DAY, ".csv") == "dams Utah, High 2026-11-27.csv"
    assert file_name("dams", [], DAY, ".gpkg") == "dams 2026-11-27.gpkg"


def test_a_file_name_is_short_and_has_no_sign_that_a_system_refuses() -> None:
    name = file_name("dams", ['Kings/Queens: "A*B?"|<C>\n\\', "x" * 300, "CON."], DAY, ".csv")
    assert len(name) < 90
    assert not set(name) & set('/\\:*?"<>|\n\0')
    assert name.endswith(" 2026-11-27.csv")


def moved(data: bytes, old: str, new: str) -> dam_rows.DamRow:
    text = data.decode().replace(old, new, 1)
    with open_table(io.BytesIO(text.encode()), "dams.geojson") as table:
        [*_, last] = dam_rows.read(table, suggest(table))
    assert isinstance(last, dam_rows.DamRow)
    return last


def test_a_point_that_somebody_has_moved_on_a_map_is_where_the_map_has_it() -> None:
    data = exported(HERON, format_name="geojson")
    dam = moved(data, "[-111.25,40.5]", "[-111.2501,40.6]")
    assert (dam.values["longitude"], dam.values["latitude"]) == (-111.2501, 40.6)
    assert dam.values["other_facts"].keys() == {"Aspect", "volume"}


def test_a_point_that_was_moved_far_behind_the_first_dams_is_noticed_too() -> None:
    many = [{**HERON, "id": number} for number in range(300)]
    data = exported(*many, {**HERON, "id": 999, "latitude": 40.25}, format_name="geojson")
    dam = moved(data, "[-111.25,40.25]", "[-111.25,40.2501]")
    assert (dam.exported_id, dam.values["latitude"]) == (999, 40.2501)


def test_a_column_that_somebody_has_added_to_an_export_is_read_by_its_name() -> None:
    rows = list(csv.reader(io.StringIO(exported(HERON).decode("utf-8-sig"))))
    place = rows[0].index("structural_height_ft")
    rows[0][place], rows[1][place] = "Structural height (m)", "10"
    text = io.StringIO()
    csv.writer(text).writerows([[*rows[0], "Inspector"], [*rows[1], "Carl"]])
    with open_table(io.BytesIO(text.getvalue().encode()), "dams.csv") as table:
        [dam] = dam_rows.read(table, suggest(table))
    assert dam.values["structural_height_ft"] == pytest.approx(32.8, abs=0.1)
    assert dam.values["other_facts"]["Inspector"] == "Carl"


def test_a_format_that_can_not_be_written_here_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [missing(name) for name in FORMATS] == [""] * 4

    def without(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(extras.importlib, "import_module", without)
    assert [name for name in FORMATS if missing(name)] == ["xlsx"]
    assert missing("xlsx").startswith("To write Excel files, install the extra formats")
