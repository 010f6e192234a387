"""Exports dams to the formats of other programs."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from ..errors import Cancelled, InvalidFile, NoStorage
from . import export_csv, export_gpkg, export_xlsx, features_json, scratch
from .export_columns import Columns, Layout, Parts
from .export_history import history
from .export_hydrographs import hydrographs

__all__ = [
    "FORMATS",
    "Columns",
    "ExportFormat",
    "Parts",
    "chunks",
    "file_name",
    "history",
    "hydrographs",
    "missing",
]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format of exports. label: for people. suffix: of file names, with its dot."""

    name: str
    label: str
    suffix: str
    media_type: str


FORMATS: Mapping[str, ExportFormat] = MappingProxyType({
    one.name: one
    for one in (
        ExportFormat("csv", "CSV", ".csv", "text/csv; charset=utf-8"),
        ExportFormat(
            "xlsx", "Excel", ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ExportFormat("geojson", "GeoJSON", ".geojson", "application/geo+json"),
        ExportFormat("gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3"),
    )
})  # fmt: skip
"""The formats of exports, by name."""

_CHUNK = 1 << 18

Progress = Callable[[int], None]


def chunks(
    parts: Parts,
    format_name: str,
    columns: Columns = "inventory",
    on_progress: Progress = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    byte_order_mark: bool = True,
) -> Iterator[bytes]:
    """Yield a file with dams, chunk by chunk; for a worker thread.

    parts: see `Parts`. format_name: one of FORMATS. columns: the headings of tables; GeoJSON always
    has the names of the fields. on_progress: called with the number of dams written so far.
    byte_order_mark: whether CSV begins with one, without which Excel misreads it; R and scripts
    would rather have none.
    CSV and GeoJSON are written as they are read. Excel and GeoPackage files are written to a
    temporary file first, which is removed at the end, also when the generator is closed; until
    then, a chunk without any byte follows each part, so that others may have their turn.
    Raises, before the first byte, InvalidFile if the format is unknown, lacks its package, or
    can't hold the dams; NoStorage; and Cancelled.
    """
    if format_name not in FORMATS:
        raise InvalidFile(f'There is no format "{format_name[:40]}". Choose {", ".join(FORMATS)}.')

    def counted() -> Iterator[pl.DataFrame]:
        done = 0
        for dams in _stoppable(parts(), is_cancelled):
            yield dams
            done += len(dams)
            on_progress(done)

    if format_name == "geojson":
        yield from _geojson(counted())
        return
    layout = yield from Layout.of(_stoppable(parts(), is_cancelled), columns)
    if format_name == "csv":
        yield from export_csv.csv(counted(), layout, byte_order_mark)
        return
    write = export_xlsx.write if format_name == "xlsx" else export_gpkg.write
    try:
        with scratch.folder() as folder:
            path = Path(folder) / f"dams{FORMATS[format_name].suffix}"
            for _ in write(path, counted(), layout):
                yield b""
            with path.open("rb") as file:
                while data := file.read(_CHUNK):
                    yield data
    except OSError as error:
        raise NoStorage(f"The file can't be written: {error.strerror}.") from error


def missing(format_name: str) -> str:
    """Return what to install to write a format, "" if it can be written here."""
    try:
        if format_name == "xlsx":
            export_xlsx.library()
    except InvalidFile as error:
        return str(error)
    return ""


def _stoppable(
    parts: Iterator[pl.DataFrame], is_cancelled: Callable[[], bool]
) -> Iterator[pl.DataFrame]:
    for dams in parts:
        if is_cancelled():
            raise Cancelled("You have canceled the export.")
        yield dams


def _geojson(parts: Iterator[pl.DataFrame]) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","name":"dams","features":['
    separator = b"\n"
    for dams in parts:
        if len(dams):
            yield separator
            yield features_json.joined_features(dams)
            separator = b",\n"
    yield b"\n]}\n"


_MOST_CONDITIONS = 60
_UNSAFE = re.compile(r"[^\w .,()+-]+")


def file_name(what: str, conditions: Sequence[str], day: dt.date, suffix: str) -> str:
    """Return for example "dams Utah, High 2026-11-27.csv", a name that every system allows.

    conditions: what the filter shows, in words. suffix: with its dot.
    """
    said = _plain(", ".join(filter(None, map(_plain, conditions))), _MOST_CONDITIONS)
    return " ".join(filter(None, (_plain(what, 40), said, day.isoformat()))) + suffix


def _plain(text: str, most: int = 40) -> str:
    text = unicodedata.normalize("NFC", text)
    words = " ".join(_UNSAFE.sub(" ", text).split())
    return words[:most].strip(" .,-")
