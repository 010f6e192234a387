"""HydrographEditor: rename a hydrograph, show it first, or remove it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.hydrograph import MAX_NAME, HydrographHead
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.store import DamStore
from ..components.alert import Notice

_REMOVE = "Remove hydrograph"
"""Not only "Remove": the card of the dam has a button with that name."""
_CONFIRM = "Yes, remove it"


class HydrographEditor(pn.viewable.Viewer):
    """Hidden until it is asked for. The server decides what a person may do, and says it."""

    busy = param.Boolean(doc="Whether a change is being saved.")

    def __init__(self, store: DamStore, **params: Any) -> None:
        super().__init__(**params)
        self._store = store
        self._dam_id: int | None = None
        self._head: HydrographHead | None = None
        self.hydrograph_name = pmui.TextInput(
            label="Name of the hydrograph", size="small", max_length=MAX_NAME, width=260,
            margin=(10, 8, 4, 0),
        )  # fmt: skip
        self.save, self.first, self.remove = (
            pmui.Button(
                label=label, variant="outlined", size="small", margin=(10, 8, 4, 0),
                disabled=self.param.busy,
            )
            for label in ("Save name", "Show first", _REMOVE)
        )  # fmt: skip
        self.save.on_click(self._on_save)
        self.first.on_click(self._on_first)
        self.remove.on_click(self._on_remove)
        self._note = Notice("info", margin=(4, 0))
        self._alert = Notice(margin=(4, 0))
        self._layout = pn.Column(
            pn.FlexBox(self.hydrograph_name, self.save, self.first, self.remove, margin=0),
            self._alert, self._note, visible=False, margin=0, sizing_mode="stretch_width",
        )  # fmt: skip

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def take(self, dam_id: int | None, head: HydrographHead | None) -> None:
        """Edit another hydrograph from now on, or none; the same one goes on as it is."""
        if (dam_id, head) == (self._dam_id, self._head):
            return
        self._dam_id, self._head = dam_id, head
        self._layout.visible = False

    def toggle(self) -> None:
        """Show what can be edited, or hide it."""
        if self._head is None:
            return
        self.hydrograph_name.value = self._head.name
        self.first.visible = not self._head.is_first
        self.remove.label = _REMOVE
        self._alert.say()
        self._note.say(self._head.note)
        self._layout.visible = not self._layout.visible

    def _on_save(self, _event: Any) -> None:
        if self._dam_id is not None and self._head is not None:
            name = self.hydrograph_name.value_input or ""
            self._make(self._store.later.edit_hydrograph(self._dam_id, self._head.id, name))

    def _on_first(self, _event: Any) -> None:
        if self._dam_id is not None and self._head is not None:
            later = self._store.later
            self._make(later.edit_hydrograph(self._dam_id, self._head.id, is_first=True))

    def _on_remove(self, _event: Any) -> None:
        if self._dam_id is None or self._head is None:
            return
        if self.remove.label == _REMOVE:
            self.remove.label = _CONFIRM
            self._alert.severity = "warning"
            self._alert.say(f'Remove the hydrograph "{self._head.name}"?')
            return
        self._make(self._store.later.remove_hydrograph(self._dam_id, self._head.id))

    def _make(self, change: Coroutine[Any, Any, Any]) -> None:
        if self.busy:
            change.close()
        else:
            start(self._save(change))

    async def _save(self, change: Coroutine[Any, Any, Any]) -> None:
        head = self._head
        self.busy = True
        try:
            await change
        except DamInventoryError as error:
            if head == self._head:
                self._alert.severity = "error"
                self._alert.say(str(error))
        else:
            if head == self._head:
                self._layout.visible = False
        finally:
            self.busy = False
