"""InView: the list of the dams in the map's view, which says in words what the map shows."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...domain.mercator import Extent
from ...domain.messages import dams
from ...domain.palette import Coloring
from ...session.store import DamStore
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ..components.escape import as_json
from ..components.faults import shielded
from .controls import MapControls
from .legend import MAX_CHOICES, described


class InView:
    """The list of the dams in view under the filter, the largest ones first.

    It costs nothing until it is opened, and follows view, filter and colors while it is open.
    """

    def __init__(self, store: DamStore, controls: MapControls, coloring: Coloring) -> None:
        self._store = store
        self._controls = controls
        self._coloring = coloring
        self.is_open = False
        controls.param.watch(self._on_choices, "choices")

    def open(self) -> None:
        """List the dams, in place of those at one place."""
        self.is_open = True
        self.update()

    def color(self, coloring: Coloring) -> None:
        """Say the categories of another coloring."""
        self._coloring = coloring
        self.update()

    def update(self, *_: Any) -> None:
        """List the dams again, if the list is open."""
        store = self._store
        if self.is_open and (view := store.filter.view) is not None:
            asked = (store.snapshot, store.rows, view, self._coloring)
            store.compute(partial(in_view, *asked), partial(self._show, asked), "in view")

    @shielded
    def _show(self, asked: tuple[Any, ...], content: str) -> None:
        store = self._store
        now = (store.snapshot, store.rows, store.filter.view, self._coloring)
        if self.is_open and all(one is other for one, other in zip(asked, now, strict=True)):
            self._controls.choices = content

    def _on_choices(self, event: Any) -> None:
        # The browser closes the list, and a click on the map replaces it.
        self.is_open = self.is_open and _IS_VIEW in event.new


_IS_VIEW = '"is_view":'


def in_view(snapshot: Snapshot, rows: Rows | None, view: Extent, coloring: Coloring) -> str:
    """Return the largest of the dams in a view as JSON. rows: the dams that are shown."""
    found = snapshot.atlas.within(rows, view)
    listed = snapshot.largest(found, MAX_CHOICES)
    texts = described(snapshot, listed)
    if not coloring.is_plain:
        codes = snapshot.atlas.codes(coloring, listed).tolist()
        texts = [
            f"{text} · {coloring.categories[code]}" for text, code in zip(texts, codes, strict=True)
        ]
    more = len(found) - len(listed)
    return as_json(
        {
            "is_view": True,
            "label": f"{dams(len(found))} in view" + (", largest first" if more else ""),
            "dams": list(zip(snapshot.ids(listed).tolist(), texts, strict=True)),
            "more": f"and {more:,} more; zoom in to list them" if more else "",
        }
    )
