"""Exponential backoff with jitter."""

from __future__ import annotations

import random


class Backoff:
    """Waits that double from `shortest` to `longest` seconds.

    Each wait is randomly shortened by up to a half, so that processes that lost a server at the
    same time do not reconnect at the same time.
    """

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._next = min(shortest, longest)

    def next(self) -> float:
        """Return the next wait, in seconds."""
        wait, self._next = self._next, min(2 * self._next, self._longest)
        return wait * random.uniform(0.5, 1)  # noqa: S311  (no secret)

    def reset(self) -> None:
        """Start again with the shortest wait, after a successful attempt."""
        self._next = min(self._shortest, self._longest)
