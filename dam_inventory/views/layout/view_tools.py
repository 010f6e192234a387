"""ViewTools: what the map is colored by, the units, and a button that copies a link."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.palette import COLORINGS
from ...domain.units import SYSTEMS
from ...session.store import DamStore
from ..components.assets import asset
from ..map.dam_map import DamMap


class ViewTools(pn.reactive.ReactiveHTML):
    """A list of what the dams can be colored by, the systems of units, and *Share*."""

    color_by = param.String(doc="The name of a coloring, one of COLORINGS.")
    usual = param.String(doc="The coloring that links leave out.")
    units = param.String(doc="The name of a system of units, one of SYSTEMS.")

    _options = "".join(
        f'<option value="{escape(name)}">{escape(coloring.label)}</option>'
        for name, coloring in COLORINGS.items()
    )
    _systems = "".join(
        f'<option value="{name}" title="{escape(units.label)}">{escape(units.short)}</option>'
        for name, units in SYSTEMS.items()
    )
    _template: ClassVar[str] = (
        asset("layout/view_tools.html").replace("OPTIONS", _options).replace("SYSTEMS", _systems)
    )
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/copy.js") + asset("layout/view_tools.js"),
        "color_by": "self.show()",
        "usual": "self.show()",
        "units": "state.remember(data.units); self.show()",
        "show": asset("layout/view_tools_show.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("layout/view_tools.css")]

    def __init__(self, store: DamStore, dam_map: DamMap, **params: Any) -> None:
        self._store = store
        self._map = dam_map
        shown = {"color_by": dam_map.color_by, "usual": dam_map.usual_color}
        super().__init__(**shown, units=store.units.name, **params)
        store.param.watch(lambda event: setattr(self, "units", event.new.name), "units")
        dam_map.param.watch(self._follow, "color_by")

    def _follow(self, _event: Any) -> None:
        self.param.update(color_by=self._map.color_by, usual=self._map.usual_color)

    @param.depends("color_by", watch=True)
    def _choose(self) -> None:
        if self.color_by in COLORINGS:
            self._map.color_by = self.color_by

    @param.depends("units", watch=True)
    def _measure(self) -> None:
        if self.units in SYSTEMS:
            self._store.units = SYSTEMS[self.units]
