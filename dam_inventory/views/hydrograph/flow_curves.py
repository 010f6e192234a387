"""FlowCurves: several hydrographs, of one dam or of several, on one pair of axes."""

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
    Scatter,
    Span,
    WheelZoomTool,
)
from bokeh.plotting import figure

from ...domain.hydrograph import MAX_PER_DAM, FloatArray, Hydrograph
from ...domain.units import US, Units
from ..bokeh_bridge.arrays import InlineArray
from ..bokeh_bridge.documents import locked
from ..bokeh_bridge.plots import make_accessible
from ..components.assets import asset
from .downsample import alone, thinned
from .plot import MAX_POINTS_DRAWN, SPARE, fit
from .time_axis import Clock, TimeAxis, clocks

MOST = MAX_PER_DAM
"""How many curves can be told apart."""

_HEADROOM = 1.05
_INK = {False: ("#222222", "#ffffff"), True: ("#eceff1", "#1b262f")}
"""Colors of the text at the pointer and of what is behind it."""

_COLORS = {
    False: ("#0072b2", "#d55e00", "#007a5a", "#8e4585", "#806000", "#444444"),
    True: ("#56b4e9", "#ff9c5a", "#2fd6a3", "#e69fd0", "#f0e442", "#cccccc"),
}
_DASHES: Sequence[Any] = ("solid", "dashed", "dotted", "dotdash", "dashdot", [12, 4])


class FlowCurves(pn.viewable.Viewer):
    """Draws at most MOST hydrographs; a legend names them. Also told apart without color.

    The axis has dates if all have them, else hours. The pointer tells the flow of each at one
    time; zooming in fetches the points left out.
    """

    dark = param.Boolean(allow_refs=True, doc="Whether the curves are drawn for a dark page.")

    units: Units = param.ClassSelector(
        class_=Units, default=US, instantiate=False, allow_refs=True, doc="The units of flow."
    )

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._curves: Sequence[tuple[str, Hydrograph]] = ()
        self._clocks: Sequence[Clock] = ()
        empty: dict[str, Any] = {"time": [], "flow": [], "alone": []}
        self._sources = [ColumnDataSource(dict(empty)) for _ in range(MOST)]
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
        """Draw hydrographs, at least one, each with its name in the legend."""
        self._curves = curves
        hydrographs = [hydrograph for _, hydrograph in curves]
        self._clocks, label = clocks(hydrographs)
        self._axis.show(self._clocks, label)
        factor = self._factor
        drawn = [thinned(hydrograph, MAX_POINTS_DRAWN) for hydrograph in hydrographs]
        for source, clock, points in zip(self._sources, self._clocks, drawn, strict=False):
            self._fill(source, clock, *points)
        for source in self._sources[len(drawn) :]:
            self._fill(source, Clock(), np.empty(0), np.empty(0))
        names = [name for name, _ in curves]
        for line, name in zip(self._lines, names, strict=False):
            line.name = name
        self._legend.items = [
            LegendItem(label=value(name), renderers=[line])
            for name, line in zip(names, self._lines, strict=False)
        ]
        ends = [
            clock.x(one.time[[0, -1]]) for clock, one in zip(self._clocks, hydrographs, strict=True)
        ]
        finest = min(float(np.diff(one.time).min()) for one in hydrographs)
        fit(
            self._figure.x_range,
            min(float(start) for start, _ in ends),
            max(float(end) for _, end in ends),
            finest * self._clocks[0].scale,
        )
        low = min(0.0, *(one.lowest_flow for one in hydrographs))
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

    def _fill(
        self, source: ColumnDataSource, clock: Clock, time: FloatArray, flow: FloatArray
    ) -> None:
        source.data = {
            "time": InlineArray(clock.x(time), np.float64, level=1),
            "flow": InlineArray(flow * self._factor, np.float64, level=1),
            "alone": InlineArray(alone(flow) * self._factor, np.float64, level=1),
        }

    @locked
    def _fetch_view(self) -> None:
        """Send the points in view of those curves of which not all points have been sent."""
        view = self._figure.x_range
        curves = zip(self._sources, self._clocks, self._curves, strict=False)
        for source, clock, (_, hydrograph) in curves:
            if hydrograph.time.size > MAX_POINTS_DRAWN:
                start, end = clock.hours(float(view.start)), clock.hours(float(view.end))
                spare = SPARE * (end - start)
                points = thinned(hydrograph, MAX_POINTS_DRAWN, start - spare, end + spare)
                self._fill(source, clock, *points)

    @param.depends("units", watch=True)
    def _on_units(self) -> None:
        if self._curves:
            self.show(self._curves)

    @param.depends("dark", watch=True)
    @locked
    def _colour(self) -> None:
        for line, dots, color in zip(self._lines, self._dots, _COLORS[self.dark], strict=True):
            line.glyph.line_color = color
            dots.glyph.update(fill_color=color, line_color=color)
        ink, paper = _INK[self.dark]
        self._label.update(text_color=ink, background_fill_color=paper, border_line_color=ink)
        self._mark.line_color = ink

    def _made_figure(self) -> Any:
        pan, zoom = PanTool(), WheelZoomTool(dimensions="width")
        plot = figure(
            x_range=Range1d(0, 1), y_range=Range1d(0, 1),
            toolbar_location="above", output_backend="canvas",
            sizing_mode="stretch_both", outline_line_color=None, active_drag=pan,
            active_scroll=zoom, tools=[pan, zoom, BoxZoomTool(), ResetTool()],
        )  # fmt: skip
        plot.toolbar.logo = None
        make_accessible(plot)
        plot.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        self._axis = TimeAxis(plot)
        plot.add_layout(self._legend)
        self._lines = [
            plot.add_glyph(source, Line(x="time", y="flow", line_width=2, line_dash=dash))
            for source, dash in zip(self._sources, _DASHES, strict=True)
        ]
        self._dots = [
            plot.add_glyph(source, Scatter(x="time", y="alone", size=4)) for source in self._sources
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
        told = {"lines": self._lines, "range": plot.x_range, "axis": plot.yaxis[0],
                "hours": plot.xaxis[0]}  # fmt: skip
        code = asset("hydrograph/flow_at.js")
        plot.js_on_event(MouseMove, CustomJS(args={**shown, **told}, code=code))
        code = "for (const one of [label, mark]) { one.setv({visible: false}, {sync: false}) }"
        hide = CustomJS(args=shown, code=code)
        plot.js_on_event(MouseLeave, hide)
        plot.x_range.js_on_change("start", hide)
