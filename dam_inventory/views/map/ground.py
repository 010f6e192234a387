"""Ground: the sea, the land, the states and the graticule of a map, which need no network."""

from __future__ import annotations

from typing import Any

from bokeh.models import ColumnDataSource, MercatorTicker, Patch

from ...domain.mercator import HALF_WORLD
from .basemaps import land
from .dam_layers import layer
from .states import StateLayer

_GRATICULE = "#78909c"
_COLORS = {
    False: {"sea": "#dbe7ef", "land": "#faf8f3", "coast": "#a9b8c2"},
    True: {"sea": "#141e27", "land": "#2b363f", "coast": "#55636e"},
}


class Ground:
    """Lies below the dams of a map's Bokeh figure.

    renderers: those of sea, land and states, the lowest first.
    """

    def __init__(self, figure: Any) -> None:
        self._grids = (figure.xgrid, figure.ygrid)
        x, y = land()
        outline = Patch(x="x", y="y", line_width=0.8)
        self._land = layer(ColumnDataSource({"x": x, "y": y}), outline, level="image")
        # A patch, because the Page's theme overrides the figure's background in the browser.
        edge = 3 * HALF_WORLD
        corners = {"x": [-edge, edge, edge, -edge], "y": [-edge, -edge, edge, edge]}
        self._sea = layer(
            ColumnDataSource(corners), Patch(x="x", y="y", line_color=None), level="image"
        )
        self._states = StateLayer(figure)
        self.renderers = [self._sea, self._land, *self._states.renderers]
        for grid, dimension in zip(self._grids, ("lon", "lat"), strict=True):
            grid.update(
                visible=True, ticker=MercatorTicker(dimension=dimension), level="underlay",
                grid_line_color=_GRATICULE, grid_line_alpha=0.3,
            )  # fmt: skip

    def show_graticule(self, *, visible: bool) -> None:
        """Show or hide the graticule."""
        for grid in self._grids:
            grid.visible = visible

    def looks(self, dark: bool) -> list[tuple[Any, dict[str, str]]]:
        """Return the models whose colors differ on a light and on a dark page; see `Canvas`."""
        colors = _COLORS[dark]
        return [
            (self._sea.glyph, {"fill_color": colors["sea"]}),
            (self._land.glyph, {"fill_color": colors["land"], "line_color": colors["coast"]}),
            *self._states.looks(dark),
        ]
