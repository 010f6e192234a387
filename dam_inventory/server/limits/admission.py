"""Admission to this process's sessions, and the end of sessions that no page has opened."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable
from typing import Protocol

from .waiting_room import WaitingRoom

MAX_WAITING = 50
MAX_FRESH = 200
SECONDS_TO_OPEN = 20
"""How long a page may take to open its websocket while there are too many fresh sessions."""

SECONDS_AFTER_REFUSAL = 1.0
"""How long an address waits for its next page after one was closed for what it had sent.

To make a page keeps all others waiting for 0.2 s: who has it closed at once may not ask for the
next one at once, too.
"""

_MAX_PENALTIES = 1000


class Session(Protocol):
    """The part of a Bokeh session that is used here."""

    @property
    def id(self) -> str: ...

    def request_expiration(self) -> None: ...


class FreshSessions:
    """Sessions whose websocket has not opened, such as those of crawlers."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[float, weakref.ref[Session]]] = {}

    def __len__(self) -> int:
        return len(self._made)

    def add(self, session: Session, now: float | None = None) -> None:
        """Add a session that was just created; if there are too many, end the oldest."""
        now = time.monotonic() if now is None else now
        self._made.setdefault(session.id, (now, weakref.ref(session)))
        for key, (since, known) in list(self._made.items()):
            if len(self._made) <= MAX_FRESH or now - since < SECONDS_TO_OPEN:
                return
            del self._made[key]
            old = known()
            if old is not None:
                old.request_expiration()

    def open(self, session_id: str) -> None:
        """Remove a session, because its websocket has opened."""
        self._made.pop(session_id, None)


class Penalties:
    """Addresses whose next page has to wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def give(self, address: str) -> None:
        """Let the next page of an address wait."""
        self._until.pop(address, None)
        self._until[address] = self._clock() + SECONDS_AFTER_REFUSAL
        while len(self._until) > _MAX_PENALTIES:
            del self._until[next(iter(self._until))]

    def left(self, address: str) -> float:
        """Return how many seconds the address still has to wait."""
        return max(0.0, self._until.get(address, 0.0) - self._clock())

    async def served(self, address: str) -> None:
        """Wait until the address has served the penalty that it has now.

        Not one that comes meanwhile: somebody else behind the same address could go on forever.
        """
        await asyncio.sleep(self.left(address))


ROOM = WaitingRoom(MAX_WAITING)
FRESH = FreshSessions()
PENALTIES = Penalties()
