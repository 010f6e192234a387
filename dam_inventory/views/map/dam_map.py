"""DamMap: an interactive map of a store's dams, with layers, legend and tools."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import cartopy.crs as ccrs
import geoviews as gv
import geoviews.plotting.bokeh
import numpy as np
import panel as pn
import param

from ...config.settings import BASEMAPS
from ...domain.mercator import HALF_WORLD, Extent, to_degrees, to_mercator
from ...domain.palette import COLORINGS, HAZARD, PLAIN, Coloring
from ...session.store import DamStore
from ...snapshot.atlas import View
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ..bokeh_bridge.documents import locked
from ..bokeh_bridge.hooks import weakly
from ..components.faults import shielded
from .clicks import Click
from .guide import Guide
from .map_figure import Canvas
from .markers import Picture, picture
from .marks import DRAFT, POINTED, SELECTED
from .outlines import outlines
from .windows import RESERVE, SPARE, around, close_up, with_spare

MIN_HEIGHT = 320
"""Minimum height in pixels of a map that is used on its own."""


class DamMap(pn.viewable.Viewer):
    """A GeoViews map of a store's filtered dams. Positions are in Web Mercator meters.

    view: the initial view; by default the selected dam, or else `home`.
    usual: the default basemap, which is left out of the page's URL.
    """

    visible = param.Boolean(default=True, label="Dams", doc="Whether the dams are visible.")
    opacity = param.Number(default=0.85, bounds=(0.1, 1), step=0.05, doc="Opacity of the dams.")
    color_by = param.Selector(
        default=PLAIN.name,
        objects={coloring.label: name for name, coloring in COLORINGS.items()},
        label="Color by",
        doc="The fact that colors the dams: by default the hazard potential, where it is known.",
    )
    clusters = param.Boolean(
        label="Clusters",
        doc="Whether close dams are drawn as a ring that shows their mix, with their number.",
    )
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
        self.usual_color = _usual_color(store.snapshot)
        super().__init__(**{"color_by": self.usual_color, **params})
        points = gv.Points(([], []), ["x", "y"], crs=ccrs.GOOGLE_MERCATOR).opts(
            projection=ccrs.GOOGLE_MERCATOR, hooks=[weakly(self._dress)], responsive=True, size=9,
            xaxis=None, yaxis=None, show_frame=False, default_tools=[], backend="bokeh",
        )  # fmt: skip
        pane = pn.pane.HoloViews(
            points, sizing_mode="stretch_both", linked_axes=False, backend="bokeh", margin=0
        )
        self._guide = Guide(store, self)
        self._layout = pn.Column(
            pane, self._guide.controls,
            sizing_mode="stretch_both", min_height=min_height, min_width=280, margin=0,
            css_classes=["map"], stylesheets=[":host { position: relative; }"],
        )  # fmt: skip
        store.param.watch(self._on_dams, ["snapshot", "rows"])
        store.param.watch(self._draw_marks, "selected")
        store.param.watch(self._on_units, "units")
        store.filter.param.watch(self._draw_outlines, ["region", "near"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    @property
    def coloring(self) -> Coloring:
        """The fact that colors the dams."""
        return COLORINGS[self.color_by]

    def on_paper(self) -> dict[str, Any]:
        """Return what a page needs to print the map: see `print_sheet.js`."""
        controls = self._guide.controls
        return {
            "about": controls.about,
            "legend": json.loads(controls.legend),
            "remark": controls.remark,
        }

    def light(self) -> list[tuple[str, dict[str, str]]]:
        """Return the ID of each model in the colors of a dark page, with its light ones."""
        looks = [one for canvas in self._canvases if self.dark for one in canvas.looks(False)]
        return [(model.id, look) for model, look in looks]

    @property
    def home(self) -> Extent:
        """The window around 99% of the dams, with a margin; without dams, the conterminous US."""
        return around(self._store.snapshot.atlas.home)

    @locked
    def zoom_to_all(self) -> None:
        """Zoom to all dams, however far away some are."""
        self._look_at(self._store.snapshot.extent or self._store.snapshot.atlas.home)

    @locked
    def zoom_to_dams(self) -> None:
        """Zoom to the filtered dams, without the few that are far away from the others."""
        atlas = self._store.snapshot.atlas
        self._store.compute(
            partial(atlas.window, self._store.rows),
            lambda window: self._look_at(window or atlas.home),
            "window",
        )

    @shielded
    @locked
    def go_to(self, x: float, y: float) -> None:
        """Zoom to a position, to a view some 20 km wide."""
        self._look_at(close_up(x, y))

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

    @shielded
    @locked
    def _look_at(self, window: Extent | None) -> None:
        for canvas in self._canvases:
            canvas.look_at(around(window))

    @param.depends("visible", "opacity", watch=True)
    @locked
    def _on_layers(self) -> None:
        for canvas in self._canvases:
            canvas.dams.set_dams(visible=self.visible, opacity=self.opacity)

    @param.depends("color_by", "clusters", watch=True)
    @shielded
    @locked
    def _on_style(self) -> None:
        for canvas in self._canvases:
            self._draw(canvas)

    @param.depends("dark", watch=True)
    @locked
    def _on_dark(self) -> None:
        for canvas in self._canvases:
            canvas.set_dark(self.dark)

    @locked
    def _on_units(self, event: Any) -> None:
        for canvas in self._canvases:
            canvas.set_units(event.new)

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
            canvas.marks.show(self._marks())

    @shielded
    @locked
    def _draw_outlines(self, *_: Any) -> None:
        for canvas in self._canvases:
            canvas.outlines.show(outlines(self._store.filter.criteria))

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
        told = (self._on_view, self._on_tap, self._on_tiles)
        canvas = Canvas(plot.state, renderer, self.coloring, *told, self._usual)
        self._canvases.append(canvas)
        canvas.dams.set_dams(visible=self.visible, opacity=self.opacity)
        canvas.set_dark(self.dark)
        canvas.set_home(self.home)
        selected = self._place_of(self._store.selected)
        near = around(close_up(*selected)) if selected else None
        canvas.look_at(self._first_view or near or self.home)
        canvas.set_units(self._store.units)
        self._store.filter.view = canvas.view
        canvas.marks.show(self._marks())
        canvas.outlines.show(outlines(self._store.filter.criteria))
        self._draw(canvas)
        self._guide.add_figure(plot.state)

    @shielded
    @locked
    def _on_dams(self, *_: Any) -> None:
        is_usual = self.color_by == self.usual_color
        self.usual_color = _usual_color(self._store.snapshot)
        if is_usual:
            self.color_by = self.usual_color
        for canvas in self._canvases:
            canvas.set_home(self.home)
            self._draw(canvas)
        self._draw_marks()

    @shielded
    @locked
    def _on_view(self, canvas: Canvas) -> None:
        canvas.set_home(self.home)
        self._store.filter.view = canvas.view
        self._guide.follow()
        if not canvas.shows(self._view(canvas), with_spare(canvas.view, RESERVE)):
            self._draw(canvas)
        if canvas.tiles.renderer.name is None:
            canvas.tiles.show(self.basemap)

    @locked
    def _on_tiles(self, basemap: str, reached: bool) -> None:
        if basemap == self.basemap:
            self.unreachable = "" if reached else basemap
        for canvas in self._canvases:
            canvas.on_tiles(reached)

    def _view(self, canvas: Canvas) -> View:
        """Return what is drawn of a canvas: its view with some spare around it."""
        extent = with_spare(canvas.view, SPARE)
        return View(extent, canvas.metres_per_pixel, self.clusters)

    def _draw(self, canvas: Canvas) -> None:
        snapshot, rows = self._store.snapshot, self._store.rows
        asked = (self._view(canvas), self.coloring)
        canvas.drawn = None
        self._store.compute(
            partial(picture, snapshot, rows, *asked),
            partial(self._on_picture, canvas, (snapshot, rows, *asked)),
            f"picture of {id(canvas)}",
            is_quick=snapshot.atlas.has_scene(rows, *asked),
        )

    @shielded
    @locked
    def _on_picture(
        self,
        canvas: Canvas,
        asked: tuple[Snapshot, Rows | None, View, Coloring],
        picture: Picture,
    ) -> None:
        snapshot, rows, *style = asked
        is_asked = style == [self._view(canvas), self.coloring]
        if is_asked and snapshot is self._store.snapshot and rows is self._store.rows:
            canvas.dams.draw(picture)
            canvas.drawn = asked[2]
            self._guide.remark(is_raster=picture.is_raster)

    @shielded
    @locked
    def _on_tap(self, canvas: Canvas, x: float, y: float) -> None:
        if self.locating:
            x = (x + HALF_WORLD) % (2 * HALF_WORLD) - HALF_WORLD
            longitude, latitude = to_degrees(x, y)
            self.location = (round(longitude, 6), round(latitude, 6))
        elif self.visible:
            self._guide.offer_no_choices()
            store = self._store
            click = Click(canvas, store.snapshot, store.rows, self._view(canvas), (x, y))
            store.compute(click.hit, partial(self._on_hit, click), "tap")

    @shielded
    @locked
    def _on_hit(self, click: Click, rows: Rows) -> None:
        if click.snapshot is self._store.snapshot:
            click.answer(rows, self._store, self._guide)


def _usual_color(snapshot: Snapshot) -> str:
    return (HAZARD if snapshot.atlas.is_known(HAZARD) else PLAIN).name
