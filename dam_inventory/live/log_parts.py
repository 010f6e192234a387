"""Parts of the log after a position, for programs that follow it: each change once, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..database.inventory import Inventory
from ..domain.changes import Change
from ..errors import DatabaseUnavailable, InventoryReplaced
from .change_feed import ChangeFeed

_TEXT = re.compile(r"([0-9a-f-]{1,60}):([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Position:
    """After the change `seq` of the inventory `epoch`; `epoch` is None where it is not given."""

    epoch: str | None
    seq: int

    @classmethod
    def read(cls, text: str) -> Position | None:
        """Parse the output of `str`; return None for other text."""
        found = _TEXT.fullmatch(text)
        return cls(found[1], int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}"


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one inventory, oldest first.

    end: the position after them. newest: the `seq` of the newest change in the log.
    is_reset: whether the asked position is of another inventory: everything has to be read anew,
    and `end` is the newest change.
    """

    changes: Sequence[Change]
    end: Position
    newest: int
    is_reset: bool = False

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
        asked = 0 if since is None else since.seq
        try:
            changes, newest = inventory.part_of_log(asked, snapshot.ground, most)
        except InventoryReplaced:
            feed.catch_up()
            continue
        end = Position(snapshot.epoch, newest)
        if since is None:
            return Part((), end, newest)
        # A number beyond the end was given by another inventory, too.
        if since.epoch not in (None, snapshot.epoch) or since.seq > newest:
            return Part((), end, newest, is_reset=True)
        last = changes[-1].seq if changes else since.seq
        return Part(changes, Position(snapshot.epoch, last), newest)
    raise DatabaseUnavailable("The inventory is being restored or replaced. Try again soon.")
