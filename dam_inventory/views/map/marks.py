"""Marks of the map: the selected dam, the location of a draft, and a place that was found."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import ColumnDataSource, Scatter

from .dam_layers import layer

SELECTED = "#111111"
DRAFT = "#d50000"
POINTED = "#d500f9"
_MARKERS = {SELECTED: "circle", DRAFT: "inverted_triangle", POINTED: "diamond"}


class MarkLayer:
    """Draws marks above all else.

    renderers: as many as `dam_layers.MARKS` says.
    """

    def __init__(self) -> None:
        self.source = ColumnDataSource({"x": [], "y": [], "color": [], "marker": []})
        # On white, so that they are seen on every ground; and each has a shape of its own.
        place = {"x": "x", "y": "y", "marker": "marker", "size": 19}
        halo = Scatter(**place, fill_color=None, line_color="#ffffff", line_width=7)
        marks = Scatter(
            **place, fill_color="color", fill_alpha=0.15, line_color="color", line_width=3
        )
        self.renderers = [layer(self.source, halo), layer(self.source, marks)]

    def show(self, marks: Sequence[tuple[float, float, str]]) -> None:
        """Draw marks at positions in Web Mercator meters: (x, y, SELECTED, DRAFT or POINTED)."""
        x, y, color = ([mark[i] for mark in marks] for i in range(3))
        marker = [_MARKERS[one] for *_, one in marks]
        self.source.data = {"x": x, "y": y, "color": color, "marker": marker}
