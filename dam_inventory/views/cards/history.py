"""HistoryList: who has changed what and when, from the log, of one dam or of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.changes import Change, DamEdited, DamRemoved, DamRestored, DamsImported
from ...domain.dam import LABELS
from ...domain.mark import Mark
from ...domain.messages import told
from ...errors import DamInventoryError
from ...session.store import DamStore
from ..components.assets import asset
from ..components.escape import as_json, shown
from ..components.faults import shielded

PAGE = 30
MAX_SHOWN = 600
"""So many changes are listed at most: all of them are sent whenever one is added."""

_END = f"Only the newest {MAX_SHOWN} changes are listed here."


class HistoryList(pn.reactive.ReactiveHTML):
    """A card that lists changes, newest first; an administrator can undo some of them.

    on_close: called when it is no longer wanted.
    is_open: whether it is shown, and so follows the changes.
    """

    content = param.String(default="{}", doc="What the list shows, as JSON.")
    undone = param.Integer(default=0, doc="The `seq` of the change to undo; 0 for none.")

    _template: ClassVar[str] = asset("cards/history.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "self.content()",
        "content": asset("cards/history.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("cards/history.css")]

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._store = store
        self._on_close = on_close
        self._dam_id: int | None = None
        self._facts: list[Change] = []
        self._has_more = False
        self._wants_newest = False
        self._wants_older = False
        self._number = 0
        self._is_reading = False
        self._unread = ""
        self._refused = ""
        self._is_undoing = False
        self.is_open = False
        super().__init__(**params)
        store.param.watch(self._refresh, ["snapshot", "news"])

    def open(self, dam_id: int | None = None) -> None:
        """Show the history of a dam, or of the whole inventory."""
        self._dam_id, self._facts, self._has_more = dam_id, [], False
        self._unread = self._refused = ""
        self.is_open = True
        self._number += 1
        self._is_reading = False
        self._show()
        self._refresh()

    @shielded
    def _refresh(self, *_: Any) -> None:
        if self.is_open:
            self._wants_newest = True
            self._read()

    def _read(self) -> None:
        """Read the newest changes, then older ones, if that is wanted: one page at a time."""
        if self._is_reading:
            return
        if self._wants_newest or not self._facts:
            self._wants_newest, before = False, None
        elif self._wants_older:
            self._wants_older, before = False, self._facts[-1].seq
        else:
            return
        self._is_reading = True
        done = partial(self._on_read, self._number, before)
        # One more than is shown tells whether there are more.
        self._store.history(self._dam_id, before, PAGE + 1, done)

    def _on_read(
        self, number: int, before: int | None, outcome: Sequence[Change] | DamInventoryError
    ) -> None:
        if number != self._number:
            return  # Another history was asked for meanwhile.
        self._is_reading = False
        if isinstance(outcome, DamInventoryError):
            self._unread = str(outcome)
        else:
            self._unread = ""
            self._take(before, outcome)
        self._show()
        if self._wants_newest or self._wants_older:
            self._read()

    def _take(self, before: int | None, read: Sequence[Change]) -> None:
        """Put a page that was read before or after those that are known."""
        page, has_more = list(read[:PAGE]), len(read) > PAGE
        if before is not None:
            self._facts += page
            self._has_more = has_more
            return
        new = [one for one in read if not self._facts or one.seq > self._facts[0].seq]
        known = list(read[len(new) :])
        # The others follow only where what was read reaches them, and they are as they were.
        if known and known == self._facts[: len(known)]:
            self._has_more = self._has_more or len(new + self._facts) > MAX_SHOWN
            self._facts = (new + self._facts)[:MAX_SHOWN]
        else:
            self._facts, self._has_more = page, has_more

    @param.depends("undone", watch=True)
    def _on_undo(self) -> None:
        seq, self.undone = self.undone, 0
        if seq and not self._is_undoing:
            self._is_undoing, self._refused = True, ""
            self._show()
            self._store.undo(self._mark_of(seq), self._on_undone)

    def _mark_of(self, seq: int) -> Mark | int:
        """Return the mark of a change as this list shows it; a browser may send any number."""
        at = next((one.at for one in self._facts if one.seq == seq), None)
        return Mark.of(self._store.snapshot.ground.epoch, seq, at) if at else seq

    def _on_undone(self, error: DamInventoryError | None) -> None:
        self._is_undoing = False
        self._refused = "" if error is None else str(error)
        self._show()

    def _show_more(self, _event: Any = None) -> None:
        self._wants_older = len(self._facts) < MAX_SHOWN
        self._read()

    def _close(self, _event: Any = None) -> None:
        self._on_close()

    def _show(self) -> None:
        undone = {one.undoes for one in self._facts if isinstance(one, DamEdited | DamRestored)}
        may_undo = self._store.user.may("administer")
        self.content = as_json(
            {
                "title": self._title(),
                "error": " ".join(filter(None, (self._refused, self._unread))),
                "is_undoing": self._is_undoing,
                "has_more": self._has_more and len(self._facts) < MAX_SHOWN,
                "note": _END if self._has_more and len(self._facts) >= MAX_SHOWN else "",
                "entries": [
                    {
                        "seq": one.seq,
                        "at": shown("at", one.at),
                        "what": _told(one),
                        "values": _values(one),
                        "undo": may_undo
                        and isinstance(one, DamEdited | DamRemoved)
                        and one.seq not in undone,
                    }
                    for one in self._facts
                ],
            }
        )

    def _title(self) -> str:
        row = self._store.snapshot.row_of(self._dam_id)
        return "History" if row is None else f'History of "{self._store.snapshot.name(row)}"'


def _told(one: Change) -> str:
    if isinstance(one, DamsImported):
        return f"{told([one])} They came from {one.source}."
    undoing = " An earlier edit was undone." if isinstance(one, DamEdited) and one.undoes else ""
    return told([one]) + undoing


def _values(one: Change) -> list[tuple[str, str, str]]:
    """Return label, old and new value of each field that a change has touched."""
    if not isinstance(one, DamEdited):
        return []
    fields = [field for field in LABELS if field in one.new]
    return [(LABELS[f], shown(f, one.old[f]), shown(f, one.new[f])) for f in fields]
