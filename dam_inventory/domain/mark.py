"""Mark and Ground: detect that the log of an inventory was restored or replaced."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache

_TEXT = re.compile(r"([0-9]{1,15})(?:-([0-9a-f]{12}))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A position in one particular log: the number `seq` of a change, and a token.

    token: 12 hexadecimal digits, a hash of the epoch, `seq` and the time of that change; "" when
    it is not known. After a restore or a rollback, the same `seq` has a different token.
    """

    seq: int
    token: str = ""

    @classmethod
    @lru_cache(maxsize=8)  # Hundreds of sessions ask for the same mark at once.
    def of(cls, epoch: str, seq: int, at: dt.datetime | None) -> Mark:
        """Return the mark of a change; `at` is None before the first change."""
        text = f"{epoch} {seq} {at.astimezone(dt.UTC).isoformat() if at else ''}"
        return cls(seq, hashlib.blake2b(text.encode(), digest_size=6).hexdigest())

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """Parse the output of `str`, or a number without a token; return None for other text."""
        found = _TEXT.fullmatch(text)
        return cls(int(found[1]), found[2] or "") if found else None

    def __str__(self) -> str:
        return f"{self.seq}-{self.token}" if self.token else str(self.seq)


@dataclass(frozen=True, slots=True)
class Ground:
    """The identity of an inventory at one revision.

    epoch: a random id, replaced by each restore. last_dam: the highest id in the table of dams,
    including removed dams; 0 for none. unmarked: how often this process has detected a
    replacement, but could not write a new epoch to the database.
    """

    epoch: str = ""
    mark: Mark = field(default_factory=lambda: Mark(0))
    last_dam: int = 0
    unmarked: int = 0
