"""The least that a map can do after a pan: a Bokeh figure that sends 2,000 constant markers."""

from itertools import cycle

import numpy as np
from bokeh.events import RangesUpdate
from bokeh.io import curdoc
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

random = np.random.default_rng(1)
x, y = random.uniform(-1.38e7, -7.5e6, 2_000), random.uniform(3e6, 6.2e6, 2_000)
# Bokeh does not send the same again, so there are two orders of the same markers.
markers = cycle([{"x": x, "y": y}, {"x": x[::-1], "y": y[::-1]}])
source = ColumnDataSource(next(markers))
plot = figure(
    name="map", sizing_mode="stretch_both", x_range=(-1.4e7, -7e6), y_range=(3e6, 6.5e6),
    tools="pan,wheel_zoom", active_scroll="wheel_zoom",
)  # fmt: skip
plot.scatter("x", "y", source=source, size=9)
plot.on_event(RangesUpdate, lambda _: source.update(data=next(markers)))
curdoc().add_root(plot)
