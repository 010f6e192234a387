"""FlowCurves: the hydrographs of several dams on one pair of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import panel as pn
import param
from bokeh.core.properties import value
from bokeh.events import MouseLeave, MouseMove, RangesUpdate
from bokeh.models import (
    BoxZoomTool,
    ColumnDataSource,
    CustomJS,
    Label,
    Legend,
    LegendItem,
    Line,
    NumeralTickFormatter,
    PanTool,
    Range1d,
    ResetTool,
    Span,
    WheelZoomTool,
)
from bokeh.plotting import figure

from ...domain.hydrograph import FloatArray, Hydrograph
from ...domain.units import US, Units
from ...session.comparison import MOST
from ..bokeh_bridge.arrays import InlineArray
from ..bokeh_bridge.documents import locked
from ..bokeh_bridge.plots import make_accessible
from ..components.assets import asset
from ..hydrograph.downsample import thinned
from ..hydrograph.plot import MAX_POINTS_DRAWN, SPARE, fit

_HEADROOM = 1.05
_INK = {False: ("#222222", "#ffffff"), True: ("#eceff1", "#1b262f")}
"""Colors of the text at the pointer and of what is behind it."""

_COLORS = {
    False: ("#0072b2", "#d55e00", "#007a5a", "#8e4585"),
    True: ("#56b4e9", "#ff9c5a", "#2fd6a3", "#e69fd0"),
}
_DASHES = ("solid", "dashed", "dotted", "dotdash")


class FlowCurves(pn.viewable.Viewer):
    """Draws at most MOST hydrographs; a legend names their dams. Also told apart without color.

    The pointer tells the flow of each at one time; zooming in fetches the points left out.
    """

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
        self._figure.on_event(RangesUpdate, lambda _: self._fetch_view())
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
        factor = self._factor
        drawn = [thinned(hydrograph, MAX_POINTS_DRAWN) for _, hydrograph in curves]
        drawn += [(np.empty(0), np.empty(0))] * (MOST - len(drawn))
        for source, (time, flow) in zip(self._sources, drawn, strict=True):
            self._fill(source, time, flow)
        names = [name for name, _ in curves]
        for line, name in zip(self._lines, names, strict=False):
            line.name = name
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

    @property
    def _factor(self) -> float:
        """How many of the shown unit of flow make one cubic foot per second."""
        return self.units.shown("cfs", 1.0)

    def _fill(self, source: ColumnDataSource, time: FloatArray, flow: FloatArray) -> None:
        source.data = {
            "time": InlineArray(time, np.float64, level=1),
            "flow": InlineArray(flow * self._factor, np.float64, level=1),
        }

    @locked
    def _fetch_view(self) -> None:
        """Send the points in view of those curves of which not all points have been sent."""
        hours = self._figure.x_range
        start, end = float(hours.start), float(hours.end)
        spare = SPARE * (end - start)
        for source, (_, hydrograph) in zip(self._sources, self._curves, strict=False):
            if hydrograph.time.size > MAX_POINTS_DRAWN:
                view = (start - spare, end + spare)
                self._fill(source, *thinned(hydrograph, MAX_POINTS_DRAWN, *view))

    @param.depends("units", watch=True)
    def _on_units(self) -> None:
        if self._curves:
            self.show(self._curves)

    @param.depends("dark", watch=True)
    @locked
    def _colour(self) -> None:
        for line, color in zip(self._lines, _COLORS[self.dark], strict=True):
            line.glyph.line_color = color
        ink, paper = _INK[self.dark]
        self._label.update(text_color=ink, background_fill_color=paper, border_line_color=ink)
        self._mark.line_color = ink

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
        self._add_pointer(plot)
        return plot

    def _add_pointer(self, plot: Any) -> None:
        """Tell the flow of all dams in one label: tooltips of close curves would overlap."""
        self._label = Label(
            x=0, y=0, text="", visible=False, text_font_size="13px", padding=6,
            background_fill_alpha=0.9, text_baseline="middle", text_line_height=1.3,
        )  # fmt: skip
        self._mark = Span(location=0, dimension="height", visible=False)
        plot.renderers = [self._mark, *plot.renderers]
        plot.add_layout(self._label)
        shown = {"label": self._label, "mark": self._mark}
        told = {"lines": self._lines, "range": plot.x_range, "axis": plot.yaxis[0]}
        code = asset("compare/flow_at.js")
        plot.js_on_event(MouseMove, CustomJS(args={**shown, **told}, code=code))
        code = "for (const one of [label, mark]) { one.setv({visible: false}, {sync: false}) }"
        hide = CustomJS(args=shown, code=code)
        plot.js_on_event(MouseLeave, hide)
        plot.x_range.js_on_change("start", hide)
