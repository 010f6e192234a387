"""Finds out what a file is from its first bytes, and says what can't be read."""

from __future__ import annotations

import re
from typing import Literal

from ..errors import InvalidFile
from .text import encoding_of

Kind = Literal["gzip", "zip", "workbook", "geopackage", "json", "text"]
"""gzip, zip: packed. workbook: an old one. json: perhaps GeoJSON. text: perhaps a table."""

_SQLITE = b"SQLite format 3\0"
_READ: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    (_SQLITE, "geopackage"),
)
_SHP = bytes.fromhex("0000270a")
_REFUSED = (
    (b"%PDF", "a PDF document. Export its table as CSV or Excel (.xlsx)"),
    (b"{\\rtf", "a text document (RTF). Save its table as CSV or Excel (.xlsx)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"PAR1", "a Parquet file. Save its table as CSV or GeoPackage"),
    (b"ARROW1", "an Arrow file. Save its table as CSV or GeoPackage"),
    (b"\x89HDF", "an HDF5 file. Save its table as CSV"),
    (b"CDF", "a NetCDF file. Save its table as CSV"),
    (b"BZh", "compressed with bzip2. Unpack it first, or use zip or gzip"),
    (b"\xfd7zXZ", "compressed with xz. Unpack it first, or use zip or gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard. Unpack it first, or use zip or gzip"),
    (b"7z\xbc\xaf", "a 7-Zip archive. Unpack it first, or use zip"),
    (b"Rar!", "a RAR archive. Unpack it first, or use zip"),
    (b"\0\1\0\0Standard", "an Access database. Export its table as CSV or Excel (.xlsx)"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (_SHP, "one part of a Shapefile. Put its .shp, .shx, .dbf and .prj into one zip file"),
)
_XML = r"[\ufeff\s]*(?:<.{0,400})?"
"""Only what begins with markup is markup: a cell of a table may contain any text."""

_MARKUP = (
    (re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b", re.I | re.S),
     "a web page (HTML), not a table. Download the file itself"),
    (re.compile(_XML + r"<kml\b", re.S), "a KML file. Save it as GeoJSON or GeoPackage"),
    (re.compile(_XML + r"<gpx\b", re.S), "a GPX file. Save it as GeoJSON or GeoPackage"),
    (re.compile(_XML + r"<(?:\w+:)?FeatureCollection\b", re.S),
     "a GML file. Save it as GeoJSON or GeoPackage"),
    (re.compile(r"\s*<\?xml|\s*<[a-z][\w:.-]*[\s>]", re.I),
     "an XML file. Save its table as CSV or Excel (.xlsx)"),
)  # fmt: skip
_JSON = re.compile("[\ufeff\x1e\\s]*(?:\\{|\\[\\s*(?:\\{|\\]))")


def kind_of(head: bytes) -> Kind:
    """Return what a file is. head: its first bytes.

    Raises InvalidFile, which says what it is, if it can't be read.
    """
    if not head.strip():
        raise InvalidFile("The file is empty.")
    for mark, kind in _READ:
        if head.startswith(mark):
            return kind if mark != _SQLITE else _database(head)
    for mark, name in _REFUSED:
        if head.startswith(mark):
            raise InvalidFile(f"The file is {name}.")
    if head[257:262] == b"ustar":
        raise InvalidFile("The file is a tar archive. Unpack it first, or use zip.")
    found = encoding_of(head)
    if found is None:
        raise InvalidFile(
            "The file is not a text file. Save the table as CSV, Excel (.xlsx) or GeoJSON."
        )
    text = head[:4096].decode(found[0], "replace")
    for pattern, name in _MARKUP:
        if pattern.match(text):
            raise InvalidFile(f"The file is {name}.")
    return "json" if _JSON.match(text) else "text"


def _database(head: bytes) -> Kind:
    # The application's number in the header of SQLite.
    if head[68:72] in (b"GPKG", b"GP10", b"GP11"):
        return "geopackage"
    raise InvalidFile("The file is an SQLite database, but no GeoPackage.")
