"""The open streams of changes of this process: how many, and their end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...errors import DamInventoryError
from ..auth.attempts import network

MOST = 100
MOST_PER_CLIENT = 10


class TooManyStreams(DamInventoryError):
    """A stream can't be opened, because the client has too many."""


class NoRoom(DamInventoryError):
    """A stream can't be opened, because the process has too many, or is ending."""


class Streams:
    """Counts streams by client, and ends them; use it from one event loop."""

    def __init__(self) -> None:
        self._open: dict[object, Callable[[], None]] = {}
        self._by_client: Counter[str] = Counter()
        self.is_ending = False

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def one(self, address: str, wake: Callable[[], None]) -> Iterator[None]:
        """Count a stream while it is open; raise TooManyStreams or NoRoom if that can't be.

        wake: called when the stream should look at `is_ending`.
        """
        client, key = network(address), object()
        if self._by_client[client] >= MOST_PER_CLIENT:
            raise TooManyStreams(
                f"This client has {MOST_PER_CLIENT} streams open, which is the most. Close one."
            )
        if len(self) >= MOST or self.is_ending:
            raise NoRoom("Too many streams are open, or the server is going down. Try again later.")
        self._open[key] = wake
        self._by_client[client] += 1
        try:
            yield
        finally:
            del self._open[key]
            self._by_client[client] -= 1
            self._by_client += Counter()  # drops zeros

    def end(self) -> None:
        """Tell all streams to end."""
        self.is_ending = True
        for wake in list(self._open.values()):
            wake()

    async def ended(self) -> None:
        """Wait until all streams have ended."""
        while self._open:
            await asyncio.sleep(0.005)


STREAMS = Streams()
