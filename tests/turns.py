"""A page whose turns in the event loop a test chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Page:
    """A session whose callbacks run when the test wants."""

    def __init__(self, wait_until: Callable[[Callable[[], Any]], None]) -> None:
        self._wait_until = wait_until
        self._scheduled: list[Callable[[], None]] = []

    def schedule(self, callback: Callable[[], None]) -> None:
        self._scheduled.append(callback)

    def answer(self) -> None:
        """Wait for a worker, and run its callback."""
        self.take()()

    def take(self) -> Callable[[], None]:
        """Wait for a worker, and return its callback."""
        self._wait_until(lambda: self._scheduled)
        return self._scheduled.pop(0)

    @property
    def is_idle(self) -> bool:
        return not self._scheduled
