"""The dams of a session as a GeoDataFrame."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from dam_inventory.errors import PackageMissing
from dam_inventory.session.geodataframe import as_geodataframe
from dam_inventory.session.store import DamStore


def test_it_has_the_dams_that_match_the_filter_as_points(store: DamStore):
    store.filter.search = "deer"

    found = store.geodataframe

    assert [*found["dam_name"]] == ["Deer Creek"]
    assert found.crs == "EPSG:4326"
    (point,) = found.geometry
    (row,) = store.dams.itertuples()
    assert (point.x, point.y) == (row.longitude, row.latitude)


def test_a_dam_without_coordinates_has_no_geometry():
    dams = pd.DataFrame({"latitude": [40.4, np.nan], "longitude": [-111.5, np.nan]}, index=[7, 9])

    found = as_geodataframe(dams)

    assert [*found.index] == [7, 9]
    assert [*found.geometry.isna()] == [False, True]


def test_without_geopandas_it_says_how_to_install_it(
    store: DamStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "geopandas", None)

    with pytest.raises(PackageMissing, match=r"pip install 'dam-inventory\[geo\]'"):
        _ = store.geodataframe
