"""ViewTools: what the map is colored by, the units, and what is taken out of the page."""

from __future__ import annotations

import json
from html import escape
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.palette import COLORINGS
from ...domain.units import SYSTEMS
from ...session.store import DamStore
from ..components.assets import asset
from ..components.escape import as_json
from ..components.icons import icon
from ..map.dam_map import DamMap


class ViewTools(pn.reactive.ReactiveHTML):
    """A list of what the dams can be colored by, the systems of units, *Share*, and a menu.

    The menu prints, opens a report, and exports. A cell of a notebook is printed with its
    notebook, and its address is not that of a report: it has no menu.
    """

    color_by = param.String(doc="The name of a coloring, one of COLORINGS.")
    usual = param.String(doc="The coloring that links leave out.")
    clusters = param.Boolean(doc="Whether close dams are drawn as rings.")
    units = param.String(doc="The name of a system of units, one of SYSTEMS.")

    is_served = param.Boolean(doc="Whether the page has its window for itself.")
    printing = param.Integer(default=0, doc="How often the page was asked to print.")
    export = param.Event(doc="Show what can be exported.")
    light = param.String(default="[]", doc="What is dark of the map, as JSON: see `DamMap.light`.")
    sheet = param.String(doc="What the page prints, as JSON: see `Sheet` and `print_sheet.js`.")

    _options = "".join(
        f'<option value="{escape(name)}">{escape(coloring.label)}</option>'
        for name, coloring in COLORINGS.items()
    )
    _systems = "".join(
        f'<option value="{name}" title="{escape(units.label)}">{escape(units.short)}</option>'
        for name, units in SYSTEMS.items()
    )
    _paper = asset("report/paper.css") + asset("report/print_sheet.css")
    _template: ClassVar[str] = (
        asset("layout/view_tools.html")
        .replace("OPTIONS", _options)
        .replace("SYSTEMS", _systems)
        .replace("PRINT", icon("print"))
        .replace("MORE", icon("more"))
    )
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/copy.js")
        + asset("layout/view_tools.js")
        + asset("report/print_menu.js")
        + asset("report/print_sheet.js").replace("PAPER", json.dumps(_paper)),
        "sheet": "state.take(JSON.parse(data.sheet))",
        "color_by": "self.show()",
        "usual": "self.show()",
        "clusters": "self.show()",
        "units": "state.remember(data.units); self.show()",
        "show": asset("layout/view_tools_show.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("layout/view_tools.css")]

    def __init__(self, store: DamStore, dam_map: DamMap, **params: Any) -> None:
        self._store = store
        self._map = dam_map
        super().__init__(**_shown(dam_map), units=store.units.name, **params)
        store.param.watch(lambda event: setattr(self, "units", event.new.name), "units")
        dam_map.param.watch(self._follow, ["color_by", "clusters"])
        dam_map.param.watch(self._on_dark, "dark")

    def _export(self, _event: Any) -> None:
        self.param.trigger("export")

    def _follow(self, _event: Any) -> None:
        self.param.update(_shown(self._map))

    def _on_dark(self, _event: Any) -> None:
        self.light = as_json(self._map.light())

    @param.depends("color_by", watch=True)
    def _choose(self) -> None:
        if self.color_by in COLORINGS:
            self._map.color_by = self.color_by

    @param.depends("units", watch=True)
    def _measure(self) -> None:
        if self.units in SYSTEMS:
            self._store.units = SYSTEMS[self.units]


def _shown(dam_map: DamMap) -> dict[str, Any]:
    return {
        "color_by": dam_map.color_by, "usual": dam_map.usual_color, "clusters": dam_map.clusters,
    }  # fmt: skip
