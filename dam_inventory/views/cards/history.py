"""HistoryList: the logged changes of one dam or of the inventory, with author and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.changes import (
    Change,
    DamEdited,
    DamsImported,
    HydrographAssigned,
    HydrographRemoved,
    HydrographRestored,
    ImportUndone,
    Removal,
    Restoration,
)
from ...domain.entries import sentence
from ...domain.mark import Mark
from ...errors import DamInventoryError
from ...formats.exports import file_name
from ...session.answers import start
from ...session.exporting import AT_WORK
from ...session.store import DamStore
from ..components.assets import asset
from ..components.escape import as_json, shown
from ..components.faults import shielded
from ..transfer import export_wording
from .entries import values

PAGE = 30
MAX_SHOWN = 600
"""Maximum number of listed changes: the whole list is sent whenever a change is added."""

_END = f"Only the newest {MAX_SHOWN} changes are listed."


class HistoryList(pn.reactive.ReactiveHTML):
    """A card that lists changes, newest first, and offers to undo what the user may undo.

    on_close: called when the person closes the card.
    is_open: whether the card is visible. Only then it follows new changes.
    """

    content = param.String(default="{}", doc="The content of the list, as JSON.")
    download = param.String(default="{}", doc="How the download goes, as JSON.")
    undone = param.Integer(default=0, doc="The `seq` of the change to undo; 0 for none.")

    _template: ClassVar[str] = asset("cards/history.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "self.content(); self.download()",
        "content": asset("cards/history.js"),
        "download": asset("cards/history_download.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("cards/history.css")]

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._store = store
        self._on_close = on_close
        self._dam_id: int | None = None
        self._changes: list[Change] = []
        self._has_more = False
        self._wants_newest = False
        self._wants_older = False
        self._number = 0
        self._is_reading = False
        self._unread = ""
        self._refused = ""
        self._is_undoing = False
        self._download_number = 0
        """The export that this card has begun, 0 for none."""
        self.is_open = False
        super().__init__(**params)
        store.param.watch(self._refresh, ["snapshot", "news"])
        store.param.watch(self._on_units, "units")
        store.exporting.param.watch(self._on_export, "changed")

    def open(self, dam_id: int | None = None) -> None:
        """Show the history of a dam, or of the whole inventory."""
        self._dam_id, self._changes, self._has_more = dam_id, [], False
        self._unread = self._refused = ""
        self.is_open = True
        self._number += 1
        self._is_reading = False
        self._download_number = 0
        self._on_export()
        self._show()
        self._refresh()

    @shielded
    def _refresh(self, *_: Any) -> None:
        if self.is_open:
            self._wants_newest = True
            self._read()

    def _on_units(self, _event: Any) -> None:
        if self.is_open:
            self._show()

    def _read(self) -> None:
        """Read a page of the newest changes, then of older ones, as requested."""
        if self._is_reading:
            return
        if self._wants_newest or not self._changes:
            self._wants_newest, before = False, None
        elif self._wants_older:
            self._wants_older, before = False, self._changes[-1].seq
        else:
            return
        self._is_reading = True
        done = partial(self._on_read, self._number, before)
        # One change more than a page shows whether there are more.
        self._store.history(self._dam_id, before, PAGE + 1, done)

    def _on_read(
        self, number: int, before: int | None, outcome: Sequence[Change] | DamInventoryError
    ) -> None:
        if number != self._number:
            return  # Another history has been opened since.
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
        """Add a page of changes before or after those already listed."""
        page, has_more = list(read[:PAGE]), len(read) > PAGE
        if before is not None:
            self._changes += page
            self._has_more = has_more
            return
        new = [one for one in read if not self._changes or one.seq > self._changes[0].seq]
        known = list(read[len(new) :])
        # Keep the listed changes only if the new page reaches them and they have not changed.
        if known and known == self._changes[: len(known)]:
            self._has_more = self._has_more or len(new + self._changes) > MAX_SHOWN
            self._changes = (new + self._changes)[:MAX_SHOWN]
        else:
            self._changes, self._has_more = page, has_more

    @param.depends("undone", watch=True)
    def _on_undo(self) -> None:
        seq, self.undone = self.undone, 0
        if seq and not self._is_undoing:
            start(self._undo(seq))

    async def _undo(self, seq: int) -> None:
        self._is_undoing, self._refused = True, ""
        self._show()
        try:
            await self._store.later.undo(self._mark_of(seq))
        except DamInventoryError as error:
            self._refused = str(error)
        finally:
            self._is_undoing = False
            self._show()

    def _mark_of(self, seq: int) -> Mark | int:
        """Return the mark of a listed change, or `seq` itself: a browser may send any number."""
        at = next((one.at for one in self._changes if one.seq == seq), None)
        return Mark.of(self._store.snapshot.ground.epoch, seq, at) if at else seq

    def _show_more(self, _event: Any = None) -> None:
        self._wants_older = len(self._changes) < MAX_SHOWN
        self._read()

    def _download(self, _event: Any = None) -> None:
        exporting = self._store.exporting
        if exporting.step in AT_WORK:
            return
        self._download_number = exporting.number + 1
        day = self._store.filter.today
        exporting.begin_history(self._dam_id, file_name(self._title(), (), day, ".csv"))

    def _on_export(self, *_events: Any) -> None:
        if self.is_open:
            exporting = self._store.exporting
            is_own = exporting.number == self._download_number
            text = export_wording.state(exporting) if is_own else ""
            self.download = as_json({"text": text, "is_busy": exporting.step in AT_WORK})

    def _close(self, _event: Any = None) -> None:
        self._on_close()

    def _show(self) -> None:
        changes = self._changes
        undone = {
            one.undoes
            for one in changes
            if isinstance(
                one,
                DamEdited | HydrographRemoved | HydrographRestored | ImportUndone | Restoration,
            )
        }
        self.content = as_json(
            {
                "title": self._title(),
                "error": " ".join(filter(None, (self._refused, self._unread))),
                "is_undoing": self._is_undoing,
                "has_more": self._has_more and len(self._changes) < MAX_SHOWN,
                "note": _END if self._has_more and len(self._changes) >= MAX_SHOWN else "",
                "entries": [
                    {
                        "seq": one.seq,
                        "at": shown("at", one.at),
                        "what": sentence(one),
                        "values": values(one, self._store.units),
                        "undo": self._offers_undo(one) and one.seq not in undone,
                    }
                    for one in changes
                ],
            }
        )

    def _offers_undo(self, one: Change) -> bool:
        # In the history of one dam, the undo of an import would come as a surprise to all others.
        is_whole = isinstance(one, DamsImported) and self._dam_id is None
        is_kind = isinstance(one, DamEdited | Removal | HydrographRemoved)
        is_assigned = isinstance(one, HydrographAssigned) and not one.replaced
        return (is_whole or is_kind or is_assigned) and self._store.user.may_undo(one)

    def _title(self) -> str:
        row = self._store.snapshot.row_of(self._dam_id)
        return "History" if row is None else f'History of "{self._store.snapshot.name(row)}"'
