"""What is exported: bytes in the formats of other programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from dam_inventory.domain.fields import FIELD
from dam_inventory.errors import Cancelled, InvalidFile
from dam_inventory.formats.exports import FORMATS, chunks, file_name
from dam_inventory.snapshot.schema import COLUMNS, frame_of

MOMENT = dt.datetime(2026, 11, 27, 9, 30, 15, 42, tzinfo=dt.UTC)
HERON = {
    "id": 7, "dam_name": "Heron Lake", "latitude": 40.5, "longitude": -111.25,
    "nid_height_ft": 52.0, "state": "Utah", "hydrograph_id": 3, "added_by": "ann",
    "other_facts": json.dumps({"Aspect": "Ost \u2013 West", "volume": "7"}),
}  # fmt: skip
UNPLACED = {"id": 9, "dam_name": '=1+1, "quoted"'}


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


@pytest.mark.parametrize("format_name", ["csv", "geojson"])
def test_an_export_of_no_dams_is_a_valid_file(format_name: str) -> None:
    data = exported(format_name=format_name)
    if format_name == "csv":
        assert data.decode("utf-8-sig").startswith("id,dam_name")
    else:
        assert json.loads(data)["features"] == []


def test_progress_is_the_number_of_dams_that_are_written() -> None:
    seen: list[int] = []
    exported(HERON, UNPLACED, on_progress=seen.append)
    assert seen == [1, 2]


@pytest.mark.parametrize("format_name", ["csv", "geojson"])
def test_an_export_ends_when_it_is_cancelled(format_name: str) -> None:
    written = chunks(parts_of(HERON, UNPLACED), format_name, is_cancelled=lambda: True)
    with pytest.raises(Cancelled, match="canceled the export"):
        list(written)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidFile, match="Choose csv, xlsx, geojson, gpkg"):
        next(chunks(parts_of(HERON), "pdf"))


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
