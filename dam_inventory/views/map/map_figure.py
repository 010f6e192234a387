"""Canvas: the Bokeh figure of a map, and its layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bokeh.events import RangesUpdate, Tap
from bokeh.models import CustomJS, ImperialLength

from ...domain.mercator import CONTERMINOUS_US, HALF_WORLD, RADIUS, Extent, to_degrees
from ...domain.palette import Coloring
from ...domain.units import Units
from ...snapshot.atlas import View
from ..components.assets import asset
from .basemaps import TileLayer
from .dam_layers import DamLayers
from .ground import Ground
from .markers import ground_units
from .marks import MarkLayer
from .outlines import OutlineLayer
from .tools import INK, add_tools
from .windows import will_do

_GUESSED_WIDTH = 1000
_MAX_PIXELS = 16_384
_MIN_VIEW = 1.0
_MAX_DISTANCE = 8 * HALF_WORLD


@dataclass(frozen=True)
class _Asked:
    """A request to the browser to show a view; counters, because a view may be requested twice."""

    rectangle: Extent = CONTERMINOUS_US
    rectangles: int = 0
    place: tuple[float, float] = (0.0, 0.0)
    places: int = 0


class Canvas:
    """The layers of one map: land, tiles, dams, and marks for selection and draft.

    figure, renderer: the Bokeh figure and the renderer of single dams, as created by GeoViews.
    coloring: the colors of the first dams that are drawn.
    on_view: called when the visible rectangle or the size in pixels has changed.
    on_tap: called with the position of a click, in Web Mercator meters.
    on_tiles: called with a basemap's name and whether the browser could load its tiles.
    usual: the default basemap, which is left out of the page's URL.
    """

    def __init__(
        self,
        figure: Any,
        renderer: Any,
        coloring: Coloring,
        on_view: Callable[[Canvas], None],
        on_tap: Callable[[Canvas, float, float], None],
        on_tiles: Callable[[str, bool], None],
        usual: str,
    ) -> None:
        self.figure = figure
        figure.update(
            name="map", output_backend="canvas", margin=0, outline_line_color=None,
            min_border=0, min_border_left=0, min_border_right=0, min_border_top=0,
            min_border_bottom=0,
            # Otherwise Bokeh hides the land while a person pans, because it has too many points.
            lod_threshold=None,
        )  # fmt: skip
        self.dams = DamLayers(figure, renderer, coloring)
        self.outlines = OutlineLayer(figure)
        self.tiles = TileLayer(on_tiles, usual)
        self.marks = MarkLayer()
        self._ground = Ground(figure)
        figure.renderers = [
            *self._ground.renderers, self.tiles.renderer, *figure.renderers, self.dams.cells,
            *self.marks.renderers,
        ]  # fmt: skip
        self._scale, self._pointer = add_tools(figure, self.dams.hover)
        figure.on_event(RangesUpdate, lambda _: on_view(self))
        parts = {"figure": figure, "scale": self._scale, "radius": RADIUS}
        note = CustomJS(args=parts, code=asset("map/view.js"))
        for axis in (figure.x_range, figure.y_range):
            for edge in ("start", "end", "reset_start", "reset_end"):
                axis.js_on_change(edge, note)
        # HoloViews stores its keys for linked axes in these tags.
        figure.x_range.tags = figure.y_range.tags = []
        fit = CustomJS(args={"figure": figure}, code=asset("map/fit.js"))
        for attribute in ("tags", "inner_width", "inner_height"):
            figure.js_on_change(attribute, fit)
        figure.y_range.js_on_change("tags", fit)
        figure.x_range.on_change("tags", lambda _attr, _old, _new: on_view(self))
        figure.on_event(Tap, lambda event: on_tap(self, event.x, event.y))
        figure.on_change("inner_width", self._on_width)
        self._width = _GUESSED_WIDTH
        self._asked = _Asked()
        self._home: Extent | None = None
        self.drawn: View | None = None
        """The view of which the dams are drawn; None while those of another one are asked for."""
        self._view = CONTERMINOUS_US
        self._edges: tuple[Any, ...] = ()
        """What was read last of the ranges, which a pan asks for seven times."""

    @property
    def view(self) -> Extent:
        """The visible rectangle. A browser may send anything: an invalid one is ignored."""
        x, y = self.figure.x_range, self.figure.y_range
        edges = (x.start, y.start, x.end, y.end)
        if edges == self._edges:
            return self._view
        self._edges = edges
        view = Extent(*map(_number, edges))
        # NaN fails these comparisons.
        if (
            -_MAX_DISTANCE <= view.x0 <= view.x1 - _MIN_VIEW
            and -_MAX_DISTANCE <= view.y0 <= view.y1 - _MIN_VIEW
            and max(view.x1, view.y1) <= _MAX_DISTANCE
        ):
            self._view = view
        return self._view

    @property
    def metres_per_pixel(self) -> float:
        """Web Mercator meters per pixel; an estimate until the browser reports its size."""
        return self.view.width / self._width

    def look_at(self, view: Extent) -> None:
        """Make the browser show a rectangle, widened to the aspect ratio of the map.

        It stays in view at any size of the map, until a person moves the map.
        """
        if not self.figure.x_range.tags:
            self.figure.x_range.update(start=view.x0, end=view.x1)
            self.figure.y_range.update(start=view.y0, end=view.y1)
        self._ask(replace(self._asked, rectangle=view, rectangles=self._asked.rectangles + 1))

    def centre_on(self, x: float, y: float) -> None:
        """Make the browser pan to a position that is out of view."""
        self._ask(replace(self._asked, place=(x, y), places=self._asked.places + 1))

    def set_home(self, home: Extent) -> None:
        """Set the extent of the home button."""
        if self._home != home:
            self._home = home
            self.figure.y_range.tags = [*home]

    def _ask(self, asked: _Asked) -> None:
        self._asked = asked
        self.figure.tags = [asked.rectangles, *asked.rectangle, asked.places, *asked.place]

    def shows(self, view: View, needed: Extent) -> bool:
        """Return whether what is drawn will do for a view, of which an extent is needed."""
        is_raster = self.dams.is_raster
        return self.drawn is not None and will_do(self.drawn, view, needed, is_raster=is_raster)

    def set_units(self, units: Units) -> None:
        """Set the units of the scale bar, which follows the latitude by itself: see view.js."""
        latitude = to_degrees(0, (self.view.y0 + self.view.y1) / 2)[1]
        # Another object, because the bar is not drawn again for a new basis alone.
        ticks = self._scale.dimensional.ticks
        self._scale.dimensional = ImperialLength(basis=ground_units(latitude, units), ticks=ticks)

    def on_tiles(self, reached: bool) -> None:
        """Show the graticule only if no tiles are visible."""
        self._ground.show_graticule(visible=not reached)

    def set_dark(self, dark: bool) -> None:
        """Set the colors of sea and land for a light or a dark page."""
        self.outlines.dark = dark
        for model, look in self.looks(dark):
            model.update(**look)

    def looks(self, dark: bool) -> list[tuple[Any, dict[str, str]]]:
        """Return the models whose colors differ on a light and on a dark page, with these."""
        ink, paper = INK[dark].values()
        return [
            (self._scale, {"label_text_color": ink, "background_fill_color": paper}),
            (self._pointer, {"text_color": ink, "background_fill_color": paper}),
            *self._ground.looks(dark),
            *self.dams.looks(dark),
            *self.outlines.looks(dark),
        ]

    def _on_width(self, _attribute: str, _old: int | None, pixels: int | None) -> None:
        # Limit the size that a browser reports, because it determines the number of markers.
        self._width = min(max(1, pixels or 1), _MAX_PIXELS)


def _number(edge: Any) -> float:
    return float(edge) if isinstance(edge, int | float) else math.nan
