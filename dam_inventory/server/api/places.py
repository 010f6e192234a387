"""How many large answers are sent at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST = 4
MOST_PER_CLIENT = 3
SECONDS_TO_WAIT = 10.0


class NoPlace(Exception):
    """There is no place. is_own: whether the client itself has too many."""

    def __init__(self, is_own: bool) -> None:
        self.is_own = is_own
        super().__init__(
            "This client downloads too much at once. Wait until one download has ended."
            if is_own
            else "The server is busy with other downloads. Try again soon."
        )


class Places:
    """Places for large answers; use it from one event loop.

    most: how many there are; who finds none waits so many seconds for one. most_per_client: how
    many a client may have, or wait for.
    """

    def __init__(
        self,
        most: int = MOST,
        most_per_client: int = MOST_PER_CLIENT,
        seconds: float = SECONDS_TO_WAIT,
    ) -> None:
        self._free = asyncio.Semaphore(most)
        self._most_per_client = most_per_client
        self._seconds = seconds
        self._by_client: Counter[str] = Counter()

    @asynccontextmanager
    async def one(self, client: str) -> AsyncIterator[None]:
        """Hold a place until the block ends; raise NoPlace if there is none in time."""
        if self._by_client[client] >= self._most_per_client:
            raise NoPlace(is_own=True)
        self._by_client[client] += 1
        try:
            try:
                await asyncio.wait_for(self._free.acquire(), self._seconds)
            except TimeoutError:
                raise NoPlace(is_own=False) from None
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._by_client[client] -= 1
            self._by_client += Counter()  # drops zeros
