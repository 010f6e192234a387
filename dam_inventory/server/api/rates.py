"""How many requests each client may send."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

MAX_CLIENTS = 10_000
"""How many clients are remembered; then the one that was silent longest is forgotten."""


class Rates:
    """Counts the requests of each client. Not for several threads.

    per_minute: how many requests a client may send at once, and in each minute that follows.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def take(self, client: str) -> int:
        """Count a request; return 0, or the seconds to wait if it is one too many."""
        now, most = self._clock(), float(self.per_minute)
        left, then = self._left.pop(client, (most, now))
        left = min(most, left + (now - then) * most / 60)
        is_free = left >= 1
        self._left[client] = (left - 1 if is_free else left, now)
        if len(self._left) > MAX_CLIENTS:
            self._left.popitem(last=False)
        return 0 if is_free else ceil((1 - left) * 60 / most)
