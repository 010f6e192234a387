"""InventoryPanel: actions on the whole inventory, the units, and the logged-in user."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...domain.units import SYSTEMS
from ...session.store import DamStore
from ..components.assets import asset
from ..components.escape import escaped
from ..components.icons import icon
from .card_stack import Side


class InventoryPanel(pn.viewable.Viewer):
    """Buttons that open a card beside the map, the units, and the name of the logged-in user."""

    def __init__(self, store: DamStore, side: Side, page: pmui.Page, **params: Any) -> None:
        super().__init__(**params)
        assign = pmui.Button(
            label="Assign hydrograph", icon=icon("upload_file"), variant="outlined"
        )
        history = pmui.Button(label="History of all dams", icon=icon("history"), variant="outlined")
        import_file = pmui.Button(
            label="Import a file", icon=icon("file_upload"), variant="outlined"
        )
        export = pmui.Button(label="Export", icon=icon("file_download"), variant="outlined")
        assign.on_click(lambda _: side.open("assign"))
        import_file.on_click(lambda _: side.open("import"))
        export.on_click(lambda _: side.open_export())
        history.on_click(lambda _: side.open_history())
        for button in (assign, import_file, export, history):
            # On a phone the sidebar covers the page; Page's own breakpoint is at 600 pixels.
            button.js_on_click(
                args={"page": page},
                code="if (innerWidth < 600) { page.data.setv({sidebar_open: false}) }",
            )
        assign.visible = store.user.may_assign
        import_file.visible = side.can_import
        units = pmui.RadioBoxGroup(
            label="Units",
            options={one.label: name for name, one in SYSTEMS.items()},
            value=store.units.name,
            inline=False,
        )
        units.param.watch(lambda event: _measure(store, event.new), "value")
        store.param.watch(lambda event: setattr(units, "value", event.new.name), "units")
        self._layout = pn.Column(
            pmui.Typography("Inventory", variant="h6", margin=(16, 10, 0, 10)),
            assign,
            import_file,
            export,
            history,
            units,
            sizing_mode="stretch_width",
        )
        context = pn.state.curdoc.session_context if pn.state.curdoc else None
        if store.user.name is not None and context and context.logout_url:
            self._layout.append(
                pn.pane.HTML(
                    f"<p>Logged in as <b>{escaped(store.user.name)}</b></p>"
                    f'<a href="{escaped(context.logout_url)}">Log out</a>',
                    stylesheets=[asset("cards/user.css")],
                    margin=(16, 10),
                )
            )

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout


def _measure(store: DamStore, name: str) -> None:
    # A browser can send anything.
    if name in SYSTEMS:
        store.units = SYSTEMS[name]
