"""Writes dams as a GeoPackage 1.3 (OGC 12-128r17): an SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ..errors import InvalidFile, NoStorage
from .export_columns import NO_DAMS, Layout
from .reference_systems import system

LAYER = "dams"

_MOST_COLUMNS = 1_990
"""A table of SQLite has at most 2,000 columns; the geometry and the number of a row are two."""

_WGS_84 = 4326
_APPLICATION_ID = 0x47504B47
"""The letters GPKG."""

# A header without an envelope, and then a point in well-known binary; both are little-endian.
_POINT = np.dtype(
    [
        ("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs_id", "<i4"),
        ("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8"),
    ]
)  # fmt: skip

_TABLES = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
    srs_id INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents (table_name),
    column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys (srs_id),
    z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name)
);
"""


def write(path: Path, parts: Iterable[pl.DataFrame], layout: Layout) -> Generator[None]:
    """Write a GeoPackage with the layer `dams` of points (WGS 84), a part at each step.

    Dams without a location have no geometry. Raises InvalidFile if there are too many columns, and
    NoStorage if the disk is full.
    """
    # Not by GDAL, which holds up all other threads while it writes.
    if len(layout.headings) > _MOST_COLUMNS:
        raise InvalidFile(
            f"The dams have {len(layout.others):,} different other facts, but a GeoPackage has at "
            f"most {_MOST_COLUMNS:,} columns. Export GeoJSON or CSV."
        )
    try:
        # A file that is not finished is thrown away: it needs no journal.
        with closing(_opened(path)) as database:
            database.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}"
            )
            database.execute("BEGIN")
            yield from _write(database, parts, layout)
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise NoStorage(f"The GeoPackage can't be written: {error}.") from error


def _opened(path: Path) -> sqlite3.Connection:
    # The next step may be in another thread.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _write(
    database: sqlite3.Connection, parts: Iterable[pl.DataFrame], layout: Layout
) -> Generator[None]:
    systems = [
        ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
        ("Undefined geographic", 0, "NONE", 0, "undefined"),
        ("WGS 84", _WGS_84, "EPSG", _WGS_84, system(f"EPSG:{_WGS_84}").to_wkt("WKT1_GDAL")),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", systems)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
        "VALUES (?, 'features', ?, ?)",
        (LAYER, LAYER, _WGS_84),
    )
    columns = [f"{_quoted(name)} {_type(of)}" for name, of in layout.table(NO_DAMS).schema.items()]
    database.execute(
        f"CREATE TABLE {LAYER} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        f"geom POINT, {', '.join(columns)})"
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", (LAYER, _WGS_84)
    )
    marks = ", ".join("?" * (1 + len(columns)))
    insert = f"INSERT INTO {LAYER} VALUES (NULL, {marks})"  # noqa: S608  # only words of ours
    bounds = [np.inf, np.inf, -np.inf, -np.inf]
    for dams in parts:
        points = _points(dams)
        is_known = ~np.isnan(points["x"] + points["y"])
        rows = zip(_blobs(points, is_known), layout.table(dams).iter_rows(), strict=True)
        database.executemany(insert, ((blob, *row) for blob, row in rows))
        if is_known.any():
            x, y = points["x"][is_known], points["y"][is_known]
            bounds = [
                *np.minimum(bounds[:2], (x.min(), y.min())),
                *np.maximum(bounds[2:], (x.max(), y.max())),
            ]
        yield
    if np.isfinite(bounds).all():
        database.execute(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?",
            [float(one) for one in bounds],
        )


def _type(of: pl.DataType) -> str:
    if of.is_float():
        return "REAL"
    return "INTEGER" if of.is_integer() else "TEXT"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _points(dams: pl.DataFrame) -> npt.NDArray[np.void]:
    """Return the locations as a GeoPackage stores them; x and y are NaN for those without one."""
    points = np.zeros(len(dams), _POINT)
    points["magic"], points["flags"], points["srs_id"] = b"GP", 1, _WGS_84
    points["order"], points["kind"] = 1, 1
    points["x"] = dams["longitude"].cast(pl.Float64).to_numpy()
    points["y"] = dams["latitude"].cast(pl.Float64).to_numpy()
    return points


def _blobs(points: npt.NDArray[np.void], is_known: npt.NDArray[np.bool_]) -> list[bytes | None]:
    data, size = points.tobytes(), _POINT.itemsize
    return [
        data[index * size : (index + 1) * size] if one else None
        for index, one in enumerate(is_known.tolist())
    ]
