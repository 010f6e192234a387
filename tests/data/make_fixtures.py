"""Makes the GeoPackages, Shapefiles and workbooks of this folder, with values of our own.

    python -m pip install xlsxwriter
    python tests/data/make_fixtures.py

GDAL writes dates and versions into some of them, so that they differ each time.
"""

from __future__ import annotations

import datetime as dt
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import xlsxwriter

HERE = Path(__file__).parent


def point(x: float, y: float) -> bytes:
    return struct.pack("<BIdd", 1, 1, x, y)


def square(x: float, y: float, side: float) -> bytes:
    ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    coordinates = b"".join(struct.pack("<dd", *one) for one in ring)
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + coordinates


def write(path: Path, shapes: list[bytes | None], columns: dict[str, list], **options) -> None:
    """Write a layer. columns: texts, or numbers with NaN for none."""
    pyogrio.raw.write(
        path,
        np.array(shapes, dtype=object) if shapes else None,
        [np.array(c, dtype=object if isinstance(c[0], str) else None) for c in columns.values()],
        np.array(list(columns), dtype=object),
        **options,
    )


def geopackage() -> None:
    """The names and codes of the National Inventory's own, in NAD 83, with a layer of notes."""
    path = HERE / "nid.gpkg"
    path.unlink(missing_ok=True)
    write(
        path,
        [point(-121.2, 44.1), point(-121.3, 44.2), None],
        {
            "name": ["Grebe Dam", "Gadwall Dam", "Godwit Dam"],
            "nidId": ["ZZ00071", "ZZ00072", "ZZ00073"],
            "federalId": ["ZZ00071", "ZZ00072", "ZZ00073"],
            "ownerNames": ["Grebe Farms", None, "NA"],
            "maxStorage": [1562.5, np.nan, 30.0],
            "nidHeight": [33.0, 12.5, np.nan],
            "yearCompleted": [1950.0, np.nan, 1962.0],
            "hazardId": ["4", "2", "1"],
            "conditionAssessId": ["2", "6", ""],
            "eapId": ["1", "3", "2"],
            "conditionAssessDate": np.array(
                ["2021-01-05", "NaT", "2022-06-30"], dtype="datetime64[ms]"
            ),
        },
        layer="dams",
        geometry_type="Point",
        crs="EPSG:4269",
    )
    write(path, [], {"note": ["made by hand"]}, layer="notes", append=True)


def shapefile(
    name: str, encoding: str, crs: str | None, shapes, columns, geometry_type: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dams.shp"
        write(path, shapes, columns, geometry_type=geometry_type, crs=crs, encoding=encoding)
        with zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as zipped:
            for part in sorted(Path(folder).iterdir()):
                if part.suffix != ".cpg":
                    zipped.write(part, f"dams/{part.name}")


def shapefiles() -> None:
    shapefile(
        "cut_names.zip", "UTF-8", "EPSG:26910",
        [point(644_000, 4_885_000), point(635_000, 4_896_000)],
        {
            "DAM_NAME": ["Ca\u00f1on Dam", "Cormorant Dam"],
            "FEDERAL_ID": ["ZZ00081", "ZZ00082"],
            "OTHER_STRU": ["", "S001"],
            "RIVER_OR_S": ["Teal Creek", "Wigeon Creek"],
            "CONDITION_": ["Fair", "Poor"],
            "NID_HEIGHT": [33.0, 12.5],
            "HAZARD_POT": ["High", "Low"],
        },
        "Point",
    )  # fmt: skip
    shapefile(
        "areas.zip", "windows-1252", None,
        [square(-121.2, 44.1, 0.01)],
        {"DAM_NAME": ["Ca\u00f1on Reservoir"], "AREA_HA": [12.0]},
        "Polygon",
    )  # fmt: skip


def workbook() -> None:
    book = xlsxwriter.Workbook(str(HERE / "dams.xlsx"), {"nan_inf_to_errors": True})
    readme = book.add_worksheet("Read me")
    readme.write(0, 0, "Dams of the Example County")
    sheet = book.add_worksheet("Dams")
    date = book.add_format({"num_format": "m/d/yyyy"})
    sheet.write(0, 1, "Data Last Updated: 2025-06-01")
    sheet.write_row(
        2, 1,
        ["Dam Name", "Federal ID", "Latitude", "Longitude", "Year Completed", "Height (m)",
         "Last Inspection Date", "State Regulated Dam", "Remarks"],
    )  # fmt: skip
    rows = [
        ["Kestrel Dam", "ZZ00091", 44.1, -121.2, 1950, 10, dt.date(2024, 5, 17), True, 0.1 + 0.2],
        ["Kite Dam", "ZZ00092", 44.2, -121.3, "Before 1950", float("nan"), 0, False],
        [],
        ["Knot Dam", "ZZ00093", 44.3, -121.4, 1952, 12.5, 43146],
    ]
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            is_date = column == 7 and value != 43146
            if isinstance(value, dt.date):
                sheet.write_datetime(number, column, dt.datetime(*value.timetuple()[:3]), date)
            else:
                sheet.write(number, column, value, date if is_date else None)
    book.close()


if __name__ == "__main__":
    geopackage()
    shapefiles()
    workbook()
