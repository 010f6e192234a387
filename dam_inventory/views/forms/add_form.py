"""AddForm: the form to add a dam."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel_material_ui as pmui
import param

from ...domain.dam import DamDraft
from ...domain.mark import Mark
from ...errors import DamInventoryError
from ...session.store import DamStore
from ..components.alert import Notice
from ..components.icons import icon
from .dam_form import OWNERS, DamForm
from .neighbor_hint import NeighborHint


class AddForm(DamForm):
    """The form that adds a dam to a store.

    owner: the owner that each new draft starts with; it may be empty.
    """

    title = "Add dam"
    action = "Add"

    def __init__(
        self,
        store: DamStore,
        on_close: Callable[[], None],
        owner: str = OWNERS[0],
        **params: Any,
    ) -> None:
        self._owner = owner
        self._hint = NeighborHint(store)
        super().__init__(store, on_close, **params)
        self.more.is_shown = False
        # Visible only if the form is used on its own. In the dashboard the form closes, and a
        # toast confirms.
        self._confirmation = Notice("success", margin=(8, 0))
        self._card.insert(-1, self._confirmation)
        self._start_over()

    def _start_over(self) -> None:
        self.fill({"owner": self._owner})
        self.tag("add", 0, Mark(0), self.draft.typed())

    def focus(self) -> None:
        self._confirmation.say()
        super().focus()

    @param.depends("draft.dam_name", watch=True)
    def _on_name(self) -> None:
        if self.draft.dam_name:
            self._confirmation.say()

    @param.depends("location", "draft.dam_name", watch=True)
    def _on_place(self) -> None:
        self._hint.look(self.location, self.draft.dam_name)

    def _on_done(self, error: DamInventoryError | None) -> None:
        name = self.draft.dam_name
        super()._on_done(error)
        if error is None:
            self._confirmation.say(f'Your dam has been added: "{name.strip()}".')

    async def _hand_over(self) -> None:
        facts: dict[str, Any] = self._read(self.draft.typed())
        await self._store.later.add(DamDraft(**facts))

    def _last(self) -> Sequence[Any]:
        # The form stays short for the person who only has a name and a place.
        offer = pmui.Button(
            label="More facts", icon=icon("expand_more"), variant="text", size="small",
            margin=(4, 0), visible=self.more.param.is_shown.rx.not_(),
        )  # fmt: skip
        offer.on_click(lambda _: setattr(self.more, "is_shown", True))
        return (self._hint, offer, self.more)

    def _close(self, _event: Any = None) -> None:
        self._start_over()
        super()._close()
