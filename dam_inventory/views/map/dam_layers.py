"""DamLayers: the dams of a map as dots, as a raster, or as clusters."""

from __future__ import annotations

from typing import Any

from bokeh.core.property.validation import validate
from bokeh.models import (
    ColumnDataSource,
    CustomJS,
    GlyphRenderer,
    HoverTool,
    Image,
    LinearColorMapper,
)

from ...domain.palette import Coloring
from ..bokeh_bridge.push import push_columns
from ..components.assets import asset
from .colors import SIZE, palette
from .columns import Columns
from .donuts import NO_DONUTS, number, ring
from .markers import NO_CELLS, NO_DAMS, Picture

MARKS = 2
"""How many renderers draw marks, above all others."""

MAX_TOOLTIPS = 3
"""Of how many dots below the mouse the name is shown: more would fill the window."""

_EDGE = {False: "#37474f", True: "#eceff1"}


def layer(source: ColumnDataSource, glyph: Any, level: str = "glyph") -> GlyphRenderer:
    """Return a renderer with half as many models: nothing is selected or muted here."""
    return GlyphRenderer(
        data_source=source, glyph=glyph, level=level, nonselection_glyph=None,
        selection_glyph=None, muted_glyph=None,
    )  # fmt: skip


class DamLayers:
    """What a map draws of its dams; see `Picture`.

    figure, dots: the Bokeh figure and the renderer of single dams, as created by GeoViews.
    coloring: that of the first picture.
    """

    def __init__(self, figure: Any, dots: Any, coloring: Coloring) -> None:
        self._figure = figure
        self._dots = dots
        dots.data_source.data = NO_DAMS
        self._mapper = LinearColorMapper(low=0, high=SIZE - 1)
        color = {"field": "shade", "transform": self._mapper}
        dots.glyph.update(fill_color=color, line_color=_EDGE[False], line_width=1)
        self.cells = layer(
            ColumnDataSource(NO_CELLS),
            Image(image="image", x="x", y="y", dw="dw", dh="dh", color_mapper=self._mapper),
        )
        self._clusters: list[GlyphRenderer] = []
        self.hover = HoverTool(renderers=[dots], visible=False, limit=MAX_TOOLTIPS)
        code = asset("bokeh_bridge/pointing.js") + asset("map/pointed_dot.js")
        self.hover.callback = CustomJS(
            args={"source": dots.data_source, "tool": self.hover}, code=code
        )
        self._set_coloring(coloring)
        self.is_raster = False

    def draw(self, picture: Picture) -> None:
        """Draw other dams; what does not change is not sent."""
        if picture.coloring is not self._coloring:
            self._set_coloring(picture.coloring)
        self.is_raster = picture.is_raster
        _fill(self.cells, picture.cells)
        _fill(self._dots, picture.dams)
        if len(picture.clusters.labels["x"]) and not self._clusters:
            self._add_clusters()
        for renderer, columns in zip(self._clusters, picture.clusters, strict=False):
            _fill(renderer, columns)

    def set_dams(self, *, visible: bool, opacity: float) -> None:
        """Show or hide the dams, and set their opacity, from 0 to 1."""
        for renderer in (self._dots, self.cells, *self._clusters):
            renderer.visible = visible
        self._dots.glyph.update(fill_alpha=opacity, line_alpha=opacity)
        for rings in self._clusters[:1]:
            rings.glyph.fill_alpha = opacity
        self.cells.glyph.global_alpha = opacity
        for counts in self._clusters[1:]:
            counts.glyph.text_alpha = opacity

    def looks(self, dark: bool) -> list[tuple[Any, dict[str, str]]]:
        """Return the models whose colors differ on a light and on a dark page; see `Canvas`."""
        return [(self._dots.glyph, {"line_color": _EDGE[dark]})]

    def _set_coloring(self, coloring: Coloring) -> None:
        self._coloring = coloring
        # To validate 256 colors takes 3 ms, and these were tested.
        with validate(False):
            self._mapper.palette = palette(coloring)
        self.hover.tooltips = _tooltips(coloring)
        if self._clusters:
            self._mix.tooltips = _mix_of(coloring)

    def _add_clusters(self) -> None:
        """Add the layers of clusters, which few sessions ask for."""
        opacity = self.cells.glyph.global_alpha
        rings = ring({"field": "shade", "transform": self._mapper})
        rings.fill_alpha = opacity
        counts = number()
        counts.text_alpha = opacity
        sources = (ColumnDataSource(columns) for columns in NO_DONUTS)
        self._clusters = [layer(next(sources), rings), layer(next(sources), counts)]
        for renderer in self._clusters:
            renderer.visible = self._dots.visible
        figure = self._figure
        above = figure.renderers.index(self.cells) + 1
        figure.renderers = [
            *figure.renderers[:above], *self._clusters, *figure.renderers[above:]
        ]  # fmt: skip
        # The first one below the mouse is a disc: see `Donuts`.
        self._mix = HoverTool(renderers=self._clusters[:1], limit=1, visible=False)
        self._mix.tooltips = _mix_of(self._coloring)
        figure.tools = [*figure.tools, self._mix]


def _fill(renderer: Any, columns: Columns) -> None:
    source = renderer.data_source
    if len(columns["x"]) or len(source.data["x"]):
        push_columns(source, columns)


def _tooltips(coloring: Coloring) -> list[tuple[str, str]]:
    rows = [("Name", "@dam_name"), ("Place", "@place")]
    return rows if coloring.is_plain else [*rows, (coloring.label, "@category")]


def _mix_of(coloring: Coloring) -> list[tuple[str, str]]:
    rows = [("Dams", "@count{0,0}")]
    return rows if coloring.is_plain else [*rows, (coloring.label, "@mix")]
