"""What pages should say of a log, worked out from the log alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
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


class Log:
    """The log of an inventory, and the dams at each of its revisions."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self.changes: list[Change] = []
        self._rivers: dict[int, str] = {}
        self._present: list[dict[int, str]] = [{}]
        self.epoch = inventory.snapshot().epoch

    def read_on(self) -> None:
        """Read what was written since the last time."""
        for change in self._inventory.changes_since(len(self.changes)):
            assert change.seq == len(self.changes) + 1, "The log has a gap."
            self.changes.append(change)
            self._present.append(self._after(change))

    def between(self, first: int, last: int) -> list[Change]:
        """Return the changes after the revision `first`, up to `last`."""
        return self.changes[first:last]

    def mark(self, seq: int) -> Mark:
        return Mark.of(self.epoch, seq, self.changes[seq - 1].at)

    def dams(self, revision: int) -> Dams:
        """Return the dams at a revision."""
        if revision > len(self.changes):
            self.read_on()
        names = self._names(revision)
        return {dam_id: (names[dam_id], at) for dam_id, at in self._present[revision].items()}

    @cache  # noqa: B019 - a log lives as long as its test
    def _names(self, _revision: int) -> dict[int, str]:
        with self._inventory.reading() as connection:
            return {row.id: row.dam_name for row in connection.execute(text(_NAMES))}

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
    since: the revision that it showed before its own change.
    """

    shown: int
    told: int
    since: int


class Account:
    """What one page has told of a log, toast by toast; `complaints` is what it told wrongly.

    own: the `seq` of all changes that were made at this page.
    """

    def __init__(self, log: Log, own: set[int], who: str) -> None:
        self._log, self._own, self._who = log, own, who
        self.complaints: list[str] = []

    def check(self, events: Sequence[tuple[str, Any]]) -> list[str]:
        """Replay what a page did and said, in its order, and return what was wrong."""
        for what, value in events:
            getattr(self, f"_{what}")(value)
            if self.complaints:
                break
        return self.complaints

    def _opened(self, value: tuple[str, Mapping[str, Any]]) -> None:
        """The page is opened with an address that says what the person saw last, or nothing."""
        seen, toast = value
        self._seen = self._last_own = self._undone = 0
        self._permit = ""
        self._missed_since, self._is_missed_told = int(seen.partition("-")[0] or 0), False
        newest = Mark.read(toast["seen"]).seq
        self._places = {Place(at, at, at) for at in range(self._missed_since, newest + 1)}
        self._toast(toast)

    def _toast(self, toast: Mapping[str, Any]) -> None:
        if toast["warning"]:
            self._complain(f"It warned: {toast['warning']}", toast)
        mark = Mark.read(toast["seen"])
        assert mark is not None
        if mark.seq < self._seen or mark != self._log.mark(mark.seq):
            self._complain(f"It went from {self._seen} back to {mark}.", toast)
        self._seen = mark.seq
        found = {place for place in self._next(toast) if self._tells(toast, place)}
        if not found:
            self._complain(f"It told no stretch of the log after {self._places}.", toast)
            return
        self._places = found
        self._last_own = toast["own"] or self._last_own
        self._is_missed_told |= "hile you were away" in toast["text"]

    def _began(self, what: str) -> None:
        """The person is about to reload, to dismiss, or to make a change."""
        self._permit = what

    def _reloaded(self, _: None) -> None:
        self._permit = ""
        self._settle([Place(self._seen, self._seen, one.since) for one in self._read()])

    def _dismissed(self, _: None) -> None:
        self._permit, self._last_own, self._missed_since = "", 0, 0
        self._settle([Place(one.shown, self._seen, one.since) for one in self._read()])

    def _acted(self, _: None) -> None:
        self._permit = ""

    def _waits(self, number: int) -> None:
        """The badge shows a number, and there is no toast."""
        if number not in {
            messages.count(self._others(one.shown, one.told)) for one in self._read()
        }:
            self._complain(f"The badge has {number}, at {self._places}.", {})

    def _ended(self, end: int) -> None:
        """Nothing has been written for a while."""
        if self._others(self._seen, end):
            self._complain(f"It told nothing after {self._seen} of {end}.", {})

    def _read(self) -> list[Place]:
        """Return the places where the person has answered all that was told."""
        return [one for one in self._places if not self._others(one.told, self._seen)]

    def _settle(self, places: list[Place]) -> None:
        if not places:
            self._complain(f"Something is still told, at {self._places}.", {})
        self._places = set(places)

    def _next(self, toast: Mapping[str, Any]) -> Iterator[Place]:
        """Yield where the page may be now, after what its person does."""
        is_new = toast["own"] not in (0, self._last_own)
        for one in self._places:
            if not is_new:
                yield one
            for to in range(one.told, self._seen + 1):
                if is_new and to >= toast["own"]:
                    yield Place(to, to, one.shown)
                elif not is_new and self._permit == "reload":
                    yield Place(to, to, one.since)
                elif not is_new and self._permit == "dismiss":
                    yield Place(one.shown, to, one.since)

    def _tells(self, toast: Mapping[str, Any], place: Place) -> bool:
        unread = self._others(place.told, self._seen)
        if bool(unread) != toast["reloads"]:
            return False
        last = [messages.announcement(unread)] if unread else []
        if unread and (waiting := messages.count(self._others(place.shown, place.told))):
            last.append(messages.still_waiting(waiting))
        lines = toast["text"].split("\n") if toast["text"] else []
        first = lines[: len(lines) - len(last)]
        return lines[len(first) :] == last and self._begins(toast, first, place)

    def _begins(self, toast: Mapping[str, Any], lines: list[str], place: Place) -> bool:
        """Return whether lines tell of the own change, and of what was missed."""
        own = toast["own"] or self._last_own
        if own and lines and lines[0] in self._confirmations(own, place):
            lines = lines[1:]
            if not toast["own"]:  # It could not be undone.
                lines = lines[1:]
        elif toast["own"]:
            return False
        if not lines:
            return not self._is_missed_told or not self._missed_since
        return len(lines) == 1 and lines[0] in self._missed(place)

    def _confirmations(self, own: int, place: Place) -> set[str]:
        """Return what may be said of an own change: others loaded with it may still arrive."""
        change = self._log.changes[own - 1]
        return {
            messages.confirmation(change, self._others(place.since, last))
            for last in range(place.since, place.shown + 1)
        }

    def _missed(self, place: Place) -> set[str]:
        """Return what may be said of changes before the page was opened, at a place not known."""
        since = self._missed_since
        return {
            messages.missed(self._log.between(since, last))
            for last in range(since + 1, place.shown + 1)
        }

    def _others(self, first: int, last: int) -> list[Change]:
        return [one for one in self._log.between(first, last) if one.seq not in self._own]

    def _complain(self, what: str, toast: Mapping[str, Any]) -> None:
        self.complaints.append(f"{self._who}: {what} {toast}")
