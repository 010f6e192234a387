"""HydrographPlot: a zoomable plot of a river's flow over time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import panel as pn
import param
from bokeh.events import RangesUpdate
from bokeh.models import (
    BoxZoomTool,
    ColumnDataSource,
    GlyphRenderer,
    HoverTool,
    Label,
    Line,
    NumeralTickFormatter,
    PanTool,
    PlainText,
    Range1d,
    ResetTool,
    SaveTool,
    Scatter,
    Title,
    VArea,
    WheelZoomTool,
)
from bokeh.plotting import figure

from ...domain.hydrograph import FloatArray, Hydrograph
from ...domain.units import US, Units
from ..bokeh_bridge.arrays import InlineArray
from ..bokeh_bridge.documents import locked
from ..bokeh_bridge.plots import make_accessible
from ..components.escape import as_file_name
from .downsample import alone, thinned
from .time_axis import HOUR, Clock, TimeAxis, clocks

MAX_POINTS_DRAWN = 4000
"""Maximum number of points sent: four for each of 1,000 columns of pixels (see `thinned`)."""

SPARE = 0.25
"""How far beyond the view points are sent, as a share of its width."""

_HEADROOM = 0.15
_COLORS = {
    False: {"flow": "#0072b5", "peak": "#b25000", "ink": "#37474f"},
    True: {"flow": "#4fb3e8", "peak": "#ffb74d", "ink": "#eceff1"},
}


class HydrographPlot(pn.viewable.Viewer):
    """Draws one hydrograph and its peak; zooming in fetches the points that were left out.

    Its axis has dates if the hydrograph has them, else hours. A missing value is a gap.

    It can be shown in one place only, and fills it. The Page's theme sets the colors of axes,
    titles and background, in the browser.
    """

    dark = param.Boolean(allow_refs=True, doc="Whether the curve is drawn for a dark page.")
    units: Units = param.ClassSelector(
        class_=Units,
        default=US,
        instantiate=False,
        allow_refs=True,
        doc="The units of flow and volume.",
    )

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._hydrograph: Hydrograph | None = None
        self._shown = ""
        self._clock = Clock()
        self._flow = ColumnDataSource({"time": [], "flow": [], "alone": []})
        self._peak = ColumnDataSource({"time": [], "flow": []})
        self._save = SaveTool(description="Save as PNG")
        self._title, self._figures = Title(), Title(text_font_style="normal", text_line_height=1.3)
        self._label = Label(x=0, y=0, text="", y_offset=6, text_font_size="12px", visible=False)
        self._figure = self._made_figure()
        self._figure.on_event(RangesUpdate, lambda _: self._fetch_view())
        self._pane = pn.pane.Bokeh(
            self._figure, sizing_mode="stretch_both", min_height=320, margin=0
        )
        self._colour()
        self._name()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._pane

    @locked
    def show(self, hydrograph: Hydrograph, title: str) -> None:
        """Draw the whole hydrograph; the title is also the file name of the saved image."""
        self._hydrograph, self._shown = hydrograph, title
        [self._clock], label = clocks([hydrograph])
        self._axis.show([self._clock], label)
        # The area below a line would fill its gaps.
        self._area.visible = not hydrograph.missing
        self._name()
        self._set_ranges(hydrograph)
        self._draw(*thinned(hydrograph, MAX_POINTS_DRAWN))
        self._mark_peak(hydrograph)
        figures = in_words(hydrograph, self.units)
        # PlainText: Bokeh would render a string between TeX delimiters as a formula.
        self._title.text = PlainText(text=title)
        self._figures.text = figures
        self._save.filename = as_file_name(title, "hydrograph.png")
        self._figure.html_attributes = {
            "role": "figure",
            "aria-label": f"Hydrograph of {title}. {figures}",
        }

    @param.depends("dark", watch=True)
    @locked
    def _colour(self) -> None:
        colors = _COLORS[self.dark]
        self._line.glyph.line_color = self._area.glyph.fill_color = colors["flow"]
        self._alone.glyph.update(fill_color=colors["flow"], line_color=colors["flow"])
        self._dot.glyph.update(fill_color=colors["peak"], line_color=colors["peak"])
        self._label.text_color = colors["ink"]

    @param.depends("units", watch=True)
    @locked
    def _on_units(self) -> None:
        self._name()
        if self._hydrograph is not None:
            self.show(self._hydrograph, self._shown)

    def _name(self) -> None:
        flow = self.units.unit("cfs")
        self._figure.yaxis.axis_label = f"Flow ({flow})"
        # Text, not a table: a dark Page gives a table's labels a color that is hard to read.
        are_dates = self._clock.scale == HOUR
        when = "%Y-%m-%d %H:%M" if are_dates else "0,0.[0000]"
        unit = "" if are_dates else " hours"
        self._hover.update(
            tooltips=f"@flow{{0,0.[0000]}} {flow} at @time{{{when}}}{unit}",
            formatters={"@time": "datetime" if are_dates else "numeral"},
        )

    @locked
    def _fetch_view(self) -> None:
        """Send the points in view, unless all points have been sent."""
        if self._hydrograph is None or self._hydrograph.time.size <= MAX_POINTS_DRAWN:
            return
        view = self._figure.x_range
        start, end = self._clock.hours(float(view.start)), self._clock.hours(float(view.end))
        spare = SPARE * (end - start)
        self._draw(*thinned(self._hydrograph, MAX_POINTS_DRAWN, start - spare, end + spare))

    def _draw(self, time: FloatArray, flow: FloatArray) -> None:
        self._flow.data = {
            "time": InlineArray(self._clock.x(time), np.float64, level=1),
            "flow": InlineArray(flow * self._factor, np.float64, level=1),
            "alone": InlineArray(alone(flow) * self._factor, np.float64, level=1),
        }

    @property
    def _factor(self) -> float:
        """How many of the shown unit of flow make one cubic foot per second."""
        return self.units.shown("cfs", 1.0)

    def _mark_peak(self, hydrograph: Hydrograph) -> None:
        hours, flow = hydrograph.time_to_peak, hydrograph.peak_flow * self._factor
        x = float(self._clock.x(np.array(hours)))
        self._peak.data = {"time": [x], "flow": [flow]}
        is_left = hours < (hydrograph.time[0] + hydrograph.time[-1]) / 2
        self._label.update(
            x=x, y=flow, text="Peak", visible=True, text_align="left" if is_left else "right"
        )

    def _set_ranges(self, hydrograph: Hydrograph) -> None:
        start, end = self._clock.x(hydrograph.time[[0, -1]]).tolist()
        low, high = min(0.0, hydrograph.lowest_flow), max(0.0, hydrograph.peak_flow)
        low, high = low * self._factor, high * self._factor
        spare = (high - low) * _HEADROOM or 1.0
        low -= spare if low < 0 else 0
        high += spare
        finest = float(np.diff(hydrograph.time).min()) * self._clock.scale
        fit(self._figure.x_range, start, end, finest)
        fit(self._figure.y_range, low, high)

    def _made_figure(self) -> Any:
        pan, zoom = PanTool(), WheelZoomTool(dimensions="width")
        plot = figure(
            x_range=Range1d(0, 1), y_range=Range1d(0, 1),
            title=self._title, toolbar_location="above",
            output_backend="canvas", sizing_mode="stretch_both", outline_line_color=None,
            tools=[pan, zoom, BoxZoomTool(), ResetTool(), self._save], active_drag=pan,
            active_scroll=zoom,
        )  # fmt: skip
        plot.toolbar.logo = None
        make_accessible(plot)
        plot.add_layout(self._figures, "above")
        plot.add_layout(self._label)
        plot.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        self._axis = TimeAxis(plot)
        self._area = _layer(self._flow, VArea(x="time", y1=0, y2="flow", fill_alpha=0.15))
        self._line = _layer(self._flow, Line(x="time", y="flow", line_width=2))
        self._dot = _layer(self._peak, Scatter(x="time", y="flow", size=9))
        self._alone = _layer(self._flow, Scatter(x="time", y="alone", size=4))
        plot.renderers = [self._area, self._line, self._dot, self._alone]
        self._hover = HoverTool(renderers=[self._line], mode="vline", visible=False)
        plot.add_tools(self._hover)
        return plot


def fit(axis: Range1d, start: float, end: float, finest: float | None = None) -> None:
    """Show a range, and let nobody leave it. finest: the smallest part of it that is shown."""
    # bokehjs would clip the new range to the bounds of the previous hydrograph.
    axis.bounds = None
    axis.update(
        start=start, end=end, reset_start=start, reset_end=end,
        bounds=(start, end), min_interval=finest,
    )  # fmt: skip


def _layer(source: ColumnDataSource, glyph: Any) -> GlyphRenderer:
    # Nothing is selected or muted here; without those glyphs a layer has half as many models.
    return GlyphRenderer(
        data_source=source, glyph=glyph, nonselection_glyph=None, selection_glyph=None,
        muted_glyph=None,
    )  # fmt: skip


def in_words(hydrograph: Hydrograph, units: Units = US) -> str:
    """Return peak flow, time to peak and volume as short lines of text, to fit on a phone."""
    flow, volume = (
        rounded(units.shown(unit, value))
        for unit, value in (("cfs", hydrograph.peak_flow), ("acre-ft", hydrograph.volume))
    )
    peak, hours = hydrograph.at(hydrograph.time_to_peak), rounded(hydrograph.time_to_peak)
    when = f"at {peak:%Y-%m-%d %H:%M} ({hours} hours)" if peak else f"Time to peak {hours} hours"
    values = "value" if hydrograph.missing == 1 else "values"
    missing = f"\n{hydrograph.missing:,} {values} missing" if hydrograph.missing else ""
    return (
        f"Peak flow {flow} {units.unit('cfs')}\n"
        f"{when}\n"
        f"Volume {volume} {'acre-feet' if units is US else units.unit('acre-ft')}{missing}"
    )


def rounded(value: float) -> str:
    """Format a number with five significant digits, never with an exponent."""
    before = math.floor(math.log10(abs(value))) if value else 0
    decimals = min(max(4 - before, 0), 9)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
