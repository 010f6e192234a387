"""Parts of the log after a position, for programs that follow it: each change once, in order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..database.inventory import Inventory
from ..domain.changes import Change
from ..domain.mark import Mark
from ..errors import DatabaseUnavailable, InventoryReplaced
from .change_feed import ChangeFeed

_TEXT = re.compile(r"(?:([0-9a-f-]{1,60}):)?([0-9]+)(?:-([0-9a-f]{12}))?")
_BEYOND = 10**15


@dataclass(frozen=True, slots=True)
class Position:
    """After the change `seq` of the inventory `epoch`; `epoch` is None where it is not given.

    token: that of its `Mark`, "" where it is not given. It tells this change from another one with
    its number: a database file that is replaced by an older copy keeps its epoch.
    """

    epoch: str | None
    seq: int
    token: str = ""

    @classmethod
    def of(cls, epoch: str, seq: int, at: dt.datetime | None) -> Position:
        """Return the position after a change; `at` is None before the first change."""
        return cls(epoch, seq, Mark.of(epoch, seq, at).token)

    @classmethod
    def read(cls, text: str) -> Position | None:
        """Parse the output of `str`, also without the epoch, the token or both; else None."""
        found = _TEXT.fullmatch(text) if text.isascii() else None
        if found is None:
            return None
        seq = int(found[2]) if len(found[2]) <= 15 else _BEYOND
        return cls(found[1], seq, found[3] or "")

    @property
    def mark(self) -> str:
        """The text of `seq` and the token."""
        return str(Mark(self.seq, self.token))

    def __str__(self) -> str:
        return self.mark if self.epoch is None else f"{self.epoch}:{self.mark}"


NOWHERE = Position("", 0)
"""A position that is of no inventory."""


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one inventory, oldest first.

    end: the position after them. newest: the `seq` of the newest change in the log.
    is_reset: whether the asked position is of another inventory or another log: everything has to
    be read anew, and `end` is the newest change.
    """

    changes: Sequence[Change]
    end: Position
    newest: int
    is_reset: bool = False

    def positions(self) -> Iterator[tuple[Position, Change]]:
        """Yield each change with the position after it."""
        for one in self.changes:
            yield Position.of(str(self.end.epoch), one.seq, one.at), one

    @property
    def is_last(self) -> bool:
        """Whether the log has no more changes."""
        return self.end.seq >= self.newest


def after(feed: ChangeFeed, inventory: Inventory, since: Position | None, most: int) -> Part:
    """Return at most `most` changes after a position, or none after the newest one if it is None.

    Waits for the database; raises DatabaseUnavailable. If the inventory was restored or replaced,
    the feed reads it first.
    """
    for _ in range(2):
        snapshot = feed.snapshot
        # With the change at the position itself: is it the one that is known?
        first = 0 if since is None else max(since.seq - 1, 0)
        try:
            found, newest = inventory.part_of_log(first, snapshot.ground, most + 1)
        except InventoryReplaced:
            feed.catch_up()
            continue
        end = Position.of(snapshot.epoch, *(newest or (0, None)))
        if since is None:
            return Part((), end, end.seq)
        times = {one.seq: one.at for one in found[:1]}
        here = Position.of(snapshot.epoch, since.seq, times.get(since.seq))
        # A number beyond the end was given by another inventory, too.
        is_known = since.epoch in (None, here.epoch) and since.token in ("", here.token)
        if not is_known or since.seq > end.seq:
            return Part((), end, end.seq, is_reset=True)
        changes = [one for one in found if one.seq > since.seq][:most]
        if changes:
            here = Position.of(snapshot.epoch, changes[-1].seq, changes[-1].at)
        return Part(changes, here, end.seq)
    raise DatabaseUnavailable("The inventory is being restored or replaced. Try again soon.")
