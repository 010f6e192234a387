"""The least that a dashboard with a map can cost: an empty Page with an empty GeoViews map."""

import cartopy.crs as ccrs
import geoviews as gv
import geoviews.plotting.bokeh
import panel as pn
import panel_material_ui as pmui
import param
from panel.util import edit_readonly


class Session(param.Parameterized):
    """Gives the page its own busy state, as the dashboard does: see `made_page`."""

    busy = param.Boolean()


points = gv.Points(([], []), ["x", "y"], crs=ccrs.GOOGLE_MERCATOR).opts(
    projection=ccrs.GOOGLE_MERCATOR, responsive=True
)
page = pmui.Page(
    title="Empty", main=[pn.pane.HoloViews(points, sizing_mode="stretch_both", backend="bokeh")]
)
with edit_readonly(page):
    page.busy = Session().param.busy
page.servable()
