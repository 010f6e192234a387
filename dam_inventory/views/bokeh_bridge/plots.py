"""Plots: names and outlines for the tools of a Bokeh figure."""

from __future__ import annotations

from typing import Any

from bokeh.models import CustomJS

from ..components.assets import asset

_OUTLINE = """[tabindex]:focus-visible {
  outline: 2px solid var(--panel-primary-color, #1e88e5); outline-offset: -2px;
}"""


def make_accessible(figure: Any) -> None:
    """Make buttons of a figure's tools, and take its canvas out of the tab order.

    The canvas has no keys of its own, so a stop there would have neither name nor use.
    """
    figure.toolbar.stylesheets = [_OUTLINE]
    figure.js_on_change("inner_width", CustomJS(code=asset("bokeh_bridge/plots.js")))
