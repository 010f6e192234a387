"""Findings: what the card shows of a look, one list and one page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ...domain.units import Units
from ...errors import DamInventoryError
from ...session.importing import OUTCOMES, Entry, Look, Outcome
from ...session.store import DamStore
from ..components.escape import as_file_name, shown
from .columns import label
from .wording import LISTS, OTHERS

PAGE = 50
FILTERED = ("changed", "weak")
"""The lists whose dams may have other values."""

PART = 200_000
"""How many characters of a CSV are sent at a time."""

_MAX_LENGTH = 300
_OUTCOMES: dict[str, Outcome] = {one: one for one in OUTCOMES}


class Findings:
    """The lists of a look. on_change: called when what is shown has changed."""

    def __init__(self, store: DamStore, look: Look, on_change: Any) -> None:
        self._store = store
        self.look = look
        self._on_change = on_change
        self.shown = self._first()
        self.first = 0
        self.field = ""
        self._entries: Sequence[Entry] = ()
        self._asked: tuple[str, int, str] | None = None
        self._is_loaded = False
        self._load()

    @property
    def counts(self) -> dict[str, int]:
        """The number of entries of each list."""
        counts: dict[str, int] = dict(self.look.counts.items())
        counts[OTHERS] = len(self.look.other_columns)
        return {name: counts[name] for name in LISTS}

    @property
    def count(self) -> int:
        """The number of entries of the list that is shown, with its filter."""
        if self.field:
            # Of both lists with differences; the last page shows where this one ends.
            most = self.look.differing_fields.get(self.field, 0)
            is_last = self._is_loaded and len(self._entries) < PAGE
            return self.first + len(self._entries) if is_last else most
        return self.counts[self.shown]

    def show(self, name: str) -> None:
        """Show another list from its beginning."""
        if name in LISTS:
            self.shown, self.first, self.field = name, 0, ""
            self._load()

    def turn(self, first: int) -> None:
        """Show the page that begins with an entry."""
        if 0 <= first < self.count:
            self.first = first - first % PAGE
            self._load()

    def filter(self, field: str) -> None:
        """Show only dams that differ in a field; "" for all."""
        if self.shown in FILTERED and (not field or field in self.look.differing_fields):
            self.field, self.first = field, 0
            self._load()

    def file_name(self, name: str) -> str:
        """Return the name of the CSV of a list."""
        return as_file_name(f"{self.look.source} {LISTS[name][0]}", "rows.csv")

    def parts(self, name: str) -> Iterator[str]:
        """Yield the CSV of a list in parts."""
        lines: list[str] = []
        size = 0
        for line in self.look.csv(_OUTCOMES[name]):
            lines.append(line)
            size += len(line)
            if size >= PART:
                yield "".join(lines)
                lines, size = [], 0
        yield "".join(lines)

    def as_dict(self, units: Units) -> dict[str, Any]:
        """Return the list that is shown, for the browser."""
        fields = sorted(self.look.differing_fields.items(), key=lambda one: -one[1])
        return {
            "lists": [[name, LISTS[name][0], n] for name, n in self.counts.items() if n],
            "shown": self.shown,
            "hint": LISTS[self.shown][1],
            "first": self.first,
            "count": self.count,
            "page": PAGE,
            "field": self.field,
            "is_filtered": self.shown in FILTERED and bool(fields),
            "fields": [[name, label(name), n] for name, n in fields],
            "entries": [_entry(one, units) for one in self._entries],
            "columns": list(self.look.other_columns) if self.shown == OTHERS else [],
        }

    def _first(self) -> str:
        return next((name for name, n in self.counts.items() if n), "new")

    def _load(self) -> None:
        self._asked = (self.shown, self.first, self.field)
        self._is_loaded = False
        if self.shown == OTHERS:
            self._entries = ()
            self._on_change()
            return
        outcome, field = _OUTCOMES[self.shown], self.field or None
        read = partial(self.look.entries, outcome, self.first, PAGE, field)
        read_look = partial(self._store.importing.read_look, self.look, read)
        self._store.in_background(read_look, partial(self._on_loaded, self._asked), "import list")

    def _on_loaded(
        self, asked: tuple[str, int, str], outcome: Sequence[Entry] | DamInventoryError
    ) -> None:
        if asked == self._asked and not isinstance(outcome, DamInventoryError):
            self._entries, self._is_loaded = outcome, True
            self._on_change()


def _entry(one: Entry, units: Units) -> dict[str, Any]:
    differences = [
        [
            difference.heading or units.labels.get(difference.field, label(difference.field)),
            shown(difference.field, difference.old, units)[:_MAX_LENGTH],
            shown(difference.field, difference.new, units)[:_MAX_LENGTH],
            difference.edited_here,
        ]
        for difference in one.differences
    ]
    return {
        "row": one.row,
        "name": one.dam_name,
        "evidence": one.evidence,
        "reason": one.reason,
        "cell": [one.heading, one.value[:_MAX_LENGTH]] if one.heading else None,
        "differences": differences,
    }
