"""What pages should say of a log, worked out from the log alone."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain import messages
from dam_inventory.domain.changes import (
    Change,
    DamAdded,
    DamEdited,
    DamRemoved,
    DamRestored,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    ImportUndone,
    dam_ids,
)
from dam_inventory.domain.mark import Mark
from tests.acts import RIVER

Dams = Mapping[int, tuple[str, str]]
"""The name and the river of each dam, by its id."""

AWAY = "hile you were away"


class Log:
    """The log of an inventory, and the dams at each of its revisions."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._lock = threading.Lock()
        self.changes: list[Change] = []
        self._names: dict[int, str] = {}
        self._rivers: dict[int, str] = {}
        self._present: list[dict[int, str]] = [{}]
        self.epoch = inventory.snapshot().epoch

    def read_to(self, seq: int) -> None:
        """Read at least up to a change, in any thread."""
        with self._lock:
            if seq > len(self.changes):
                self._read_on()

    def _read_on(self) -> None:
        for change in self._inventory.changes_since(len(self.changes)):
            assert change.seq == len(self.changes) + 1, "The log has a gap."
            self.changes.append(change)
            self._present.append(self._after(change))
        with self._inventory.reading() as connection:
            self._names = {row.id: row.dam_name for row in connection.execute(text(_NAMES))}

    def mark(self, seq: int) -> Mark:
        return Mark.of(self.epoch, seq, self.changes[seq - 1].at)

    def dams(self, revision: int) -> Dams:
        """Return the dams at a revision."""
        self.read_to(revision)
        present = self._present[revision]
        return {dam_id: (self._names[dam_id], river) for dam_id, river in present.items()}

    def _after(self, change: Change) -> dict[int, str]:
        present = dict(self._present[-1])
        match change:
            case DamEdited():
                if "river" in change.new:
                    present[change.dam_id] = self._rivers[change.dam_id] = change.new["river"]
            case DamAdded() | DamRestored() | DamsRestored():
                for dam_id in dam_ids(change):
                    present[dam_id] = self._rivers.setdefault(dam_id, RIVER)
            case DamRemoved() | DamsRemoved():
                for dam_id in dam_ids(change):
                    del present[dam_id]
            case DamsImported():
                for dam_id in range(change.first_id, change.last_id + 1):
                    present[dam_id] = self._rivers.setdefault(dam_id, RIVER)
            case ImportUndone():
                for dam_id in range(change.first_id, change.last_id + 1):
                    present.pop(dam_id, None)
        return present


_NAMES = "SELECT id, dam_name FROM dams"


@dataclass(frozen=True)
class Place:
    """Where a page may be in the log.

    shown: the revision that it shows. told: up to which its person has dismissed changes.
    loaded: the others' changes that came with own ones which are still confirmed; the first `sure`
    of them have certainly arrived. is_done: whether what the person began has happened.
    """

    shown: int
    told: int
    loaded: tuple[int, ...] = ()
    sure: int = 0
    is_done: bool = False


