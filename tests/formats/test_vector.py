"""Reading GeoPackages and Shapefiles that GDAL has written; see data/make_fixtures.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest

from tests.data import make_fixtures as fixtures
from tests.files import dams_of, mapping_of, rows_of, table_of

DATA = Path(__file__).parents[1] / "data"


def test_it_reads_a_geopackage_with_the_names_and_codes_of_the_nid():
    assert dams_of(DATA / "nid.gpkg")[0] == {
        "dam_name": "Grebe Dam",
        "nid_id": "ZZ00071",
        "federal_id": "ZZ00071",
        "owner": "Grebe Farms",
        "max_storage_acre_ft": 1562.5,
        "nid_height_ft": 33.0,
        "date_built": "1950",
        "hazard_potential": "High",
        "condition_assessment": "Fair",
        "eap_prepared": "Yes",
        "condition_assessment_date": "2021-01-05",
        "longitude": -121.2,
        "latitude": 44.1,
    }


def test_what_a_geopackage_does_not_know_is_unknown():
    without_owner, without_place = dams_of(DATA / "nid.gpkg")[1:]

    assert {"owner", "max_storage_acre_ft", "date_built"}.isdisjoint(without_owner)
    assert without_owner["condition_assessment"] == "Not Available"
    assert {"owner", "nid_height_ft", "latitude", "other_facts"}.isdisjoint(without_place)


def test_layers_that_are_left_out_and_another_system_are_told():
    assert table_of(DATA / "nid.gpkg")[2] == (
        "Only the layer dams is read, not notes.",
        "The coordinates were transformed from NAD83 (EPSG:4269) to WGS 84.",
    )


def test_it_reads_a_shapefile_with_cut_names_in_its_own_system_and_encoding():
    kind, _, notes, _ = table_of(DATA / "cut_names.zip")
    dam, other = dams_of(DATA / "cut_names.zip")

    assert kind == "Shapefile"
    assert notes == (
        "The coordinates were transformed from NAD83 / UTM zone 10N (EPSG:26910) to WGS 84.",
    )
    assert dam["dam_name"] == "Cañon Dam"
    assert (dam["latitude"], dam["longitude"]) == pytest.approx((44.10402, -121.20077), abs=1e-5)
    assert {key: other[key] for key in ("other_structure_id", "river", "condition_assessment")} == {
        "other_structure_id": "S001",
        "river": "Wigeon Creek",
        "condition_assessment": "Poor",
    }
    assert (other["nid_height_ft"], other["hazard_potential"]) == (12.5, "Low")


def test_areas_have_a_place_and_a_missing_system_is_told():
    _, _, notes, _ = table_of(DATA / "areas.zip")
    [dam] = dams_of(DATA / "areas.zip")

    assert notes == (
        "The file does not name its reference system. Its coordinates are taken as degrees "
        "(WGS 84).",
        "Lines and areas are taken as the middle of their extent.",
    )
    assert (dam["dam_name"], dam["latitude"], dam["longitude"]) == (
        "Cañon Reservoir",
        44.105,
        -121.195,
    )


@pytest.fixture
def layer(tmp_path: Path):
    def written(points: list[tuple[float, float]], columns: dict[str, list], **options) -> Path:
        path = tmp_path / "dams.gpkg"
        fixtures.write(
            path,
            [fixtures.point(*point) for point in points],
            columns,
            layer="dams",
            geometry_type="Point",
            **options,
        )
        return path

    return written


@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_coordinates_without_a_system_that_can_not_be_degrees_are_asked_for(layer):
    path = layer([(644_000, 4_885_000)], {"name": ["Heron"]})

    def utm(mapping):
        for field in ("longitude", "latitude"):
            heading = f"{field.capitalize()} of the geometry"
            mapping = mapping.with_column(heading, field, "EPSG:26910")
        return mapping

    assert [column.field for column in mapping_of(path).questions] == ["longitude", "latitude"]
    [dam] = rows_of(path, utm)
    assert dam.values["latitude"] == pytest.approx(44.10402, abs=1e-5)


@pytest.mark.parametrize(("latitude", "wins"), [(44.1, "attribute"), (45.0, "geometry")])
def test_attributes_with_the_same_coordinates_are_not_read_twice(layer, latitude: float, wins: str):
    columns = {"name": ["Heron"], "latitude": [latitude], "longitude": [-121.2]}
    path = layer([(-121.20000001, 44.10000001)], columns, crs="EPSG:4326")

    [dam] = dams_of(path)
    if wins == "attribute":
        assert (dam["latitude"], dam["longitude"]) == (44.1, -121.2)
        assert "other_facts" not in dam
    else:
        assert (dam["latitude"], dam["longitude"]) == (44.10000001, -121.20000001)
        assert dam["other_facts"] == {"latitude": "45", "longitude": "-121.2"}


def test_layers_are_read_in_batches(layer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dam_inventory.formats.vector._BATCH", 3)
    names = [f"Dam {number}" for number in range(8)]
    path = layer([(-121.0, 44.0 + n / 10) for n in range(8)], {"name": names}, crs="EPSG:4326")

    dams = dams_of(path)
    assert [dam["dam_name"] for dam in dams] == names
    assert [round(dam["latitude"], 6) for dam in dams] == [44 + n / 10 for n in range(8)]


def test_a_table_without_places_is_read(tmp_path: Path):
    path = tmp_path / "dams.gpkg"
    fixtures.write(path, [], {"name": ["Heron"], "nidId": ["ZZ1"]}, layer="dams")

    assert dams_of(path) == [{"dam_name": "Heron", "nid_id": "ZZ1"}]


def test_a_damaged_geopackage_is_refused(tmp_path: Path):
    from dam_inventory.errors import InvalidFile

    path = tmp_path / "dams.gpkg"
    content = (DATA / "nid.gpkg").read_bytes()
    path.write_bytes(content[:200] + bytes(len(content) - 200))

    with pytest.raises(InvalidFile, match="GeoPackage"):
        rows_of(path)


def test_the_fixtures_are_what_gdal_writes():
    assert pyogrio.read_info(DATA / "nid.gpkg", layer="dams")["features"] == 3
    assert np.isfinite(pyogrio.read_bounds(DATA / "nid.gpkg", layer="dams")[1][:, 0]).all()
