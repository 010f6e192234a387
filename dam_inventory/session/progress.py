"""Progress: how far the work on a file is."""

from __future__ import annotations

import time
from dataclasses import dataclass

_SECONDS_BEFORE_ESTIMATE = 2.0


@dataclass
class Progress:
    """`done` of `total`, bytes or rows, since a moment of a monotonic clock.

    since: None while the work waits for its turn.
    """

    total: int
    done: int = 0
    since: float | None = None

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
