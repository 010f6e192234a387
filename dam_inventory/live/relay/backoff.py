"""Waits between attempts."""

from __future__ import annotations

import random


class Backoff:
    """Waits that double from `shortest` to `longest` seconds, each shortened by up to a half.

    By chance, so that processes that have lost a server together do not come back together.
    """

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._next = min(shortest, longest)

    def next(self) -> float:
        """Return how many seconds to wait now."""
        wait, self._next = self._next, min(2 * self._next, self._longest)
        return wait * random.uniform(0.5, 1)  # noqa: S311  (no secret)

    def reset(self) -> None:
        """Start again with the shortest wait: an attempt was successful."""
        self._next = min(self._shortest, self._longest)
