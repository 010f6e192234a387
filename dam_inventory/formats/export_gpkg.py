"""Writes dams as a GeoPackage, by GDAL."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ..errors import InvalidFile
from .export_columns import NO_DAMS, Layout
from .extras import extra

LAYER = "dams"

_MOST_COLUMNS = 1_990
"""A table of SQLite has at most 2,000 columns; the geometry and the number of a row are two."""

_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])


def write(path: Path, parts: Iterable[pl.DataFrame], layout: Layout) -> None:
    """Write a GeoPackage with the layer `dams` of points (WGS 84).

    Dams without a location have no geometry. Raises InvalidFile if there are too many columns, or
    the package that writes it is missing.
    """
    pyogrio = library()
    if len(layout.headings) > _MOST_COLUMNS:
        raise InvalidFile(
            f"The dams have {len(layout.others):,} different other facts, but a GeoPackage has at "
            f"most {_MOST_COLUMNS:,} columns. Export GeoJSON or CSV."
        )
    append = False
    for dams in chain(parts, [] if layout.size else [NO_DAMS]):
        table = layout.table(dams)
        pyogrio.write(
            path,
            _points(dams),
            [_array(column) for column in table],
            table.columns,
            layer=LAYER,
            driver="GPKG",
            geometry_type="Point",
            crs="EPSG:4326",
            append=append,
            **({} if append else {"layer_options": {"FID": "fid", "GEOMETRY_NAME": "geom"}}),
        )
        append = True


def library() -> Any:
    """Import the package that writes GeoPackages. Raises InvalidFile if it is missing."""
    return extra("pyogrio.raw", "GeoPackages", to="write")


def _array(column: pl.Series) -> npt.NDArray[Any]:
    # As objects, so that also a column without any value becomes one of text.
    return column.to_numpy() if column.dtype.is_numeric() else np.array(column.to_list(), object)


def _points(dams: pl.DataFrame) -> npt.NDArray[np.object_]:
    """Return the locations in well-known binary (OGC 06-103r4), None for dams without one."""
    points = np.empty(len(dams), _POINT)
    points["order"], points["kind"] = 1, 1  # little-endian, a point
    points["x"] = dams["longitude"].cast(pl.Float64).to_numpy()
    points["y"] = dams["latitude"].cast(pl.Float64).to_numpy()
    data, size = points.tobytes(), _POINT.itemsize
    found = np.empty(len(dams), object)
    for index, is_known in enumerate((~np.isnan(points["x"] + points["y"])).tolist()):
        if is_known:
            found[index] = data[index * size : (index + 1) * size]
    return found
