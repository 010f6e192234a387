"""Columns of the map's data sources for dams and clusters, and units of its scale bar."""

from __future__ import annotations

import math
from typing import Any

from ...snapshot.clusters import Markers, sizes
from ...snapshot.snapshot import Snapshot


def ground_units(latitude: float) -> dict[str, tuple[float, str, str]]:
    """Return the scale bar's units at a latitude in degrees.

    One meter of the projection is cos(latitude) meters on the ground: the scale factor of the
    Mercator projection is 1 / cos(latitude) (Snyder 1987, eq. 7-4).
    """
    factor = math.cos(math.radians(latitude))
    return {
        "mercator": (factor, "mercator", "mercator"),
        "m": (1.0, "m", "metre"),
        "km": (1000.0, "km", "kilometre"),
    }


def dam_columns(snapshot: Snapshot | None = None, rows: Any = ()) -> dict[str, list[Any]]:
    # Lists, not arrays: a page that reconnects receives its document without binary buffers.
    if snapshot is None:
        return {column: [] for column in ("x", "y", "id", "dam_name", "river", "owner")}
    x, y = snapshot.points(rows)
    return {
        "x": x.round(1).tolist(),
        "y": y.round(1).tolist(),
        "id": snapshot.ids(rows).tolist(),
        "dam_name": snapshot.names(rows),
        "river": [river or "unknown" for river in snapshot.column("river", rows)],
        "owner": [owner or "unknown" for owner in snapshot.column("owner", rows)],
    }


def cluster_columns(markers: Markers | None = None) -> dict[str, list[Any]]:
    if markers is None:
        return {column: [] for column in ("x", "y", "count", "label", "size")}
    return {
        "x": markers.x.round(1).tolist(),
        "y": markers.y.round(1).tolist(),
        "count": markers.count.tolist(),
        "label": [_short(count) for count in markers.count.tolist()],
        "size": sizes(markers.count).tolist(),
    }


def _short(count: int) -> str:
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 10_000 else f"{count / 1000:.0f}k"
