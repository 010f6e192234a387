"""Tools of the map's figure: pan, zoom, pointer coordinates, and a scale bar."""

from __future__ import annotations

from typing import Any

from bokeh.events import MouseLeave, MouseMove
from bokeh.models import (
    CustomJS,
    HoverTool,
    ImperialLength,
    Label,
    PanTool,
    ScaleBar,
    WheelZoomTool,
)

from ...domain.mercator import HALF_WORLD, RADIUS
from ..components.assets import asset
from .markers import ground_units

INK = {
    False: {"ink": "#37474f", "paper": "#ffffff"},
    True: {"ink": "#cfd8dc", "paper": "#1b262f"},
}
"""Colors of texts over the map on a light and on a dark page."""

BAR = "#75838e"
"""The color of the bar of the scale, for both pages: bokehjs does not follow when it changes."""

_SCALE_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
MIN_VIEW = 200.0
"""Smallest view when zooming in: Web Mercator meters from edge to edge."""


def add_tools(figure: Any, hover: HoverTool) -> tuple[ScaleBar, Label]:
    """Add tools to a figure; return its scale bar and the label with the pointer's place."""
    zoom, pan = WheelZoomTool(), PanTool()
    # Without a toolbar: its buttons can't be reached with the keyboard. See `controls.py`.
    figure.update(tools=[pan, zoom, hover], toolbar_location=None)
    figure.toolbar.update(active_drag=pan, active_scroll=zoom)
    for axis in (figure.x_range, figure.y_range):
        axis.update(min_interval=MIN_VIEW, bounds=(-2 * HALF_WORLD, 2 * HALF_WORLD))
    pointer = _pointer(figure)
    ink, paper = INK[False].values()
    scale = ScaleBar(
        range=figure.x_range, unit="mercator", location="bottom_right", margin=8,
        padding=6, bar_length=0.15, bar_line_color=BAR, label_text_color=ink,
        border_line_color=None, background_fill_color=paper, background_fill_alpha=0.7,
        # The units are metric, but ImperialLength is the only model with a `basis` in bokehjs 3.9.
        dimensional=ImperialLength(basis=ground_units(0), ticks=_SCALE_TICKS),
    )  # fmt: skip
    figure.add_layout(scale)
    return scale, pointer


def _pointer(figure: Any) -> Label:
    ink, paper = INK[False].values()
    label = Label(
        x=8, y=8, x_units="screen", y_units="screen", text="", text_font_size="12px",
        background_fill_alpha=0.7, background_fill_color=paper, text_color=ink, padding=3,
    )  # fmt: skip
    figure.add_layout(label)
    show = CustomJS(args={"label": label, "radius": RADIUS}, code=asset("map/pointer.js"))
    figure.js_on_event(MouseMove, show)
    figure.js_on_event(MouseLeave, show)
    return label
