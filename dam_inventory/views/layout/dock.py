"""Dock: the bar of the panel below the map, with its tabs and its height."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ..components.assets import asset

TABS = ("table", "charts", "hydrograph", "compare")


class Dock(pn.reactive.ReactiveHTML):
    """Chooses what the panel shows, and how high it is: folded, half, full, or as dragged.

    The height is a property `--dock` of the page's style, from 0 to 1, that the browser keeps.
    """

    tab = param.String(default=TABS[0], doc="What is shown, one of TABS.")
    compared = param.Integer(default=0, doc="The number of compared dams.")
    card = param.String(doc="Which card lies over the map; a form may cover the panel.")
    cards = param.Integer(default=0, doc="How many cards lie over each other.")
    unsaved = param.Boolean(doc="Whether a form has something to lose.")
    closed = param.Integer(default=0, doc="How many cards the browser's Back button has closed.")
    export = param.Event(doc="Show what can be exported.")
    raised = param.Integer(default=0, doc="How often a folded panel was asked to open.")

    is_served = param.Boolean(doc="Whether the page has its window for itself.")

    _template: ClassVar[str] = asset("layout/dock.html")
    _scripts: ClassVar[dict[str, Any]] = {
        # In blocks, because each names things of its own.
        "render": "".join(asset(f"layout/{name}.js") for name in ("dock_render", "theme"))
        + f"{{\n{asset('layout/landmarks.js')}}}\n"
        + "{\n"
        + "".join(map(asset, ("components/focused.js", "layout/focus.js", "layout/leaving.js")))
        + "}\n",
        "tab": asset("layout/dock_tab.js"),
        **dict.fromkeys(("card", "cards"), "self.tab()"),
        "compared": asset("layout/dock_compared.js"),
        "raised": "state.raise()",
    }
    _stylesheets: ClassVar[list[str]] = [asset("layout/dock.css")]

    def _export(self, _event: Any) -> None:
        self.param.trigger("export")

    def show(self, tab: str) -> None:
        """Show one of TABS, and open the panel if it is folded."""
        self.tab = tab
        self.raised += 1
