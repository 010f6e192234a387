"""Text fields with suggestions."""

from __future__ import annotations

from itertools import islice
from typing import Any

import param
from panel.util import edit_readonly

from ...session.store import DamStore
from ...snapshot.filters import MAX_SEARCH_LENGTH
from ..bokeh_bridge.free_text import FreeText

MAX_SUGGESTED = 20
MAX_EXAMINED = 5_000
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
        name = "" if row is None else self._named(row)
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
        rows = map(int, self._store.snapshot.containing([words])[:MAX_EXAMINED])
        # The browser hides suggestions that do not contain the words as typed.
        fitting = (row for row in rows if words in self._text(row).casefold())
        suggested = [self._named(row) for row in islice(fitting, MAX_SUGGESTED)]
        self._forget_oldest()
        return suggested

    def _forget_oldest(self) -> None:
        # Keep the dam of the field's current text, however many suggestions followed.
        held = (self.value_input or "").strip()
        surplus = len(self._ids) - MAX_REMEMBERED
        for name in [one for one in self._ids if one != held][: max(0, surplus)]:
            del self._ids[name]

    def _text(self, row: int) -> str:
        snapshot = self._store.snapshot
        facts = snapshot.values(row)
        place = facts.get("river") or facts.get("county") or facts.get("state")
        known = [one for one in (snapshot.name(row), place, facts.get("nid_id")) if one]
        return " \N{MIDDLE DOT} ".join(known)

    def _named(self, row: int) -> str:
        """Return a text for a dam that is different for dams of the same name."""
        name, dam_id = self._text(row), self._store.snapshot.value(row, "id")
        if self._ids.get(name, dam_id) != dam_id:
            name = f"{name} \N{MIDDLE DOT} no. {dam_id}"
        self._ids.pop(name, None)  # So that the newest come last.
        self._ids[name] = dam_id
        return name
