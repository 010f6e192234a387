"""The look at all open websockets, once a second."""

from __future__ import annotations

import time
from typing import Any, Protocol

from tornado.ioloop import PeriodicCallback

from .internals import buffered
from .limits.messages import MessageRefused

SECONDS_FOR_A_MESSAGE = 300
MAX_BYTES_BUFFERED = 128_000_000
"""Total size of all unfinished messages."""

MAX_BYTES_UNREAD = 16_000_000
"""Data that one page has not read yet."""

_WORTH_A_LOOK = 65_536


class Swept(Protocol):
    """A page's websocket; `unfinished_since` belongs to the sweep."""

    ws_connection: Any
    unfinished_since: float | None

    def check(self) -> None: ...

    def refuse(self, refused: MessageRefused) -> None: ...


class Sweep:
    """Checks every second whether a connection may stay, and how much its buffers hold."""

    def __init__(self) -> None:
        self._sockets: set[Swept] = set()
        self._timer: PeriodicCallback | None = None

    def add(self, socket: Swept) -> None:
        """Start checking a connection."""
        self._sockets.add(socket)
        if self._timer is None:
            self._timer = PeriodicCallback(self.look, 1000)
            self._timer.start()

    def discard(self, socket: Swept) -> None:
        """Stop checking a connection."""
        self._sockets.discard(socket)
        if not self._sockets and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def look(self) -> None:
        """Close connections that may not stay, and those whose buffers are too large or too old."""
        now, held = time.monotonic(), {}
        for socket in list(self._sockets):
            try:
                socket.check()
            except MessageRefused as refused:
                socket.refuse(refused)
                continue
            incoming, outgoing = buffered(socket)
            if outgoing > MAX_BYTES_UNREAD:
                _cut(socket, "The page does not read what the server sends.")
            elif incoming < _WORTH_A_LOOK:
                socket.unfinished_since = None
            elif socket.unfinished_since is None:
                socket.unfinished_since = now
                held[socket] = incoming
            elif now - socket.unfinished_since > SECONDS_FOR_A_MESSAGE:
                _cut(socket, "A message was never finished.")
            else:
                held[socket] = incoming
        while sum(held.values()) > MAX_BYTES_BUFFERED:
            largest = max(held, key=lambda one: held[one])
            del held[largest]
            _cut(largest, "There are too many unfinished messages.")


def _cut(socket: Swept, why: str) -> None:
    """Close a connection at once, without waiting for the browser's reply."""
    socket.refuse(MessageRefused(why))
    stream = getattr(socket.ws_connection, "stream", None)
    if stream is not None:
        stream.close()


SWEEP = Sweep()
