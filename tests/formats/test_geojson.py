"""Reading GeoJSON, and lists of records in JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dam_inventory.errors import InvalidFile
from dam_inventory.formats import geojson
from tests.files import dams_of, rows_of, table_of


def feature(x: float, y: float, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: dict[str, Any], **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


HERON = feature(-121.2, 44.1, name="Heron", nidId="ZZ1", maxStorage=1562.5, hazardId=4)
IBIS = feature(-121.3, 44.2, name="Ibis", nidId="ZZ2", note="by hand", isAssociatedStructureId=True)
READ = [
    {
        "dam_name": "Heron",
        "nid_id": "ZZ1",
        "max_storage_acre_ft": 1562.5,
        "hazard_potential": "High",
        "longitude": -121.2,
        "latitude": 44.1,
    },
    {
        "dam_name": "Ibis",
        "nid_id": "ZZ2",
        "is_associated_structure": "Yes",
        "longitude": -121.3,
        "latitude": 44.2,
        "other_facts": {"note": "by hand"},
    },
]


@pytest.mark.parametrize(
    "content",
    [
        collection(HERON, IBIS),
        collection(HERON, IBIS, name="dams", bbox=[-122, 44, -121, 45]),
        json.dumps({"features": [HERON, IBIS], "type": "FeatureCollection"}, indent=2),
        json.dumps(HERON) + "\n" + json.dumps(IBIS) + "\n",
        "\x1e" + json.dumps(HERON) + "\n\x1e" + json.dumps(IBIS),
        "\ufeff" + collection(HERON, IBIS),
        json.dumps([HERON, IBIS]),
    ],
    ids=["whole", "members", "indented", "lines", "sequence", "mark", "list"],
)
def test_it_reads_features_however_they_are_written(content: str):
    assert table_of(content)[0] == "GeoJSON"
    assert dams_of(content) == READ


def test_one_feature_is_a_file():
    assert dams_of(json.dumps(HERON)) == READ[:1]


def test_rows_are_numbered_like_features():
    assert [row.row for row in rows_of(collection(HERON, IBIS))] == [1, 2]


@pytest.mark.parametrize(
    "named",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26910"}},
        {"type": "name", "properties": {"name": "EPSG:26910"}},
        {"type": "EPSG", "properties": {"code": 26910}},
    ],
)
@pytest.mark.parametrize("is_last", [False, True])
def test_the_system_that_old_geojson_names_is_heeded(named: dict[str, Any], is_last: bool):
    members: dict[str, Any] = {"features": [feature(644_000, 4_885_000, name="Heron")]}
    members = {**members, "crs": named} if is_last else {"crs": named, **members}

    _, _, notes, _ = table_of(json.dumps(members))
    [dam] = dams_of(json.dumps(members))

    assert notes[0].startswith("The coordinates were transformed from NAD83 / UTM zone 10N")
    assert (dam["latitude"], dam["longitude"]) == pytest.approx((44.10402, -121.20077), abs=1e-5)


@pytest.mark.parametrize(
    "named",
    ["here", {"type": "link", "properties": {"href": "x"}}, {"properties": {"name": "nonsense"}}],
)
def test_a_system_that_is_not_known_is_refused(named: Any):
    with pytest.raises(InvalidFile, match="reference system"):
        rows_of(collection(HERON, crs=named))


def test_today_s_name_of_degrees_is_no_transformation():
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}

    assert table_of(collection(HERON, crs=named))[2] == ()


@pytest.mark.parametrize(
    ("geometry", "place"),
    [
        ({"type": "LineString", "coordinates": [[-121.2, 44.1], [-121.0, 44.3]]}, (-121.1, 44.2)),
        (
            {"type": "Polygon", "coordinates": [[[-121, 44], [-120, 44], [-120, 45], [-121, 44]]]},
            (-120.5, 44.5),
        ),
        ({"type": "MultiPoint", "coordinates": [[-121.2, 44.1]]}, (-121.2, 44.1)),
        (
            {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point", "coordinates": [-121.2, 44.1, 300]}],
            },
            (-121.2, 44.1),
        ),
    ],
)
def test_lines_and_areas_are_taken_as_their_middle(geometry: Any, place: tuple[float, float]):
    content = json.dumps([{"type": "Feature", "geometry": geometry, "properties": {"name": "X"}}])

    [dam] = dams_of(content)
    assert (dam["longitude"], dam["latitude"]) == pytest.approx(place)
    assert table_of(content)[2] == ("Lines and areas are taken as the middle of their extent.",)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": None},
        {"type": "GeometryCollection", "geometries": True},
        7,
    ],
)
def test_a_feature_without_a_place_keeps_its_attributes(geometry: Any):
    features = [{"type": "Feature", "geometry": geometry, "properties": {"name": "X"}}, HERON]

    dams = dams_of(collection(*features))
    assert dams[0] == {"dam_name": "X"}
    assert dams[1]["latitude"] == 44.1


def test_it_reads_records_of_the_api():
    records = [
        {"name": "Heron", "nidId": "ZZ1", "latitude": "44.1", "longitude": -121.2, "eapId": "2"},
        {"name": "Ibis", "nidId": "ZZ2", "publicHazardId": 3, "huc8": {"a": 1}, "x": ["1", "2"]},
    ]

    assert table_of(json.dumps(records))[0] == "JSON"
    heron, ibis = dams_of(json.dumps(records))
    assert (heron["latitude"], heron["eap_prepared"]) == (44.1, "No")
    assert ibis["hazard_potential"] == "Significant"
    assert ibis["other_facts"] == {"huc8": '{"a": "1"}', "x": "1;2"}


def test_columns_that_only_a_late_feature_has_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(geojson, "_BATCH", 10)
    features = [feature(-121, 44, name=f"Dam {n}") for n in range(500)]
    features.append(feature(-121, 44, name="Last", remark="late"))

    dams = dams_of(collection(*features))
    assert len(dams) == 501
    assert dams[-1]["other_facts"] == {"remark": "late"}


def test_a_number_keeps_its_digits():
    text = '[{"geometry": null, "properties": {"name": "X", "id": 12345678901234567890}}]'

    assert dams_of(text)[0]["other_facts"] == {"id": "12345678901234567890"}


@pytest.mark.parametrize(
    "content",
    [
        '{"type": "FeatureCollection", "features": [{"type": "Feature"',
        '{"type": "FeatureCollection", "features": [{"type" "Feature"}]}',
        "[" * 100_000,
        '[{"name": "X"}, ' + "[" * 100_000,
        '{"a" 1}',
        '{"features": [1, 2]}',
        "[{}, 3]",
    ],
)
def test_what_is_no_json_is_refused_in_a_sentence(content: str):
    with pytest.raises(InvalidFile) as raised:
        rows_of(content)

    assert str(raised.value).endswith(".")


def test_more_columns_than_any_list_has_are_refused():
    with pytest.raises(InvalidFile, match="more than 2,000 columns"):
        rows_of(json.dumps([{f"c{n}": 1 for n in range(3000)}]))
