"""Columns of the map's data sources, and units of its scale bar."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...domain.palette import Coloring
from ...domain.units import US, Units
from ...snapshot.atlas import Scene, View
from ...snapshot.order import Rows
from ...snapshot.raster import LEVELS, Raster, shade
from ...snapshot.snapshot import Snapshot
from ..bokeh_bridge.arrays import InlineArray, InlineTexts
from .columns import Columns
from .donuts import NO_DONUTS, Donuts, donuts

_LENGTHS = {
    "m": (1.0, "m", "meter"),
    "km": (1000.0, "km", "kilometer"),
    "ft": (0.3048, "ft", "foot"),
    "mi": (1609.344, "mi", "mile"),
}
"""Units of a scale bar: how many meters each is, its sign and its name."""

_CLOSE = 10.0
"""Meters per pixel, above which 32 bits place a dam half a meter from where it is: unseen."""

NO_DAMS: Columns = {
    column: [] for column in ("x", "y", "id", "dam_name", "place", "category", "shade")
}
NO_CELLS: Columns = {column: [] for column in ("image", "x", "y", "dw", "dh")}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the map draws of a view, as columns for Bokeh."""

    coloring: Coloring
    dams: Columns = field(default_factory=lambda: NO_DAMS)
    cells: Columns = field(default_factory=lambda: NO_CELLS)
    clusters: Donuts = NO_DONUTS

    @property
    def is_raster(self) -> bool:
        """Whether the dams are drawn as a raster."""
        return bool(self.cells["image"])


def picture(snapshot: Snapshot, rows: Rows | None, view: View, coloring: Coloring) -> Picture:
    """Return what to draw of some dams, None for all; see `Atlas.scene`."""
    scene = snapshot.atlas.scene(rows, view, coloring)
    if scene.raster is not None:
        return Picture(coloring, cells=_cell_columns(scene.raster))
    clusters = NO_DONUTS if scene.clusters is None else donuts(scene.clusters, coloring)
    numbers = np.float64 if view.metres_per_pixel < _CLOSE else np.float32
    dams = _dam_columns(snapshot, scene, coloring, numbers)
    return Picture(coloring, dams, clusters=clusters)


def places_of(snapshot: Snapshot, rows: Rows) -> list[str]:
    """Return where the dams of rows are: county and state, or else the river, or ""."""
    counties, states = snapshot.columns(("county", "state"), rows)
    places = [
        f"{county}, {state}" if county and state else county or state or ""
        for county, state in zip(counties, states, strict=True)
    ]
    without = [number for number, place in enumerate(places) if not place]
    if without:
        [rivers] = snapshot.columns(("river",), rows[without])
        for number, river in zip(without, rivers, strict=True):
            places[number] = river or ""
    return places


def _dam_columns(
    snapshot: Snapshot, scene: Scene, coloring: Coloring, numbers: type[np.floating[Any]]
) -> Columns:
    # Inline, because a page that reconnects receives its document without binary buffers.
    rows = scene.rows
    x, y = snapshot.points(rows)
    categories = coloring.categories
    return {
        "x": InlineArray(x.round(1), numbers, 1),
        "y": InlineArray(y.round(1), numbers, 1),
        "id": InlineArray(snapshot.ids(rows), np.float64, 1),
        "dam_name": InlineTexts(snapshot.names(rows)),
        "place": InlineTexts(place or "unknown" for place in places_of(snapshot, rows)),
        "category": InlineTexts(categories[code] for code in scene.codes.tolist()),
        "shade": InlineArray(shade(0, LEVELS - 1) + LEVELS * scene.codes.astype(int), np.uint8, 1),
    }


def _cell_columns(raster: Raster) -> Columns:
    extent = raster.extent
    return {
        "image": [InlineArray(raster.cells, np.uint8, 1)],
        "x": [extent.x0], "y": [extent.y0], "dw": [extent.width], "dh": [extent.height],
    }  # fmt: skip


def ground_units(latitude: float, units: Units = US) -> dict[str, tuple[float, str, str]]:
    """Return the scale bar's units at a latitude in degrees.

    One meter of the projection is cos(latitude) meters on the ground: the scale factor of the
    Mercator projection is 1 / cos(latitude) (Snyder 1987, eq. 7-4).
    """
    factor = math.cos(math.radians(latitude))
    long, short = (_LENGTHS[units.unit(unit)] for unit in ("mi", "ft"))
    return {
        "mercator": (factor, "mercator", "mercator"),
        units.unit("ft"): short,
        units.unit("mi"): long,
    }
