"""How late the event loop is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SECONDS_BETWEEN = 0.5


class LoopLag:
    """Measures how much later than planned an event loop runs a callback, every half a second.

    observe: takes the delay in seconds. Use it from one event loop.
    """

    def __init__(self, observe: Callable[[float], None]) -> None:
        self._observe = observe
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Measure the running event loop until `stop`."""
        loop = asyncio.get_running_loop()
        due = loop.time() + SECONDS_BETWEEN
        self._next = loop.call_at(due, self._measure, loop, due)

    def stop(self) -> None:
        """Measure no more; to call it twice, or before `start`, is harmless."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _measure(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        self._observe(max(0.0, loop.time() - due))
        self.start()
