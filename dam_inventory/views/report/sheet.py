"""Sheet: what the page puts on paper: its map, its filter in words, and its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...domain.messages import dams
from ...session.store import DamStore
from ...snapshot.sorting import HYDROGRAPH, sorting_of
from ..components.escape import as_json
from ..components.faults import shielded
from ..filters.wording import in_words
from ..map.dam_map import DamMap
from ..table import cells, columns
from ..table.ordering import Ordering
from ..table.table import DamTable
from .dams import MAX_ROWS, left_out
from .pages import Imprint


class Sheet:
    """Writes what a page prints, from its store, its map, and the order and columns of its table.

    title: the name of the inventory.
    """

    def __init__(self, store: DamStore, dam_map: DamMap, table: DamTable, title: str) -> None:
        self._store = store
        self._map = dam_map
        self._table = table
        self._title = title
        self._ordering = Ordering(store)
        self._number = 0
        self._wanted: Callable[[str], None] | None = None
        store.param.watch(self._write, "rows")

    def write(self, done: Callable[[str], None]) -> None:
        """Call `done` with the sheet as JSON, as soon as the filter is answered and sorted."""
        self._wanted = done
        self._write()

    @shielded
    def _write(self, *_: Any) -> None:
        if self._wanted is None or self._store.is_searching:
            return  # The answer to the filter writes the sheet.
        self._ordering.sorting = sorting_of(self._table.sort)
        if self._ordering.is_ready:
            done, self._wanted = self._wanted, None
            self._number += 1
            done(as_json(self._content()))
        else:
            self._ordering.prepare(self._write)

    def _content(self) -> dict[str, Any]:
        store, snapshot = self._store, self._store.snapshot
        rows = self._ordering.part(slice(0, MAX_ROWS))
        shown = columns.columns_of(self._table.columns) or columns.usual(snapshot)
        heads = columns.heads(shown, self._ordering.sorting, store.units)
        count = len(snapshot) if store.rows is None else len(store.rows)
        total = dams(len(snapshot))
        today = store.filter.today
        return {
            # A page prints a sheet again only if it differs from the last one.
            "number": self._number,
            "title": self._title,
            "summary": total if store.rows is None else f"{count:,} of {total}",
            "conditions": in_words(store.filter, store.units),
            "imprint": Imprint(self._title, today, snapshot.revision).dated,
            "heads": [[_label(head), head["kind"]] for head in heads],
            "rows": [
                [_text(head["name"], text) for head, text in zip(heads, line[3:-1], strict=True)]
                for line in cells.lines(snapshot, rows, shown, (), store.units)
            ],
            "note": left_out(count, len(rows)),
            "map": self._map.on_paper(),
        }


def _label(head: dict[str, Any]) -> str:
    return f"{head['label']} ({head['unit']})" if head["unit"] else str(head["label"])


def _text(name: str, text: str) -> str:
    return "Yes" if name == HYDROGRAPH and text else text
