"""Writes dams as a GeoPackage: GDAL makes the file, SQLite fills it.

GDAL would hold the interpreter's lock while it writes, for more than 0.1 s at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..errors import InvalidFile
from .export_columns import NO_DAMS, Layout
from .extras import extra

LAYER = "dams"

_MOST_COLUMNS = 1_990
"""A table of SQLite has at most 2,000 columns; the geometry and the number of a row are two."""

_NO_TEXTS = np.empty(0, object)
_FULL_EXTENT = "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?"

# A point as GeoPackage 1.3 has it (OGC 12-128r17, 2.1.3): a header without an envelope, then
# well-known binary; all little-endian.
_POINT = np.dtype([
    ("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("system", "<i4"),
    ("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8"),
])  # fmt: skip


def write(path: Path, parts: Iterable[pl.DataFrame], layout: Layout) -> None:
    """Write a GeoPackage with the layer `dams` of points (WGS 84).

    Dams without a location have no geometry. Raises InvalidFile if there are too many columns, or
    the package that makes it is missing.
    """
    pyogrio = library()
    if len(layout.headings) > _MOST_COLUMNS:
        raise InvalidFile(
            f"The dams have {len(layout.others):,} different other facts, but a GeoPackage has at "
            f"most {_MOST_COLUMNS:,} columns. Export GeoJSON or CSV."
        )
    _create(pyogrio, path, layout)
    extents = []
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # Nobody else has the file, and it is removed if anything fails.
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for dams in parts:
            points = _points(dams)
            extents += _extent(points)
            # Most columns of most dams are unknown, and to bind each value takes long.
            known = [one for one in layout.table(dams) if one.null_count() < len(one)]
            rows = zip(_binary(points), *(one.to_list() for one in known), strict=True)
            database.executemany(_insert(["geom", *(one.name for one in known)]), rows)
        if extents:
            low, high = np.min(extents, axis=0), np.max(extents, axis=0)
            database.execute(_FULL_EXTENT, (*low[:2].tolist(), *high[2:].tolist()))
        database.execute("COMMIT")


def library() -> Any:
    """Import the package that makes GeoPackages. Raises InvalidFile if it is missing."""
    return extra("pyogrio.raw", "GeoPackages", to="write")


def _create(pyogrio: Any, path: Path, layout: Layout) -> None:
    """Make a file with the layer, but without rows."""
    table = layout.table(NO_DAMS)
    pyogrio.write(
        path,
        np.empty(0, object),
        # Texts are objects; without any value, they would else have no type.
        [one.to_numpy() if one.dtype.is_numeric() else _NO_TEXTS for one in table.iter_columns()],
        table.columns,
        layer=LAYER,
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
        dataset_options={"ADD_GPKG_OGR_CONTENTS": "NO"},
        layer_options={"FID": "fid", "GEOMETRY_NAME": "geom", "SPATIAL_INDEX": "NO"},
    )


def _insert(columns: Sequence[str]) -> str:
    names = ", ".join('"' + one.replace('"', '""') + '"' for one in columns)
    return f'INSERT INTO "{LAYER}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608


def _points(dams: pl.DataFrame) -> np.ndarray:
    """Return the locations, with NaN for dams without one. Shape (n,), dtype _POINT."""
    points = np.zeros(len(dams), _POINT)
    points["magic"], points["flags"], points["system"] = b"GP", 1, 4326
    points["order"] = points["kind"] = 1
    points["x"] = dams["longitude"].cast(pl.Float64).to_numpy()
    points["y"] = dams["latitude"].cast(pl.Float64).to_numpy()
    return points


def _binary(points: np.ndarray) -> list[bytes | None]:
    data, size = points.tobytes(), _POINT.itemsize
    is_known = np.isfinite(points["x"] + points["y"]).tolist()
    return [data[n * size : (n + 1) * size] if is_it else None for n, is_it in enumerate(is_known)]


def _extent(points: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Return west, south, east and north of points, if any is known."""
    x, y = points["x"], points["y"]
    if np.isnan(x).all():
        return []
    return [(np.nanmin(x), np.nanmin(y), np.nanmax(x), np.nanmax(y))]
