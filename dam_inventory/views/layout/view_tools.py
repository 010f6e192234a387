"""ViewTools: what the map is colored by, and a button that copies a link to the view."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.palette import COLORINGS
from ..components.assets import asset
from ..map.dam_map import DamMap


class ViewTools(pn.reactive.ReactiveHTML):
    """A list of what the dams can be colored by, and *Share*."""

    color_by = param.String(doc="The name of a coloring, one of COLORINGS.")
    usual = param.String(doc="The coloring that links leave out.")

    _options = "".join(
        f'<option value="{escape(name)}">{escape(coloring.label)}</option>'
        for name, coloring in COLORINGS.items()
    )
    _template: ClassVar[str] = asset("layout/view_tools.html").replace("OPTIONS", _options)
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("layout/view_tools.js"),
        "color_by": "self.show()",
        "usual": "self.show()",
        "show": asset("layout/view_tools_show.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("layout/view_tools.css")]

    def __init__(self, dam_map: DamMap, **params: Any) -> None:
        self._map = dam_map
        super().__init__(color_by=dam_map.color_by, usual=dam_map.usual_color, **params)
        dam_map.param.watch(self._follow, "color_by")

    def _follow(self, _event: Any) -> None:
        self.param.update(color_by=self._map.color_by, usual=self._map.usual_color)

    @param.depends("color_by", watch=True)
    def _choose(self) -> None:
        if self.color_by in COLORINGS:
            self._map.color_by = self.color_by
