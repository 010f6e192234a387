"""FlowCurves: the hydrographs of several dams on one pair of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import panel as pn
import param
from bokeh.core.properties import value
from bokeh.models import (
    BoxZoomTool,
    ColumnDataSource,
    Legend,
    LegendItem,
    Line,
    NumeralTickFormatter,
    PanTool,
    Range1d,
    ResetTool,
    WheelZoomTool,
)
from bokeh.plotting import figure

from ...domain.hydrograph import Hydrograph
from ...domain.units import US, Units
from ...session.comparison import MOST
from ..bokeh_bridge.arrays import InlineArray
from ..bokeh_bridge.documents import locked
from ..bokeh_bridge.plots import make_accessible
from ..hydrograph.downsample import thinned
from ..hydrograph.plot import MAX_POINTS_DRAWN, fit

_HEADROOM = 1.05
_COLORS = {
    False: ("#0072b2", "#d55e00", "#007a5a", "#8e4585"),
    True: ("#56b4e9", "#ff9c5a", "#2fd6a3", "#e69fd0"),
}
_DASHES = ("solid", "dashed", "dotted", "dotdash")


class FlowCurves(pn.viewable.Viewer):
    """Draws at most MOST hydrographs; a legend names their dams. Also told apart without color."""

    dark = param.Boolean(allow_refs=True, doc="Whether the curves are drawn for a dark page.")

    units: Units = param.ClassSelector(
        class_=Units, default=US, instantiate=False, allow_refs=True, doc="The units of flow."
    )

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._curves: Sequence[tuple[str, Hydrograph]] = ()
        self._sources = [ColumnDataSource({"time": [], "flow": []}) for _ in range(MOST)]
        self._legend = Legend(items=[], location="top_right", label_text_font_size="13px")
        self._figure = self._made_figure()
        self._pane = pn.pane.Bokeh(
            self._figure, sizing_mode="stretch_both", min_height=260, margin=0
        )
        self._colour()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._pane

    @locked
    def show(self, curves: Sequence[tuple[str, Hydrograph]]) -> None:
        """Draw hydrographs, at least one, each with the name of its dam."""
        self._curves = curves
        factor = self.units.shown("cfs", 1.0)
        drawn = [thinned(hydrograph, MAX_POINTS_DRAWN) for _, hydrograph in curves]
        drawn += [(np.empty(0), np.empty(0))] * (MOST - len(drawn))
        for source, (time, flow) in zip(self._sources, drawn, strict=True):
            source.data = {
                "time": InlineArray(time, np.float64, level=1),
                "flow": InlineArray(flow * factor, np.float64, level=1),
            }
        names = [name for name, _ in curves]
        self._legend.items = [
            LegendItem(label=value(name), renderers=[line])
            for name, line in zip(names, self._lines, strict=False)
        ]
        hydrographs = [hydrograph for _, hydrograph in curves]
        fit(
            self._figure.x_range,
            min(float(one.time[0]) for one in hydrographs),
            max(float(one.time[-1]) for one in hydrographs),
            min(float(np.diff(one.time).min()) for one in hydrographs),
        )
        low = min(0.0, *(float(one.flow.min()) for one in hydrographs))
        high = max(0.0, *(one.peak_flow for one in hydrographs))
        fit(self._figure.y_range, low * factor * _HEADROOM, high * factor * _HEADROOM or 1.0)
        self._figure.yaxis.axis_label = f"Flow ({self.units.unit('cfs')})"
        self._figure.html_attributes = {
            "role": "figure",
            "aria-label": f"Hydrographs of {', '.join(names)}.",
        }

    @param.depends("units", watch=True)
    def _on_units(self) -> None:
        if self._curves:
            self.show(self._curves)

    @param.depends("dark", watch=True)
    @locked
    def _colour(self) -> None:
        for line, color in zip(self._lines, _COLORS[self.dark], strict=True):
            line.glyph.line_color = color

    def _made_figure(self) -> Any:
        pan, zoom = PanTool(), WheelZoomTool(dimensions="width")
        plot = figure(
            x_range=Range1d(0, 1), y_range=Range1d(0, 1), x_axis_label="Time (hours)",
            toolbar_location="above", output_backend="canvas",
            sizing_mode="stretch_both", outline_line_color=None, active_drag=pan,
            active_scroll=zoom, tools=[pan, zoom, BoxZoomTool(), ResetTool()],
        )  # fmt: skip
        plot.toolbar.logo = None
        make_accessible(plot)
        for axis in (plot.xaxis, plot.yaxis):
            axis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        plot.add_layout(self._legend)
        self._lines = [
            plot.add_glyph(source, Line(x="time", y="flow", line_width=2, line_dash=dash))
            for source, dash in zip(self._sources, _DASHES, strict=True)
        ]
        return plot
