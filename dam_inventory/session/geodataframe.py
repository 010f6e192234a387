"""Dams as a GeoDataFrame; needs geopandas, so it is imported late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..errors import PackageMissing

if TYPE_CHECKING:
    import geopandas

WGS_84 = "EPSG:4326"


def as_geodataframe(dams: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Return dams with a column `geometry` of points in degrees (WGS 84).

    dams: with the columns latitude and longitude. A dam without coordinates has no geometry: None.
    Raises PackageMissing without geopandas.
    """
    try:
        import geopandas
    except ModuleNotFoundError as error:
        if error.name != "geopandas":
            raise
        raise PackageMissing(
            "A GeoDataFrame needs geopandas. Run: pip install 'dam-inventory[geo]'."
        ) from None
    points = geopandas.points_from_xy(dams["longitude"], dams["latitude"], crs=WGS_84)
    points[dams["latitude"].isna().to_numpy()] = None
    return geopandas.GeoDataFrame(dams, geometry=points)
