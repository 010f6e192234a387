"""DamDetails: a card with everything that is known of the selected dam."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import panel_material_ui as pmui
import param

from ..store import DamStore
from .assets import asset
from .text import escaped, label, shown


class DamDetails(pn.viewable.Viewer):
    """Shows the selected dam of a store, known properties only, and a button that closes it."""

    _LEFT_OUT: ClassVar[frozenset[str]] = frozenset({"id", "dam_name"})

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        super().__init__(**params)
        self._facts = pn.pane.HTML(
            "", stylesheets=[asset("details.css")], sizing_mode="stretch_width", margin=0
        )
        close = pmui.IconButton(icon="close", description="Close", margin=0)
        close.on_click(lambda _: setattr(store, "selected", None))
        self._card = pmui.Paper(
            pn.Row(self._facts, close, sizing_mode="stretch_width", margin=0),
            sizing_mode="stretch_width",
            margin=0,
            sx={"padding": "8px 16px 16px", "boxSizing": "border-box"},
        )
        self._show()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    @param.depends("_store.selected", "_store.snapshot", watch=True)
    def _show(self) -> None:
        snapshot = self._store.snapshot
        row = snapshot.row_of(self._store.selected)
        if row is None:
            return
        known = {c: v for c, v in snapshot.values(row).items() if c not in self._LEFT_OUT}
        facts = "".join(_fact(*fact) for fact in known.items())
        self._facts.object = f"<h2>{escaped(snapshot.name(row))}</h2><dl>{facts}</dl>"


def _fact(column: str, value: Any) -> str:
    text = escaped(shown(column, value))
    if column == "website" and value.startswith(("https://", "http://")):
        text = f'<a href="{text}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return f"<dt>{label(column)}</dt><dd>{text}</dd>"
