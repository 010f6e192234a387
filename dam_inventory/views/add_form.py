"""AddForm: adds a dam."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..draft import DamDraft
from ..mark import Mark
from ..store import DamStore, Done
from .dam_form import OWNERS, DamForm

FIELDS = ("dam_name", "owner", "river", "date_built", "latitude", "longitude")


class AddForm(DamForm):
    """The form that adds its draft to a store."""

    title = "Add dam"
    action = "Add"

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        super().__init__(store, FIELDS, on_close, **params)
        self.tag("add", 0, Mark(0), {})
        self._start_over()

    def _start_over(self) -> None:
        self.fill({"owner": OWNERS[0]})

    def _hand_over(self, done: Done) -> None:
        draft = DamDraft(**{field: getattr(self.draft, field) for field in FIELDS})
        self._store.add(draft, done)

    def _close(self, _event: Any = None) -> None:
        self._start_over()
        super()._close()
