"""Basemaps: the land outline that ships with the package, and map tiles above it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import numpy as np
from bokeh.models import CustomJS, TileRenderer, WMTSTileSource

from ...domain.mercator import to_mercator
from ..bokeh_bridge.arrays import InlineArray
from ..components.assets import asset

TILES = {
    "OpenStreetMap": (
        "https://tile.openstreetmap.org/{Z}/{X}/{Y}.png",
        '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors',
    ),
    "ESRI": (
        "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer"
        "/tile/{Z}/{Y}/{X}",
        "Imagery &copy; Esri, Maxar, Earthstar Geographics, and the GIS User Community",
    ),
}
"""URL and attribution of each provider, as its terms require."""

MAX_ZOOM = 19
PROBE_SECONDS = 5
"""How long to wait for a provider's first tile before it counts as unreachable."""


@cache
def land() -> tuple[InlineArray, InlineArray]:
    """Return the outlines of the continents and islands in Web Mercator meters, NaN in between.

    Source: Natural Earth 4.1, 1:110m land (public domain, naturalearthdata.com), without lakes.
    Land that crosses the 180th meridian appears at both edges of the map.
    """
    text = files(__package__).joinpath("land_110m.json").read_text("utf-8")
    outlines = []
    for outline in json.loads(text)["coordinates"]:
        outlines += [*outline, (np.nan, np.nan)]
    degrees = np.array(outlines)
    x, y = to_mercator(degrees[:, 0], degrees[:, 1])
    return InlineArray(x), InlineArray(y)


class TileLayer:
    """The tiles of a map; they are shown only after the provider's first tile has loaded.

    on_report: called with a basemap's name and whether the browser reached its provider.
    usual: the default basemap, which is left out of the page's URL.
    """

    def __init__(self, on_report: Callable[[str, bool], None], usual: str) -> None:
        sources = {
            name: WMTSTileSource(url=url, attribution=attribution, max_zoom=MAX_ZOOM)
            for name, (url, attribution) in TILES.items()
        }
        self.renderer = TileRenderer(
            tile_source=sources[next(iter(TILES))], level="underlay", visible=False
        )
        args = {"layer": self.renderer, "sources": sources, "usual": usual}
        code = asset("bokeh_bridge/tile_layer.js") + asset("map/tiles.js")
        switch = CustomJS(args={**args, "seconds": PROBE_SECONDS}, code=code)
        self.renderer.js_on_change("name", switch)
        self.renderer.on_change("tags", lambda _attr, _old, report: on_report(*report))

    def show(self, basemap: str) -> None:
        """Show a basemap's tiles as soon as its provider responds; "Outline" has no tiles."""
        self.renderer.name = basemap
