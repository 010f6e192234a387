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
"""Of so many suggestions a field knows which dam they mean."""


class DamSearch(FreeText):
    """A field to type into, which suggests dams by their name, river or NID ID.

    dam_id: that of the dam whose name was chosen or typed as a whole, None for none.
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
        self._find()  # Another dam may be called the same.

    def accept(self) -> None:
        """Take over a suggestion."""
        super().accept()
        # A browser tells only what is new: so the same dam can be chosen again.
        self.value = ""

    @param.depends("value_input", watch=True)
    def _find(self) -> None:
        self.dam_id = self._ids.get((self.value_input or "").strip())

    def suggestions(self, query: str) -> list[str]:
        """Return the names that the browser may suggest for what is typed."""
        if not (words := str(query)[:MAX_SEARCH_LENGTH].strip().casefold()):
            return []
        # A snapshot also looks at owners, of whom one may have most of all dams.
        rows = map(int, self._store.snapshot.containing([words])[:MAX_EXAMINED])
        # The browser leaves away whatever does not contain the words as they stand.
        fitting = (row for row in rows if words in self._text(row).casefold())
        suggested = [self._named(row) for row in islice(fitting, MAX_SUGGESTED)]
        self._forget_oldest()
        return suggested

    def _forget_oldest(self) -> None:
        # What the field holds stays a dam's name, however much was typed and suggested since.
        held = (self.value_input or "").strip()
        surplus = len(self._ids) - MAX_REMEMBERED
        for name in [one for one in self._ids if one != held][: max(0, surplus)]:
            del self._ids[name]

    def _text(self, row: int) -> str:
        snapshot = self._store.snapshot
        place = snapshot["river"][row] or snapshot["county"][row] or snapshot["state"][row]
        known = [one for one in (snapshot.name(row), place, snapshot["nid_id"][row]) if one]
        return " \N{MIDDLE DOT} ".join(known)

    def _named(self, row: int) -> str:
        """Return a text for a dam that tells it from the others of that name."""
        name, dam_id = self._text(row), int(self._store.snapshot["id"][row])
        if self._ids.get(name, dam_id) != dam_id:
            name = f"{name} \N{MIDDLE DOT} no. {dam_id}"
        self._ids.pop(name, None)  # So that the newest stand last.
        self._ids[name] = dam_id
        return name
