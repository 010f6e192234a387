"""Admission to this process's sessions, and the end of sessions that no page has opened."""

from __future__ import annotations

import time
import weakref
from typing import Protocol

from .waiting_room import WaitingRoom

MAX_WAITING = 50
MAX_FRESH = 200
SECONDS_TO_OPEN = 20
"""How long a page may take to open its websocket while there are too many fresh sessions."""


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


ROOM = WaitingRoom(MAX_WAITING)
FRESH = FreshSessions()
