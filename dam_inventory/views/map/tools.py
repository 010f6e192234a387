"""Tools of the map's figure: pan, zoom, hover, pointer coordinates, and a scale bar."""

from __future__ import annotations

from typing import Any

from bokeh.events import MouseLeave, MouseMove
from bokeh.models import (
    CustomJS,
    FullscreenTool,
    HoverTool,
    ImperialLength,
    Label,
    PanTool,
    ResetTool,
    ScaleBar,
    WheelZoomTool,
)

from ...domain.mercator import HALF_WORLD, RADIUS
from ..components.assets import asset
from .markers import ground_units

_INK = "#37474f"
_SCALE_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
MIN_VIEW = 200.0
"""Smallest view when zooming in: Web Mercator meters from edge to edge."""


def add_tools(figure: Any, dams: Any, clusters: Any) -> ScaleBar:
    """Add tools to a figure and return its scale bar; `dams` and `clusters` are renderers."""
    zoom, pan = WheelZoomTool(), PanTool()
    over_dam = HoverTool(
        renderers=[dams],
        tooltips=[("Name", "@dam_name"), ("River", "@river"), ("Owner", "@owner")],
        visible=False,
    )
    over_cluster = HoverTool(
        renderers=[clusters], tooltips=[("Dams", "@count{0,0}")], visible=False
    )
    home = ResetTool(description="Home")
    figure.tools = [pan, zoom, home, FullscreenTool(), over_dam, over_cluster]
    figure.toolbar.update(active_drag=pan, active_scroll=zoom, logo=None)
    figure.toolbar_inner = True
    figure.toolbar.stylesheets = [asset("map/toolbar.css")]
    for axis in (figure.x_range, figure.y_range):
        axis.update(min_interval=MIN_VIEW, bounds=(-2 * HALF_WORLD, 2 * HALF_WORLD))
    _show_pointer(figure)
    scale = ScaleBar(
        range=figure.x_range, unit="mercator", location="bottom_right", margin=8,
        padding=6, bar_length=0.15, bar_line_color=_INK, label_text_color=_INK,
        border_line_color=None, background_fill_color="white", background_fill_alpha=0.7,
        # The units are metric, but ImperialLength is the only model with a `basis` in bokehjs 3.9.
        dimensional=ImperialLength(basis=ground_units(0), ticks=_SCALE_TICKS),
    )  # fmt: skip
    figure.add_layout(scale)
    return scale


def _show_pointer(figure: Any) -> None:
    label = Label(
        x=8, y=8, x_units="screen", y_units="screen", text="", text_font_size="12px",
        background_fill_alpha=0.7, background_fill_color="white", text_color=_INK, padding=3,
    )  # fmt: skip
    figure.add_layout(label)
    show = CustomJS(args={"label": label, "radius": RADIUS}, code=asset("map/pointer.js"))
    figure.js_on_event(MouseMove, show)
    figure.js_on_event(MouseLeave, show)
