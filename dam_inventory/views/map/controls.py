"""MapControls: buttons, legend and lists over a map, which Bokeh's canvas can't offer."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ..components.assets import asset
from ..components.icons import icon

_BRIDGE = asset("bokeh_bridge/moved.js") + asset("map/move.js")


class MapControls(pn.reactive.ReactiveHTML):
    """The part of a map that is HTML. Its texts are shown as text.

    It is one component, because each costs every session some milliseconds. It fills the map,
    leaves the mouse to it, and is its region for keyboards and screen readers.
    """

    figures = param.String(default="[]", doc="The IDs of the map's Bokeh figures, as JSON.")
    about = param.String(doc="What the map shows, for screen readers.")
    legend = param.String(
        default='{"label": "", "entries": []}', doc="The legend, as JSON: see `legend.js`."
    )
    remark = param.String(doc="How the colors are chosen, if that is not obvious.")
    missing = param.String(doc="Which tiles can't be reached, as a sentence.")
    elsewhere = param.String(doc="Which dams the view leaves out, if it shows all others.")
    choices = param.String(doc='The dams at one place or in view, as JSON, or "".')
    offers = param.Boolean(doc="Whether *Zoom to results* is offered.")
    dark = param.Boolean(doc="Whether the page is dark.")
    wanted = param.String(doc='What is asked for: "all", "results" or "list".')
    asked = param.String(default="[]", doc="The codes clicked in the legend; see `asking.read`.")
    drawn = param.String(
        doc="The region drawn last, as JSON: a number, and its corners in Web Mercator meters."
    )
    chosen = param.Integer(default=0, doc="The ID of the dam chosen last from the list.")

    _template: ClassVar[str] = (
        asset("map/controls.html")
        .replace("HOME", icon("home"))
        .replace("FULL", icon("fullscreen"))
        .replace("DRAW", icon("pentagon"))
        .replace("LIST", icon("list"))
    )
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "\n".join(
            [
                _BRIDGE,
                asset("components/ask.js").replace("data.content", "data.legend"),
                asset("map/controls_render.js"),
                asset("map/draw.js"),
                asset("bokeh_bridge/pointing.js"),
                asset("map/pointed_row.js"),
            ]
        ),
        "about": "description.textContent = data.about",
        "legend": asset("map/legend.js"),
        "remark": "note.textContent = data.remark; note.hidden = data.remark === ''",
        "missing": "missing.textContent = data.missing; missing.hidden = data.missing === ''",
        "elsewhere": (
            "elsewhere.textContent = data.elsewhere; elsewhere.hidden = data.elsewhere === ''"
        ),
        "choices": f"{_BRIDGE}\n{asset('map/choices.js')}",
        "offers": "found.hidden = !data.offers",
        "dark": 'region.classList.toggle("dark", data.dark)',
    }
    _stylesheets: ClassVar[list[str]] = [asset("map/controls.css")]
