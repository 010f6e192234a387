"""HistoryList: who has changed what and when, from the log, of one dam or of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ..changes import DamEdited, DamRemoved, DamRestored, DamsImported, Fact
from ..draft import LABELS
from ..errors import DamInventoryError
from ..sentences import told
from ..store import DamStore
from .assets import asset
from .text import as_json, shown

PAGE = 30


class HistoryList(pn.reactive.ReactiveHTML):
    """A card that lists changes, newest first; an administrator can undo some of them.

    on_close: called when it is no longer wanted.
    is_open: whether it is shown, and so follows the changes.
    """

    content = param.String(default="{}", doc="What the list shows, as JSON.")
    undone = param.Integer(default=0, doc="The `seq` of the change to undo; 0 for none.")

    _template: ClassVar[str] = asset("history.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "self.content()",
        "content": asset("history.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("history.css")]

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._store = store
        self._on_close = on_close
        self._dam_id: int | None = None
        self._most = PAGE
        self._facts: Sequence[Fact] = ()
        self._number = 0
        self._unread = ""
        self._refused = ""
        self._is_undoing = False
        self.is_open = False
        super().__init__(**params)
        store.param.watch(self._refresh, ["snapshot", "news"])

    def open(self, dam_id: int | None = None) -> None:
        """Show the history of a dam, or of the whole inventory."""
        self._dam_id, self._most, self._facts = dam_id, PAGE, ()
        self._unread = self._refused = ""
        self.is_open = True
        self._show()
        self._read()

    def _refresh(self, *_: Any) -> None:
        if self.is_open:
            self._read()

    def _read(self) -> None:
        self._number += 1
        # One more than is shown tells whether there are more.
        done = partial(self._on_read, self._number)
        self._store.history(self._dam_id, self._most + 1, done)

    def _on_read(self, number: int, outcome: Sequence[Fact] | DamInventoryError) -> None:
        if number != self._number:
            return  # Another history, or a newer one, was asked for meanwhile.
        self._unread = ""
        if isinstance(outcome, DamInventoryError):
            self._unread = str(outcome)
        else:
            self._facts = outcome
        self._show()

    @param.depends("undone", watch=True)
    def _on_undo(self) -> None:
        seq, self.undone = self.undone, 0
        if seq and not self._is_undoing:
            self._is_undoing, self._refused = True, ""
            self._show()
            self._store.undo(seq, self._on_undone)

    def _on_undone(self, error: DamInventoryError | None) -> None:
        self._is_undoing = False
        self._refused = "" if error is None else str(error)
        self._show()

    def _show_more(self, _event: Any = None) -> None:
        self._most += PAGE
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
                "has_more": len(self._facts) > self._most,
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
                    for one in self._facts[: self._most]
                ],
            }
        )

    def _title(self) -> str:
        row = self._store.snapshot.row_of(self._dam_id)
        return "History" if row is None else f'History of "{self._store.snapshot.name(row)}"'


def _told(one: Fact) -> str:
    if isinstance(one, DamsImported):
        return f"{told([one])} They came from {one.source}."
    undoing = " An earlier edit was undone." if isinstance(one, DamEdited) and one.undoes else ""
    return told([one]) + undoing


def _values(one: Fact) -> list[tuple[str, str, str]]:
    """Return label, old and new value of each field that a change has touched."""
    if not isinstance(one, DamEdited):
        return []
    fields = [field for field in LABELS if field in one.new]
    return [(LABELS[f], shown(f, one.old[f]), shown(f, one.new[f])) for f in fields]
