"""Coordinate reference systems of files."""

from __future__ import annotations

import numpy as np
import pytest

from dam_inventory.errors import InvalidFile
from dam_inventory.formats import reference_systems


@pytest.mark.parametrize(
    "code", ["EPSG:4326", "EPSG:26912", "EPSG:3857", *reference_systems.COMMON]
)
def test_a_code_of_places_is_a_system(code: str):
    assert reference_systems.is_system(code)


@pytest.mark.parametrize(
    "code", ["", "EPSG:1", "EPSG:99999", "26912", "epsg:26912", "EPSG:5703", "+proj=utm +zone=12"]
)
def test_heights_and_other_text_are_none(code: str):
    assert not reference_systems.is_system(code)


def test_places_are_transformed_in_the_order_east_north():
    x, y = reference_systems.transformed(
        "EPSG:26910", np.array([644_000.0]), np.array([4_885_000.0])
    )

    assert (x[0], y[0]) == pytest.approx((-121.20077, 44.10402), abs=1e-5)
    assert reference_systems.to_degrees("EPSG:26910")(644_000, 4_885_000) == (x[0], y[0])


def test_a_place_outside_the_system_is_none():
    x, _ = reference_systems.transformed("EPSG:3857", np.array([np.nan, 0.0]), np.array([0.0, 0.0]))

    assert np.isnan(x).tolist() == [True, False]
    with pytest.raises(ValueError, match="outside"):
        reference_systems.to_degrees("EPSG:26912")(1e12, 1e12)


@pytest.mark.parametrize("definition", ["OGC:CRS84", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_wgs_84_needs_no_transformation(definition: str):
    assert reference_systems.is_wgs84(definition)
    assert not reference_systems.is_wgs84("EPSG:4269")


def test_an_unknown_definition_is_named():
    with pytest.raises(InvalidFile, match='The reference system "Atlantis" is not known'):
        reference_systems.system("Atlantis")
