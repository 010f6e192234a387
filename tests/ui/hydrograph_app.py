"""For `panel serve tests/ui/hydrograph_app.py`: a page with nothing but a long hydrograph."""

import numpy as np
import panel as pn
import panel_material_ui as pmui

from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.views.hydrograph.plot import HydrographPlot

TITLE = "Deer $$x$$ <img src=x onerror='window.hacked=1'>"
POINTS, STEP = 20_000, 0.002

hours = np.arange(POINTS) * STEP
flood = 9000 * np.exp(-((hours - 8) ** 2) / 6)

plot = HydrographPlot()
plot.show(Hydrograph(hours, flood + 200 * (np.arange(POINTS) % 5)), TITLE)
page = pmui.Page(title="Hydrograph", main=[pn.Column(plot, sizing_mode="stretch_both")])
page.param.watch(lambda event: setattr(plot, "dark", event.new), "dark_theme")
page.servable()
