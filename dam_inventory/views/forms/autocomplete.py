"""Text fields with suggestions."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import param
from panel.util import edit_readonly

from ...session.store import DamStore
from ...snapshot.filters import MAX_SEARCH_LENGTH
from ...snapshot.order import Rows
from ..bokeh_bridge.free_text import FreeText

MAX_SUGGESTED = 20
MAX_EXAMINED = 5_000
_AT_ONCE = 500
_DOT = " \N{MIDDLE DOT} "
MAX_REMEMBERED = 200
"""Number of suggestions whose dam a field remembers."""


class DamSearch(FreeText):
    """A text field that suggests dams by name, river or NID ID.

    dam_id: the ID of the dam whose suggestion was selected or typed in full, or None.
    """

    dam_id = param.Integer(default=None, allow_None=True)

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._ids: dict[str, int] = {}
        super().__init__(options=[], lazy_search=True, min_characters=1, restrict=False, **params)

    def choose(self, dam_id: int | None) -> None:
        """Put a dam's name into the field, or empty it."""
        self._ids.clear()
        row = self._store.snapshot.row_of(dam_id)
        name = "" if row is None else self._named(*self._texts(np.array([row], np.int32))[0])
        with edit_readonly(self):
            self.value_input = name
        self._find()  # Another dam may have the same name.

    def accept(self) -> None:
        """Accept a suggestion."""
        super().accept()
        # A browser sends only changed values: reset it, so that the same dam can be selected again.
        self.value = ""

    @param.depends("value_input", watch=True)
    def _find(self) -> None:
        self.dam_id = self._ids.get((self.value_input or "").strip())

    def suggestions(self, query: str) -> list[str]:
        """Return the names of dams that the browser suggests for a typed text."""
        if not (words := str(query)[:MAX_SEARCH_LENGTH].strip().casefold()):
            return []
        # A snapshot also searches owners, and one owner may have most of the dams.
        rows = self._store.snapshot.containing([words])[:MAX_EXAMINED]
        blocks = (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
        texts = (one for block in blocks for one in self._texts(block))
        # The browser hides suggestions that do not contain the words as typed.
        fitting = (one for one in texts if words in one[1].casefold())
        suggested = [self._named(*one) for one in islice(fitting, MAX_SUGGESTED)]
        self._forget_oldest()
        return suggested

    def _forget_oldest(self) -> None:
        # Keep the dam of the field's current text, however many suggestions followed.
        held = (self.value_input or "").strip()
        surplus = len(self._ids) - MAX_REMEMBERED
        for name in [one for one in self._ids if one != held][: max(0, surplus)]:
            del self._ids[name]

    def _texts(self, rows: Rows) -> list[tuple[int, str]]:
        """Return the id of each dam, and its name with a place and its NID ID."""
        snapshot = self._store.snapshot
        facts = snapshot.columns(("river", "county", "state", "nid_id"), rows)
        lines = zip(snapshot.ids(rows).tolist(), snapshot.names(rows), *facts, strict=True)
        return [
            (dam_id, _DOT.join(one for one in (name, river or county or state, nid_id) if one))
            for dam_id, name, river, county, state, nid_id in lines
        ]

    def _named(self, dam_id: int, name: str) -> str:
        """Return a text for a dam that is different for dams of the same name."""
        if self._ids.get(name, dam_id) != dam_id:
            name = f"{name}{_DOT}no. {dam_id}"
        self._ids.pop(name, None)  # So that the newest come last.
        self._ids[name] = dam_id
        return name
