"""DamMap: an interactive map of a store's dams, with layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakMethod

import cartopy.crs as ccrs
import geoviews as gv
import geoviews.plotting.bokeh
import numpy as np
import panel as pn
import param

from ...config.settings import BASEMAPS
from ...domain.mercator import CONTERMINOUS_US, HALF_WORLD, Extent, Floats, to_degrees, to_mercator
from ...session.store import DamStore
from ...snapshot import clusters
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ..bokeh_bridge.documents import locked
from ..components.faults import shielded
from .map_figure import DRAFT, POINTED, SELECTED, Canvas

HOME_MARGIN = 0.1
MIN_HEIGHT = 320
"""Minimum height in pixels of a map that is used on its own."""

TOUCH = 14
"""Maximum distance in pixels of a click from the center of the marker it selects."""

_SPARE = 0.25
_CLOSE_UP = 20_000.0
_MIN_EXTENT = 400.0
_ONE_PLACE = 1.0


class DamMap(pn.viewable.Viewer):
    """A GeoViews map of a store's filtered dams. Positions are in Web Mercator meters.

    view: the initial view; by default the selected dam, or else all dams.
    usual: the default basemap, which is left out of the page's URL.
    """

    visible = param.Boolean(default=True, label="Dams", doc="Whether the dams are visible.")
    opacity = param.Number(default=0.85, bounds=(0.1, 1), step=0.05, doc="Opacity of the dams.")
    basemap = param.Selector(objects=list(BASEMAPS), doc="The layer below the dams.")
    unreachable = param.String(doc='The basemap whose tiles the browser could not load, or "".')
    dark = param.Boolean(doc="Whether the map uses the colors of a dark page.")
    locating = param.Boolean(doc="Whether a click sets `location` instead of selecting a dam.")
    location = param.Tuple(
        default=None, length=2, allow_None=True, doc="(longitude, latitude) of a draft, in degrees."
    )
    pointed = param.Tuple(
        default=None, length=2, allow_None=True,
        doc="(longitude, latitude) of a place that is marked, in degrees.",
    )  # fmt: skip

    def __init__(
        self,
        store: DamStore,
        view: Extent | None = None,
        usual: str = BASEMAPS[0],
        min_height: int = MIN_HEIGHT,
        **params: Any,
    ) -> None:
        self._store = store
        self._first_view = store.filter.view = view
        self._usual = usual
        self._canvases: list[Canvas] = []
        super().__init__(**params)
        points = gv.Points(([], []), ["x", "y"], crs=ccrs.GOOGLE_MERCATOR).opts(
            projection=ccrs.GOOGLE_MERCATOR, hooks=[_weakly(self._dress)], responsive=True, size=9,
            color="#0072b5", line_color="white", xaxis=None, yaxis=None, show_frame=False,
            default_tools=[], backend="bokeh",
        )  # fmt: skip
        self._pane = pn.pane.HoloViews(
            points,
            sizing_mode="stretch_both",
            min_height=min_height,
            min_width=280,
            linked_axes=False,
            backend="bokeh",
            margin=0,
            css_classes=["map"],
        )
        store.param.watch(self._on_dams, ["snapshot", "rows"])
        store.param.watch(self._draw_marks, "selected")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._pane

    @property
    def home(self) -> Extent:
        """The extent of all dams with a 10% margin; without dams, the conterminous US."""
        extent = self._store.snapshot.extent
        if extent is None:
            return CONTERMINOUS_US
        return extent.at_least(_CLOSE_UP).grown(HOME_MARGIN)

    @locked
    def zoom_to_dams(self) -> None:
        """Zoom to all filtered dams."""
        x, y = self._points()
        if np.isnan(x).all():
            self._look_at(self.home)
            return
        self._look_at(Extent.around(x, y).at_least(_CLOSE_UP).grown(HOME_MARGIN))

    @shielded
    @locked
    def go_to(self, x: float, y: float) -> None:
        """Zoom to a position, to a view some 20 km wide."""
        self._look_at(Extent(x, y, x, y).at_least(_CLOSE_UP))

    def zoom_to_dam(self, dam_id: int | None) -> bool:
        """Zoom to a dam; return whether it is there and has coordinates."""
        if place := self._place_of(dam_id):
            self.go_to(*place)
        return place is not None

    @shielded
    @locked
    def show(self, dam_id: int) -> None:
        """Pan to a dam that is out of view; ignore a dam without coordinates."""
        if place := self._place_of(dam_id):
            for canvas in self._canvases:
                canvas.centre_on(*place)

    @param.depends("visible", "opacity", watch=True)
    @locked
    def _on_layers(self) -> None:
        for canvas in self._canvases:
            canvas.set_dams(visible=self.visible, opacity=self.opacity)

    @param.depends("dark", watch=True)
    @locked
    def _on_dark(self) -> None:
        for canvas in self._canvases:
            canvas.set_dark(self.dark)

    @param.depends("basemap", watch=True)
    @locked
    def _on_basemap(self) -> None:
        self.unreachable = ""
        for canvas in self._canvases:
            canvas.on_tiles(reached=False)
            canvas.tiles.show(self.basemap)

    @param.depends("location", "locating", "pointed", watch=True)
    @shielded
    @locked
    def _draw_marks(self, *_: Any) -> None:
        for canvas in self._canvases:
            canvas.mark(self._marks())

    def _marks(self) -> list[tuple[float, float, str]]:
        marks = []
        if place := self._place_of(self._store.selected):
            marks.append((*place, SELECTED))
        if self.pointed:
            x, y = to_mercator(*self.pointed)
            marks.append((float(x), float(y), POINTED))
        if self.location and self.locating:
            x, y = to_mercator(*self.location)
            marks.append((float(x), float(y), DRAFT))
        return marks

    def _place_of(self, dam_id: int | None) -> tuple[float, float] | None:
        """Return the position of a dam, or None if it is unknown or has no coordinates."""
        snapshot, row = self._store.snapshot, self._store.snapshot.row_of(dam_id)
        if row is None:
            return None
        x, y = snapshot.points(np.array([row], np.int32))
        return None if np.isnan(x[0]) else (float(x[0]), float(y[0]))

    @shielded
    def _dress(self, plot: Any, _element: Any) -> None:
        if any(canvas.figure is plot.state for canvas in self._canvases):
            return
        renderer = plot.handles["glyph_renderer"]
        canvas = Canvas(
            plot.state, renderer, self._on_view, self._on_tap, self._on_tiles, self._usual
        )
        self._canvases.append(canvas)
        canvas.set_dams(visible=self.visible, opacity=self.opacity)
        canvas.set_dark(self.dark)
        canvas.set_home(self.home)
        canvas.look_at(self._first_view or self._selection_close_up or self.home)
        canvas.mark(self._marks())
        self._draw(canvas)

    @property
    def _selection_close_up(self) -> Extent | None:
        place = self._place_of(self._store.selected)
        return Extent(*place, *place).at_least(_CLOSE_UP).grown(HOME_MARGIN) if place else None

    @shielded
    @locked
    def _on_dams(self, *_: Any) -> None:
        for canvas in self._canvases:
            canvas.set_home(self.home)
            self._draw(canvas)
        self._draw_marks()

    @shielded
    @locked
    def _on_view(self, canvas: Canvas) -> None:
        canvas.set_home(self.home)
        self._store.filter.view = canvas.view
        self._draw(canvas)
        if canvas.tiles.renderer.name is None:
            canvas.tiles.show(self.basemap)

    @locked
    def _on_tiles(self, basemap: str, reached: bool) -> None:
        if basemap == self.basemap:
            self.unreachable = "" if reached else basemap
        for canvas in self._canvases:
            canvas.on_tiles(reached)

    def _draw(self, canvas: Canvas) -> None:
        snapshot, rows = self._store.snapshot, self._store.rows
        view = (canvas.view.grown(_SPARE), canvas.metres_per_pixel)
        self._store.compute(
            partial(snapshot.markers, rows, *view),
            partial(self._on_markers, canvas, snapshot, rows, view),
            f"markers of {id(canvas)}",
            is_quick=snapshot.has_markers(rows, *view),
        )

    @shielded
    @locked
    def _on_markers(
        self,
        canvas: Canvas,
        snapshot: Snapshot,
        rows: Rows | None,
        view: tuple[Extent, float],
        markers: clusters.Markers,
    ) -> None:
        is_asked = view == (canvas.view.grown(_SPARE), canvas.metres_per_pixel)
        if is_asked and snapshot is self._store.snapshot and rows is self._store.rows:
            canvas.draw(snapshot, rows, markers)

    @shielded
    @locked
    def _on_tap(self, canvas: Canvas, x: float, y: float) -> None:
        if self.locating:
            x = (x + HALF_WORLD) % (2 * HALF_WORLD) - HALF_WORLD
            longitude, latitude = to_degrees(x, y)
            self.location = (round(longitude, 6), round(latitude, 6))
            return
        if not self.visible:
            return
        snapshot, rows = self._store.snapshot, self._store.rows
        scale = canvas.metres_per_pixel
        view = canvas.view.grown(_SPARE)
        self._store.compute(
            partial(_under, snapshot, rows, view, scale, (x, y)),
            partial(self._on_hit, canvas, snapshot),
            "tap",
        )

    @shielded
    @locked
    def _on_hit(self, canvas: Canvas, snapshot: Snapshot, rows: Rows) -> None:
        if not len(rows) or snapshot is not self._store.snapshot:
            return
        around = Extent.around(*snapshot.points(rows))
        if max(around.width, around.height) < _ONE_PLACE:
            ids = [int(one) for one in snapshot.ids(rows)]
            self._store.selected = self._next_of(ids)
        else:
            canvas.look_at(around.at_least(_MIN_EXTENT).grown(2 * HOME_MARGIN))

    def _next_of(self, ids: list[int]) -> int:
        """Return the dam after the selected one: clicks cycle through dams at the same place."""
        selected = self._store.selected
        return ids[(ids.index(selected) + 1) % len(ids)] if selected in ids else ids[0]

    def _points(self) -> tuple[Floats, Floats]:
        return self._store.snapshot.points(self._store.rows)

    def _look_at(self, view: Extent) -> None:
        for canvas in self._canvases:
            canvas.look_at(view)


def _under(
    snapshot: Snapshot,
    rows: Rows | None,
    view: Extent,
    scale: float,
    place: tuple[float, float],
) -> Rows:
    """Return the rows of the snapshot in the marker that a click hits."""
    hit = clusters.under(*snapshot.points(rows), view, scale, place, TOUCH * scale)
    return hit.astype(np.int32) if rows is None else rows[hit]


def _weakly(method: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return a hook with only a weak reference to its map.

    HoloViews keeps the options of an element in a global store while the element exists. A hook
    that refers to the map, which refers to the element, would never be released.
    """
    reference = WeakMethod(method)

    def hook(plot: Any, element: Any) -> None:
        if alive := reference():
            alive(plot, element)

    return hook
