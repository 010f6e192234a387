"""DamCharts: charts of the dams that match a store's filter; what is chosen in them filters."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...session.store import DamStore
from ...snapshot.charts import CONDITIONS, Charts
from ...snapshot.criteria import Criteria
from ...snapshot.facets import Counts
from ...snapshot.snapshot import Snapshot
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_file_name, as_json
from ..components.faults import shielded
from ..filters.wording import chips
from . import choosing, content
from .saving import as_csv

_ALL = "All dams"
_BLOCKS = (
    "svg", "bars", "columns", "matrix", "cells", "brush", "choose", "draw", "frame", "save"
)  # fmt: skip


class DamCharts(Asking, pn.reactive.ReactiveHTML):
    """All charts of a store: one component, drawn as SVG in the browser from their numbers.

    Create it when it is first shown: it counts all dams. While it is not shown, it counts nothing.
    """

    content = param.String(default='{"done": 0, "chosen": {}}', doc="What is chosen, as JSON.")
    numbers = param.String(default="{}", doc="What the charts draw, as JSON.")
    saved = param.String(doc="The latest file that the browser is to save, as JSON.")

    _template: ClassVar[str] = asset("charts/charts.html")
    _scripts: ClassVar[dict[str, Any]] = {
        # In blocks, because each names things of its own.
        "render": asset("components/ask.js")
        + "".join(f"{{\n{asset(f'charts/{name}.js')}}}\n" for name in _BLOCKS)
        + asset("charts/render.js"),
        "content": asset("charts/content.js"),
        "numbers": asset("charts/numbers.js"),
        "saved": "state.file(JSON.parse(data.saved))",
    }
    _stylesheets: ClassVar[list[str]] = [asset("charts/charts.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._saves = 0
        self._is_shown = True
        self._counted: tuple[Snapshot, Criteria, Counts, Charts] | None = None
        self._counting: tuple[Snapshot, Criteria] | None = None
        super().__init__(**params)
        store.param.watch(self._follow, "snapshot")
        store.param.watch(self._fill, "units")
        store.filter.watch(self._follow)
        self._follow()

    def show(self, is_shown: bool) -> None:
        """Note whether the person sees the charts; only then they follow the filter."""
        self._is_shown = is_shown
        self._follow()

    def _perform(self, action: Action) -> None:
        match action:
            case ["csv", str(name)] if name in CONDITIONS:
                self._save(name)
            case _:
                choosing.perform(action, self._store.filter)

    def _answer(self) -> None:
        self._mark()

    def _save(self, name: str) -> None:
        if self._counted is None:
            return
        counts, charts = self._counted[2:]
        self._saves += 1
        text = as_csv(name, counts, charts, self._store.units)
        file = as_file_name(content.TITLES[name], "dams.csv")
        self.saved = as_json({"number": self._saves, "file": file, "text": text})

    @shielded
    def _follow(self, *_: Any) -> None:
        if not self._is_shown:
            return
        # What is chosen is seen at once; its numbers may need a moment.
        self._mark()
        asked = (self._store.snapshot, self._store.filter.criteria)
        if self._counted is not None and self._counted[:2] == asked:
            self._counting = None
            self._fill()
        elif asked != self._counting:
            self._counting = asked
            snapshot, criteria = asked
            self._store.compute(
                partial(snapshot.charts, criteria),
                partial(self._on_counted, snapshot, criteria),
                f"charts of {id(self)}",
                on_error=self._on_error,
            )

    def _mark(self) -> None:
        chosen = content.chosen(self._store.filter.criteria)
        self.content = as_json({"done": self._done, "chosen": chosen})

    def _on_error(self) -> None:
        self._counting = None

    @shielded
    def _on_counted(
        self, snapshot: Snapshot, criteria: Criteria, found: tuple[Counts, Charts]
    ) -> None:
        if self._counting == (snapshot, criteria):  # Otherwise another answer will come.
            self._counting = None
            self._counted = (snapshot, criteria, *found)
            self._fill()

    @shielded
    def _fill(self, *_: Any) -> None:
        if self._counted is None:
            return
        criteria, counts, charts = self._counted[1:]
        units = self._store.units
        words = [chip.text for chip in chips(self._store.filter, units)]
        self.numbers = as_json(
            {
                "charts": content.shown(criteria, counts, charts, units),
                "filter": " · ".join(words) or _ALL,
            }
        )
