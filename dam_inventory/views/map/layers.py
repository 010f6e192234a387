"""LayersPanel: controls for the layers of the map."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ..components.alert import Notice
from .dam_map import DamMap


class LayersPanel(pn.viewable.Viewer):
    """Controls for the dams' visibility, opacity and color, and for the basemap."""

    def __init__(self, dam_map: DamMap, **params: Any) -> None:
        self._map = dam_map
        super().__init__(**params)
        # Material shows a description only to a mouse, and the labels say enough.
        wide = {"sizing_mode": "stretch_width", "width": None, "description": ""}
        self._note = Notice("warning")
        self._layout = pn.Column(
            pmui.Typography("Layers", variant="h6", margin=(10, 10, 0, 10)),
            pmui.Switch.from_param(dam_map.param.visible, **wide),
            pmui.FloatSlider.from_param(
                dam_map.param.opacity, label="Opacity", format="0%", **wide
            ),
            pmui.Select.from_param(dam_map.param.color_by, **wide),
            pmui.Switch.from_param(dam_map.param.clusters, **wide),
            pmui.RadioBoxGroup.from_param(
                dam_map.param.basemap, label="Basemap", inline=False, **wide
            ),
            self._note,
            sizing_mode="stretch_width",
        )
        self._show_unreachable()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    @param.depends("_map.unreachable", watch=True)
    def _show_unreachable(self) -> None:
        basemap = self._map.unreachable
        sentence = f"{basemap} tiles could not be loaded. The map shows the land outline instead."
        self._note.say(sentence if basemap else "")
