"""FilterChips: the number of dams that match, and the active filters."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ...domain.messages import dams
from ...domain.work_lists import READY_MADE
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.store import DamStore
from ...snapshot.filter_text import written
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from ..lists.queries import query_of
from . import actions
from .wording import chips


class FilterChips(Asking, pn.reactive.ReactiveHTML):
    """One line: "29 of 91,457 dams", a chip for each active filter, and a button for all.

    It also writes the filter to the address of the page, and offers to keep the work list whose
    link was opened.
    """

    content = param.String(default="{}", doc="The content of the line, as JSON.")

    _template: ClassVar[str] = asset("filters/chips.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/ask.js") + asset("filters/chips_render.js"),
        "content": asset("filters/chips_content.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("filters/chips.css")]

    def __init__(self, store: DamStore, offered: str = "", **params: Any) -> None:
        self._store = store
        self._offered = offered
        """The name of the list whose link was opened, while its filter is not kept or changed."""
        self._offered_query = ""
        self._fault = ""
        super().__init__(**params)
        store.param.watch(self._fill, ["snapshot", "rows", "units"])
        store.filter.watch(self._fill)
        if offered:
            store.lists.param.watch(self._fill, "lists")
        self._fill()

    def _perform(self, action: Action) -> None:
        if action == ["keep"]:
            start(self._keep())
        else:
            actions.perform(action, self._store.filter)

    def _answer(self) -> None:
        self._fill()

    async def _keep(self) -> None:
        name, query = self._offered, query_of(self._store.filter)
        try:
            await self._store.lists.change(lambda lists: lists.save(lists.free(name), query))
        except DamInventoryError as error:
            self._fault = str(error)
        else:
            self._offered = ""
        self._fill()

    @property
    def _offer(self) -> str:
        """What the button says that keeps a list, or why it can't; "" if there is none to keep."""
        query = query_of(self._store.filter)
        self._offered_query = self._offered_query or query
        known = {one.query for one in (*READY_MADE, *self._store.lists.lists.own)}
        if self._offered_query and (query != self._offered_query or query in known):
            self._offered = ""
        if not self._offered or not query:
            return ""
        return self._fault or f'Keep list "{self._offered}"'

    @shielded
    def _fill(self, *_: Any) -> None:
        if self._store.is_searching:
            return  # The answer fills the line.
        snapshot, rows = self._store.snapshot, self._store.rows
        total = dams(len(snapshot))
        offer = self._offer if self._offered else ""
        self.content = as_json(
            {
                "done": self._done,
                "summary": total if rows is None else f"{len(rows):,} of {total}",
                "chips": chips(self._store.filter, self._store.units),
                "offer": offer,
                "address": {
                    **written(self._store.filter),
                    "list": [self._offered] if self._offered else [],
                },
            }
        )
