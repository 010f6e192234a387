"""Models for the tests of what a server does sooner than Bokeh and Panel do."""

from __future__ import annotations

import geoviews as gv
import geoviews.plotting.bokeh
import panel as pn
import panel_material_ui as pmui
from bokeh.core.has_props import HasProps
from bokeh.model import Model
from bokeh.models import ColumnDataSource, CustomJS
from bokeh.plotting import figure


def unset(owner: type[HasProps]) -> HasProps:
    """Return a model of which nothing is set, not even what Bokeh sets when it makes one."""
    model = owner.__new__(owner)
    super(HasProps, model).__init__()
    for name in ("_property_values", "_unstable_default_values", "_unstable_themed_values"):
        object.__setattr__(model, name, {})
    return model


def a_page() -> Model:
    """Return the model of a page with components, a map and a plot that refer to each other."""
    plot = figure(title="Flow", tools="pan,tap")
    plot.scatter("x", "y", source=ColumnDataSource({"x": [1], "y": [2], "names": ["<b>"]}))
    plot.js_on_event("tap", CustomJS(args={"plot": plot}, code=""))
    points = gv.Points(([], []), ["x", "y"])
    found: Model = pmui.Page(
        title="A page",
        sidebar=[pmui.Button(label="Press"), pmui.TextInput(label="Name")],
        main=[pn.pane.HoloViews(points, backend="bokeh"), pn.pane.Bokeh(plot)],
    ).get_root()
    return found
