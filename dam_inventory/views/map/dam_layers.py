"""DamLayers: the dams of a map as dots, as a raster, or as clusters."""

from __future__ import annotations

from typing import Any

from bokeh.models import (
    ColumnDataSource,
    GlyphRenderer,
    HoverTool,
    Image,
    LinearColorMapper,
    Scatter,
    Text,
)

from ...domain.palette import PLAIN, Coloring
from .colors import SIZE, palette
from .markers import NO_CELLS, NO_CLUSTERS, NO_DAMS, Columns, Picture

_CLUSTER = "#37474f"
_EDGE = {False: "#37474f", True: "#eceff1"}


def layer(source: ColumnDataSource, glyph: Any, level: str = "glyph") -> GlyphRenderer:
    """Return a renderer with half as many models: nothing is selected or muted here."""
    return GlyphRenderer(
        data_source=source, glyph=glyph, level=level, nonselection_glyph=None,
        selection_glyph=None, muted_glyph=None,
    )  # fmt: skip


class DamLayers:
    """What a map draws of its dams; see `Picture`.

    dots: the renderer of single dams, as created by GeoViews.
    """

    def __init__(self, dots: Any) -> None:
        self._dots = dots
        dots.data_source.data = NO_DAMS
        self._mapper = LinearColorMapper(palette=palette(PLAIN), low=0, high=SIZE - 1)
        color = {"field": "shade", "transform": self._mapper}
        dots.glyph.update(fill_color=color, line_color=_EDGE[False], line_width=1)
        self._cells = layer(
            ColumnDataSource(NO_CELLS),
            Image(image="image", x="x", y="y", dw="dw", dh="dh", color_mapper=self._mapper),
        )
        clusters = ColumnDataSource(NO_CLUSTERS)
        circles = Scatter(
            x="x", y="y", size="size", fill_color=_CLUSTER, line_color="white", line_width=2
        )
        counts = Text(
            x="x", y="y", text="label", text_color="white", text_align="center",
            text_baseline="middle", text_font_size="11px", text_font_style="bold",
        )  # fmt: skip
        self._circles, self._counts = layer(clusters, circles), layer(clusters, counts)
        self._over_dam = HoverTool(renderers=[dots], tooltips=_tooltips(PLAIN), visible=False)
        self._coloring = PLAIN
        self.is_raster = False

    @property
    def renderers(self) -> list[GlyphRenderer]:
        """All layers but the dots, from bottom to top."""
        return [self._cells, self._circles, self._counts]

    @property
    def hovers(self) -> list[HoverTool]:
        """The tools that tell what is under the pointer."""
        count = [("Dams", "@count{0,0}")]
        return [
            self._over_dam,
            HoverTool(renderers=[self._circles], tooltips=count, visible=False),
        ]

    def draw(self, picture: Picture) -> None:
        """Draw other dams; what does not change is not sent."""
        if picture.coloring is not self._coloring:
            self._coloring = picture.coloring
            self._mapper.palette = palette(picture.coloring)
            self._over_dam.tooltips = _tooltips(picture.coloring)
        self.is_raster = picture.is_raster
        _fill(self._cells, picture.cells)
        _fill(self._dots, picture.dams)
        _fill(self._circles, picture.clusters)

    def set_dams(self, *, visible: bool, opacity: float) -> None:
        """Show or hide the dams, and set their opacity, from 0 to 1."""
        for renderer in (self._dots, *self.renderers):
            renderer.visible = visible
        for glyph in (self._dots.glyph, self._circles.glyph):
            glyph.update(fill_alpha=opacity, line_alpha=opacity)
        self._counts.glyph.text_alpha = self._cells.glyph.global_alpha = opacity

    def set_dark(self, dark: bool) -> None:
        """Set the color of the dots' edges for a light or a dark page."""
        self._dots.glyph.line_color = _EDGE[dark]


def _fill(renderer: Any, columns: Columns) -> None:
    source = renderer.data_source
    if len(columns["x"]) or len(source.data["x"]):
        source.data = columns


def _tooltips(coloring: Coloring) -> list[tuple[str, str]]:
    rows = [("Name", "@dam_name"), ("Place", "@place")]
    return [*rows, (coloring.label, "@category")] if coloring.fields else rows
