"""Reads GeoPackages and Shapefiles, by GDAL."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidFile
from . import exported, features, header, reference_systems, scratch
from .extras import extra
from .table import SAMPLED_ROWS, Row, Table
from .text import HEAD, encoding_of

_BATCH = 2000


class _Layer(NamedTuple):
    """A layer of a file. system: of its coordinates; "" if the file names none."""

    path: Path
    name: str
    encoding: str | None
    names: tuple[str, ...]
    size: int
    geometry: str
    system: str


def table(path: Path, on_progress: Callable[[int], None], stack: ExitStack) -> Table:
    """Read the layer of a GeoPackage with most names of fields.

    stack: removes, at its end, what was written for GDAL.
    Raises InvalidFile if the file is none.
    """
    pyogrio = _pyogrio()
    folder = Path(stack.enter_context(scratch.folder()))
    # GDAL knows the format by the name of the file.
    named = folder / "dams.gpkg"
    named.symlink_to(path.resolve())
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(named)]
        layers = [layer for name in names if (layer := _layer(pyogrio, named, name)).size]
    except pyogrio.errors.DataSourceError as error:
        raise InvalidFile(f"The GeoPackage can't be read: {error}.") from error
    if not layers:
        raise header.no_rows()
    best = max(layers, key=lambda layer: header.names_known(layer.names))
    others = [name for name in names if name != best.name]
    notes = [f"Only the layer {best.name} is read, not {', '.join(others)}."] if others else []
    return _table("GeoPackage", pyogrio, best, notes, path.stat().st_size, on_progress)


def shapefile(path: Path, size: int, on_progress: Callable[[int], None]) -> Table:
    """Read a Shapefile.

    path: that of its .shp file. size: of the file that it comes from, in bytes.
    Raises InvalidFile if it is none.
    """
    pyogrio = _pyogrio()
    try:
        layer = _layer(pyogrio, path, path.stem)
        if not path.with_suffix(".cpg").exists():
            layer = layer._replace(encoding=_encoding(path))
    except pyogrio.errors.DataSourceError as error:
        raise InvalidFile(f"The Shapefile can't be read: {error}.") from error
    if not layer.size:
        raise header.no_rows()
    return _table("Shapefile", pyogrio, layer, [], size, on_progress)


def _pyogrio() -> Any:
    return extra("pyogrio", "GeoPackages and Shapefiles")


def _layer(pyogrio: Any, path: Path, name: str) -> _Layer:
    about = pyogrio.read_info(path, layer=name, force_feature_count=True)
    names = tuple(map(str, about["fields"]))
    geometry, system = about["geometry_type"] or "", about["crs"] or ""
    return _Layer(path, name, None, names, int(about["features"]), geometry, system)


def _table(
    kind: str,
    pyogrio: Any,
    layer: _Layer,
    notes: list[str],
    size: int,
    on_progress: Callable[[int], None],
) -> Table:
    batches = _batches(pyogrio, layer)
    if not layer.geometry:
        rows = ((number, cells) for number, cells, _, _ in batches)
        headings = header.told_apart(layer.names)
    else:
        ahead = list(islice(batches, SAMPLED_ROWS))
        _, cells, x, y = zip(*ahead, strict=True)
        found = features.places(layer.names, cells, x, y)
        rows = ((one[0], found.row(*one[1:])) for one in chain(ahead, batches))
        headings = found.headings
        notes = [*notes, *_notes(layer)]
    return Table(kind, headings, _progressing(rows, layer.size, size, on_progress), tuple(notes))


def _notes(layer: _Layer) -> Iterator[str]:
    if not layer.system:
        yield (
            "The file does not name its reference system. Its coordinates are taken as degrees "
            "(WGS 84)."
        )
    elif note := features.note_of(layer.system):
        yield note
    if not layer.geometry.startswith("Point"):
        yield features.AREAS


def _batches(pyogrio: Any, layer: _Layer) -> Iterator[tuple[int, list[str], float, float]]:
    """Yield for each feature its number, its attributes and its place (degrees, WGS 84, or NaN)."""
    is_exact = exported.is_export(layer.names)
    for start in range(0, layer.size, _BATCH):
        part = {"layer": layer.name, "skip_features": start, "max_features": _BATCH}
        _, _, _, data = pyogrio.raw.read(
            layer.path,
            encoding=layer.encoding,
            read_geometry=False,
            datetime_as_string=True,
            **part,
        )
        columns = [_texts(column, is_exact) for column in data]
        count = min(_BATCH, layer.size - start)
        x, y = _middles(pyogrio, layer, part) if layer.geometry else ([], [])
        for index in range(count):
            cells = [column[index] for column in columns]
            yield start + index + 1, cells, x[index] if x else math.nan, y[index] if y else math.nan


def _middles(pyogrio: Any, layer: _Layer, part: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Return the middles of the extents of features: of a point, the point itself."""
    _, bounds = pyogrio.read_bounds(layer.path, **part)
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    if layer.system and not reference_systems.is_wgs84(layer.system):
        x, y = reference_systems.transformed(layer.system, x, y)
    return x.tolist(), y.tolist()


def _texts(values: np.ndarray, is_exact: bool) -> list[str]:
    return [
        "" if value is None or value != value else _text(value, is_exact)
        for value in values.tolist()
    ]


def _text(value: Any, is_exact: bool) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value) if is_exact else f"{value:.15g}"
    return str(value)


def _encoding(path: Path) -> str:
    """Return the encoding of the attributes of a Shapefile that does not name it."""
    with path.with_suffix(".dbf").open("rb") as stream:
        # Bytes 8 and 9 of the file are the length of what precedes the records.
        before = int.from_bytes(stream.read(10)[8:], "little")
        stream.seek(before)
        known = encoding_of(stream.read(HEAD).replace(b"\0", b" "))
    return known[1] if known else "UTF-8"


def _progressing(
    rows: Iterator[Row], count: int, size: int, on_progress: Callable[[int], None]
) -> Iterator[Row]:
    told = 0
    for done, row in enumerate(rows, 1):
        if done % 500 == 0 or done == count:
            now = size * done // count
            on_progress(now - told)
            told = now
        yield row
