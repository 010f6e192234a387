"""Who is let in to a session of this process, and which sessions nobody came for."""

from __future__ import annotations

import time
import weakref
from typing import Protocol

from .waiting_room import WaitingRoom

MAX_WAITING = 50
MAX_FRESH = 200
SECONDS_TO_OPEN = 20
"""In which a page opens its websocket; when there are too many fresh sessions, not one more."""


class Session(Protocol):
    """What is known of a Bokeh session here."""

    @property
    def id(self) -> str: ...

    def request_expiration(self) -> None: ...


class FreshSessions:
    """Sessions of pages whose websocket never opened, such as those of robots."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[float, weakref.ref[Session]]] = {}

    def __len__(self) -> int:
        return len(self._made)

    def add(self, session: Session, now: float | None = None) -> None:
        """Note a session that was made just now; where there are too many, let the oldest end."""
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
        """Note that a websocket came for a session."""
        self._made.pop(session_id, None)


ROOM = WaitingRoom(MAX_WAITING)
FRESH = FreshSessions()
