"""Base class of the relays: connects on first use, and reconnects after an error."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

from .backoff import Backoff

logger = logging.getLogger(__name__)

_AT_ONCE = 0.25
"""How long a relay listens before it checks whether it was stopped, in seconds."""


def reason(error: Exception) -> str:
    """Return the first line of an error message, without its final period."""
    return str(error).partition("\n")[0].rstrip(".")


class ListeningRelay(ABC):
    """Listens on its own connection, which the first call of `wait` opens.

    name: what the relay connects to, for the log.
    """

    _errors: tuple[type[Exception], ...]
    """The errors that a subclass raises when the other side does not respond."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fault = ""
        self._connection: Any = None
        self._is_connected = False
        self._is_missed = False
        self._backoff = Backoff(shortest=0.5, longest=10)
        self._next_attempt = 0.0

    @property
    def is_connected(self) -> bool:
        return self._is_connected

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0 and not stopped.is_set():
            if not self._is_connected:
                pause = self._next_attempt - time.monotonic()
                if pause > 0:
                    stopped.wait(min(pause, left))
                elif self._is_connected_now():
                    return
            elif self._hears(min(left, _AT_ONCE), stopped):
                return

    def close(self) -> None:
        self._disconnect()

    def _disconnect(self) -> None:
        self._is_connected = False
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _is_connected_now(self) -> bool:
        try:
            self._connect()
        except self._errors as error:
            self._miss("Can't connect to", error)
            return False
        logger.info(
            "%s for changes from other processes through %s.",
            "Listening again" if self._is_missed else "Listening",
            self.name,
        )
        self._is_connected, self._is_missed, self.fault = True, False, ""
        self._backoff.reset()
        return True

    def _hears(self, seconds: float, stopped: threading.Event) -> bool:
        try:
            return self._receive(seconds, stopped)
        except self._errors as error:
            self._miss("Lost the connection to", error)
            return True  # The log may be unavailable too, so the feed checks it at once.

    def _miss(self, what: str, error: Exception) -> None:
        self._disconnect()
        self.fault = reason(error)
        level = logging.DEBUG if self._is_missed else logging.WARNING
        logger.log(level, "%s %s; trying again: %s.", what, self.name, self.fault)
        self._is_missed = True
        self._next_attempt = time.monotonic() + self._backoff.next()

    @abstractmethod
    def _connect(self) -> None:
        """Set `_connection` and start to listen, so that no later announcement is missed."""

    @abstractmethod
    def _receive(self, seconds: float, stopped: threading.Event) -> bool:
        """Return whether a change was announced, within about `seconds`."""
