"""Tables of features: rows of attributes with a place each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from . import column_names, exported, reference_systems
from .header import told_apart

AREAS = "Lines and areas are taken as the middle of their extent."

_NEAR, _OF_EXPORT = 0.001, 1e-6
"""Up to how many degrees apart an attribute and the geometry are the same coordinate: in any file,
and in an export, whose attributes are exactly the geometry."""


class Places(NamedTuple):
    """Where the coordinates of features come from.

    headings: those of the table, with two for the geometry unless attributes have it already.
    latitude, longitude: the columns of the attributes with the coordinates, or None.
    near: up to how many degrees apart an attribute and the geometry are the same coordinate.
    """

    headings: tuple[str, ...]
    latitude: int | None
    longitude: int | None
    near: float

    def row(self, cells: list[str], x: float, y: float) -> list[str]:
        """Return the cells of a feature. x, y: degrees (WGS 84), or NaN."""
        place = (degrees(x), degrees(y))
        if self.latitude is None or self.longitude is None:
            return [*cells, *place]
        pairs = ((cells[self.longitude], x), (cells[self.latitude], y))
        if not all(text.strip() and _is_same(text, value, self.near) for text, value in pairs):
            # They are missing, or a point was moved on a map and its attributes stayed behind.
            cells[self.longitude], cells[self.latitude] = place
        return cells


def places(
    headings: Sequence[str], first: Sequence[Sequence[str]], x: Sequence[float], y: Sequence[float]
) -> Places:
    """Find out whether the attributes have the coordinates of the geometry.

    first: the attributes of some features. x, y: their coordinates in degrees (WGS 84).
    """
    finds = [column_names.found(heading) for heading in headings]
    fields = [one.field if one and one.is_sure else "" for one in finds]
    near = _OF_EXPORT if exported.is_export(headings) else _NEAR
    if "latitude" in fields and "longitude" in fields:
        north, east = fields.index("latitude"), fields.index("longitude")
        pairs = [
            *zip((row[east] for row in first), x, strict=True),
            *zip((row[north] for row in first), y, strict=True),
        ]
        if all(_is_same(text, value, near) for text, value in pairs):
            return Places(told_apart(headings), north, east, near)
    # Attributes that are somewhere else stay other facts.
    return Places(told_apart([*headings, *column_names.GEOMETRY.values()]), None, None, near)


def degrees(value: float) -> str:
    """Return a coordinate as text, to a hundredth of a millimeter; "" for none."""
    return f"{value:.10f}".rstrip("0").rstrip(".") if math.isfinite(value) else ""


def note_of(definition: str) -> str:
    """Return the sentence that says that coordinates were transformed; "" if they were not."""
    if reference_systems.is_wgs84(definition):
        return ""
    label = reference_systems.label(definition)
    return f"The coordinates were transformed from {label} to WGS 84."


def _is_same(text: str, value: float, near: float) -> bool:
    if not text.strip() or not math.isfinite(value):
        return True
    try:
        return abs(float(text) - value) <= near
    except ValueError:
        return False
