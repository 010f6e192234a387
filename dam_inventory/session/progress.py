"""Progress: how far the work on a file is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

_SECONDS_BEFORE_ESTIMATE = 2.0
_SECONDS_BETWEEN = 0.2
"""How often a page is told of the progress."""


@dataclass
class Progress:
    """`done` of `total`, bytes or rows, since a moment of a monotonic clock.

    since: None while the work waits for its turn.
    """

    total: int
    done: int = 0
    since: float | None = None
    _told: float = field(default=0.0, repr=False, compare=False)

    def advance(self, done: int) -> bool:
        """Note how much is done, in a worker; return whether the page has to be told."""
        now = time.monotonic()
        is_first = self.since is None
        if is_first:
            self.since = now
        self.done = done
        is_time = is_first or now - self._told >= _SECONDS_BETWEEN
        if is_time:
            self._told = now
        return is_time

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate, or None if it is too early for one."""
        passed = 0.0 if self.since is None else time.monotonic() - self.since
        if passed < _SECONDS_BEFORE_ESTIMATE or not 0 < self.done <= self.total:
            return None
        return passed / self.done * (self.total - self.done)
