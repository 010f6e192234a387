"""ComparisonTable: the compared dams of a store side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.hydrograph import Hydrograph
from ...domain.messages import several
from ...session.comparison import LEAST, MOST
from ...session.store import DamStore
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from . import content

_NONE = (
    f"Nothing to compare yet. Tick {LEAST} to {MOST} dams in the table and choose Compare, or "
    "choose Add to compare on the card of a dam."
)
_ONE = "Choose Add to compare on the card of another dam to see what differs."


class ComparisonTable(Asking, pn.reactive.ReactiveHTML):
    """A column for each dam, a row for each fact; rows that differ are marked.

    It also writes the compared dams to the address of the page.
    """

    content = param.String(default="{}", doc="The content of the table, as JSON.")
    opened = param.Integer(default=0, doc="How often the person came here with a button.")

    _template: ClassVar[str] = asset("compare/compare.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/ask.js") + asset("compare/compare_render.js"),
        "content": asset("compare/compare_content.js"),
        "opened": "state.focus()",
    }
    _stylesheets: ClassVar[list[str]] = [
        asset("components/hazard.css"),
        asset("compare/compare.css"),
    ]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._names: dict[int, str] = {}
        """What is shown: the name of each dam by its id."""
        self._gone: list[str] = []
        """The names of those that were removed from the inventory meanwhile."""
        self._hydrographs: Mapping[int, Hydrograph] = {}
        super().__init__(**params)
        store.param.watch(self._fill, ["snapshot", "compared", "selected", "units"])
        self._fill()

    def take(self, hydrographs: Mapping[int, Hydrograph]) -> None:
        """Show the key figures of the hydrographs of these dams, by their ids."""
        self._hydrographs = hydrographs
        self._fill()

    def _answer(self) -> None:
        self._fill()

    def _perform(self, action: Action) -> None:
        store = self._store
        match action:
            case ["remove", int(dam_id)]:
                store.compared = tuple(one for one in store.compared if one != dam_id)
            case ["clear"]:
                store.compared = ()
            case ["select", int(dam_id)] if dam_id in store.compared:
                store.selected = int(dam_id)

    @shielded
    def _fill(self, *_: Any) -> None:
        snapshot, compared = self._store.snapshot, self._store.compared
        heads = content.heads(snapshot, compared)
        groups = content.groups(snapshot, compared, self._store.units, self._hydrographs)
        if compared != tuple(self._names):
            self._gone = [
                name for dam_id, name in self._names.items() if snapshot.row_of(dam_id) is None
            ]
        self._names = {one["id"]: one["name"] for one in heads}
        self.content = as_json(
            {
                "done": self._done,
                "dams": heads,
                "groups": groups,
                "summary": _summary(self._gone, len(heads), groups),
                "hint": {0: _NONE, 1: _ONE}.get(len(heads), ""),
                "selected": self._store.selected,
            }
        )


def _summary(gone: list[str], count: int, groups: list[tuple[str, list[content.Row]]]) -> str:
    sentences = []
    if gone:
        verb = "is" if len(gone) == 1 else "are"
        sentences.append(f"{several(gone, len(gone))} {verb} not in the inventory any more.")
    if count > 1:
        differ = [row["differs"] for _, rows in groups for row in rows]
        sentences.append(f"{sum(differ)} of {len(differ)} facts differ.")
    return " ".join(sentences)