class Account:
    """What one page has told of a log, toast by toast.

    who: the name of its user, who makes changes at this page alone.
    """

    def __init__(self, log: Log, who: str) -> None:
        self._log = log
        self._who = who
        self._places: set[Place] = set()
        self._toast: Mapping[str, Any] = {}
        self._seen = self._answered = self._own = self._away_since = self._away_to = 0
        self._begun = ""

    def check(self, events: Iterable[tuple[str, Any]]) -> str:
        """Replay what a page did and said, in its order, and return the first that was wrong."""
        for what, value in events:
            try:
                getattr(self, f"_on_{what}")(value)
            except AssertionError as error:
                return f"{self._who}, at {what} {value}: {error}"
        return ""

    def _on_opened(self, opened: tuple[int, int, Mapping[str, Any]]) -> None:
        """The page is opened by who has seen a revision before, or 0; it shows a revision."""
        since, shown, toast = opened
        self._log.read_to(shown)
        if 0 < since < shown:
            self._away_since, self._away_to = since, shown
        self._places = {Place(shown, shown)}
        self._on_toast(toast)

    def _on_toast(self, toast: Mapping[str, Any]) -> None:
        assert not toast["warning"], "It warned."
        mark = Mark.read(toast["seen"])
        assert mark is not None
        self._log.read_to(mark.seq)
        assert mark == self._log.mark(mark.seq), "It is of another log."
        assert mark.seq >= self._seen, f"It went back from {self._seen}."
        before, heard = self._places, self._seen
        self._seen, self._toast = mark.seq, toast
        places = {one for one in self._next(toast) if self._tells(toast, one)}
        assert places, f"It told no stretch of the log after {before}, {heard}."
        self._places = places
        self._own = toast["own"]

    def _on_began(self, what: str) -> None:
        """The person is about to reload, to dismiss, or to act."""
        self._begun, self._answered = what, self._seen
        self._places = {replace(one, is_done=False) for one in self._places}

    def _on_done(self, shown: int) -> None:
        """What the person began has happened: the page shows a revision."""
        places = set()
        for one in self._places:
            if one.is_done or self._begun == "act":
                places.add(one)
            else:
                places |= set(self._after(one))
        self._places = {
            one for one in places if one.shown == shown and self._tells(self._toast, one)
        }
        assert self._places, f"After {self._begun}, it told wrongly: {places}, {self._toast}"
        self._begun = ""

    def _on_counted(self, number: int) -> None:
        """The badge shows a number, and no toast tells of changes."""
        expected = {messages.count(self._others(one.shown, one.told)) for one in self._places}
        assert number in expected, f"The badge should have one of {expected}."

    def _on_ended(self, end: int) -> None:
        """Nothing has been written for a while, and the person has reloaded."""
        self._log.read_to(end)
        assert {one.shown for one in self._places} == {end}, f"It shows {self._places}."
        if self._own:
            whole = {replace(one, sure=len(one.loaded)) for one in self._places}
            assert any(self._tells(self._toast, one) for one in whole), "It miscounts what came."

    def _next(self, toast: Mapping[str, Any]) -> Iterator[Place]:
        """Yield where the page may be now, after what its person does."""
        for one in self._places:
            if toast["own"] not in (0, self._own):
                yield from self._confirming(one, toast["own"])
                continue
            yield one
            if not one.is_done:
                yield from self._after(one)

    def _after(self, place: Place) -> Iterator[Place]:
        """Yield where the page may be after *Reload*, or after *Nevermind* of what it told."""
        if self._begun == "reload":
            for to in range(max(place.shown, place.told), self._seen + 1):
                yield replace(place, shown=to, told=to, is_done=True)
        elif self._begun == "dismiss":
            yield Place(place.shown, max(place.told, self._answered), is_done=True)

    def _confirming(self, place: Place, own: int) -> Iterator[Place]:
        for to in range(max(own, place.shown, place.told), self._seen + 1):
            new = tuple(one.seq for one in self._others(place.shown, to))
            kept = place.loaded if self._own else ()
            yield Place(to, to, kept + new, len(kept), is_done=True)

    def _tells(self, toast: Mapping[str, Any], place: Place) -> bool:
        unread = self._others(place.told, self._seen)
        if bool(unread) != toast["reloads"]:
            return False
        lines = [messages.announcement(unread)] if unread else []
        if unread and (waiting := messages.count(self._others(place.shown, place.told))):
            lines.append(messages.still_waiting(waiting))
        said = toast["text"].split("\n") if toast["text"] else []
        first = said[: len(said) - len(lines)]
        if said[len(first) :] != lines:
            return False
        if toast["own"]:
            if not first or first[0] not in self._confirmations(toast["own"], place):
                return False
            first = first[1:]
        return not first or first == [self._missed()]

    def _confirmations(self, own: int, place: Place) -> set[str]:
        """Return what may be said of an own change: others loaded with it may still arrive."""
        change = self._log.changes[own - 1]
        return {
            messages.confirmation(change, [self._log.changes[seq - 1] for seq in loaded])
            for most in range(place.sure, len(place.loaded) + 1)
            for loaded in [place.loaded[:most]]
        }

    def _missed(self) -> str:
        missed = self._log.changes[self._away_since : self._away_to]
        return messages.missed(missed) if missed else ""

    def _others(self, first: int, last: int) -> Sequence[Change]:
        return [one for one in self._log.changes[first:last] if one.by != self._who]
