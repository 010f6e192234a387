"""FilterChips: the number of dams that match, and the active filters."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ...domain.messages import dams
from ...session.store import DamStore
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from ..url_filters import written
from . import actions
from .wording import chips


class FilterChips(pn.reactive.ReactiveHTML):
    """One line: "29 of 91,457 dams", a chip for each active filter, and a button for all.

    It also writes the filter to the address of the page.
    """

    content = param.String(default="{}", doc="The content of the line, as JSON.")
    asked = param.String(default="[]", doc="What the person asked for; see `actions.read`.")

    _template: ClassVar[str] = asset("filters/chips.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("filters/ask.js") + asset("filters/chips_render.js"),
        "content": asset("filters/chips_content.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("filters/chips.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._done = 0
        super().__init__(**params)
        store.param.watch(self._fill, ["snapshot", "rows", "units"])
        store.filter.watch(self._fill)
        self._fill()

    @param.depends("asked", watch=True)
    @shielded
    def _on_asked(self) -> None:
        todo, self._done = actions.read(self.asked, self._done)
        with param.parameterized.batch_call_watchers(self._store.filter):
            for action in todo:
                actions.perform(action, self._store.filter)
        self._fill()

    @shielded
    def _fill(self, *_: Any) -> None:
        if self._store.is_searching:
            return  # The answer fills the line.
        snapshot, rows = self._store.snapshot, self._store.rows
        total = dams(len(snapshot))
        self.content = as_json(
            {
                "done": self._done,
                "summary": total if rows is None else f"{len(rows):,} of {total}",
                "chips": chips(self._store.filter, self._store.units),
                "address": written(self._store.filter),
            }
        )
