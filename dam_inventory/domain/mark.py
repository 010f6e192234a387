"""Marks: what tells the log of an inventory from one that was put in its place."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field

_TEXT = re.compile(r"([0-9]{1,15})(?:-([0-9a-f]{12}))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in one log: up to the change `seq`, and what no other log has there.

    token: 12 hexadecimal digits, made of the epoch and the moment of that change; "" where it is
    not known. A restored log, or one that went back and grew again, gives other tokens to the
    same numbers.
    """

    seq: int
    token: str = ""

    @classmethod
    def of(cls, epoch: str, seq: int, at: dt.datetime | None) -> Mark:
        """Return the mark of a change; `at` is None before the first one."""
        text = f"{epoch} {seq} {at.astimezone(dt.UTC).isoformat() if at else ''}"
        return cls(seq, hashlib.blake2b(text.encode(), digest_size=6).hexdigest())

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """Read what `str` gives, or a number alone; None for anything else."""
        found = _TEXT.fullmatch(text)
        return cls(int(found[1]), found[2] or "") if found else None

    def __str__(self) -> str:
        return f"{self.seq}-{self.token}" if self.token else str(self.seq)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an inventory stands on at one revision.

    epoch: a random id that each restore makes new. last_dam: the highest id ever given to a dam
    that is in the table, removed ones too; 0 for none. unmarked: how often this process has found
    the inventory to be another one, and could not write a new epoch into it.
    """

    epoch: str = ""
    mark: Mark = field(default_factory=lambda: Mark(0))
    last_dam: int = 0
    unmarked: int = 0
