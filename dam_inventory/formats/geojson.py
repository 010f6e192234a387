"""Reads GeoJSON, whole or a feature a line, and lists of records in JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidFile
from . import features, reference_systems
from .header import no_rows, told_apart
from .json_items import JsonItems
from .table import SAMPLED_ROWS, Row, Table
from .text import Source

_BATCH = 1000
_MOST_COLUMNS = 2000
_SYSTEM = "OGC:CRS84"

_Item = dict[str, Any]


class _Contents(NamedTuple):
    """What a first reading finds. names: of the attributes. system: of the coordinates."""

    names: tuple[str, ...]
    has_places: bool
    has_areas: bool
    system: str


def table(open_source: Callable[[], Source], packed: str = "") -> Table:
    """Read features, or records. open_source: opens the file, which is read twice.

    Raises InvalidFile, here or while the rows are read, if it is no such file.
    """
    contents = _contents(JsonItems(open_source()))
    packed = f", {packed}" if packed else ""
    if not contents.has_places:
        rows = _records(JsonItems(open_source()).items(), contents.names)
        return Table(f"JSON{packed}", told_apart(contents.names), rows)
    sample = list(islice(JsonItems(open_source()).items(), SAMPLED_ROWS))
    x, y = _places(sample, contents.system)
    cells = [_cells(one, contents.names) for one in sample]
    found = features.places(contents.names, cells, x, y)
    notes = (features.note_of(contents.system), features.AREAS if contents.has_areas else "")
    rows = _features(JsonItems(open_source()).items(), contents, found)
    return Table(f"GeoJSON{packed}", found.headings, rows, tuple(filter(None, notes)))


def _records(items: Iterator[_Item], names: Sequence[str]) -> Iterator[Row]:
    for number, one in enumerate(items, 1):
        yield number, _cells(one, names)


def _features(items: Iterator[_Item], contents: _Contents, found: features.Places) -> Iterator[Row]:
    number = 0
    while batch := list(islice(items, _BATCH)):
        for one, x, y in zip(batch, *_places(batch, contents.system), strict=True):
            number += 1
            yield number, found.row(_cells(one, contents.names), x, y)


def _contents(read: JsonItems) -> _Contents:
    names: dict[str, None] = {}
    kinds: set[str] = set()
    has_items = False
    for one in read.items():
        has_items = True
        if "attributes" in one and "properties" not in one:
            raise InvalidFile("The file is Esri JSON. Download it as GeoJSON (f=geojson).")
        names.update(dict.fromkeys(_attributes(one)))
        if len(names) > _MOST_COLUMNS:
            raise InvalidFile(f"The file has more than {_MOST_COLUMNS:,} columns.")
        if isinstance(geometry := one.get("geometry"), dict):
            kinds.add(str(geometry.get("type")))
    if not has_items:
        kind = read.members.get("type")
        if not read.members or kind == "FeatureCollection":
            raise no_rows()
        what = f"JSON of the type {str(kind)[:40]}" if kind else "JSON"
        raise InvalidFile(
            f"The file is {what}, but not GeoJSON with features. Save it as GeoJSON or CSV."
        )
    return _Contents(tuple(names), bool(kinds), bool(kinds - {"Point"}), _system(read.members))


def _system(members: _Item) -> str:
    """Return the reference system that old GeoJSON names; today's is always WGS 84."""
    if (named := members.get("crs")) is None:
        return _SYSTEM
    properties = named.get("properties") if isinstance(named, dict) else None
    if isinstance(properties, dict):
        if name := properties.get("name"):
            reference_systems.system(str(name))
            return str(name)
        if code := properties.get("code"):
            reference_systems.system(f"EPSG:{code}")
            return f"EPSG:{code}"
    raise InvalidFile("The file names its reference system in a way that can't be read (crs).")


def _attributes(item: _Item) -> _Item:
    if item.get("type") != "Feature" and "geometry" not in item:
        return item
    properties = item.get("properties")
    return properties if isinstance(properties, dict) else {}


def _cells(item: _Item, names: Sequence[str]) -> list[str]:
    attributes = _attributes(item)
    return [_text(attributes.get(name)) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return ";".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False)


def _places(items: Sequence[_Item], system: str) -> tuple[list[float], list[float]]:
    """Return the longitudes and latitudes of features, in degrees (WGS 84); NaN for none."""
    middles = [_middle(one.get("geometry")) for one in items]
    x, y = np.array(middles, dtype=float).reshape(-1, 2).T
    if not reference_systems.is_wgs84(system):
        x, y = reference_systems.transformed(system, x, y)
    return x.tolist(), y.tolist()


def _middle(geometry: Any) -> tuple[float, float]:
    """Return the middle of the extent of a geometry; NaN for none."""
    positions = list(_positions(geometry))
    if not positions:
        return math.nan, math.nan
    if len(positions) == 1:
        return positions[0]
    x, y = zip(*positions, strict=True)
    return (min(x) + max(x)) / 2, (min(y) + max(y)) / 2


def _positions(geometry: Any) -> Iterator[tuple[float, float]]:
    waiting = [geometry]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [one.get("coordinates"), one.get("geometries")]
        elif isinstance(one, list):
            if len(one) > 1 and isinstance(one[0], str) and isinstance(one[1], str):
                try:
                    yield float(one[0]), float(one[1])
                except ValueError:
                    continue
            else:
                waiting += one
