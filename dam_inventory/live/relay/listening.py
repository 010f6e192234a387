"""What the relays have in common: a connection that is made late, watched, and made again."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

from .backoff import Backoff

logger = logging.getLogger(__name__)

_AT_ONCE = 0.25
"""Seconds that a relay listens without looking whether it was stopped."""


def reason(error: Exception) -> str:
    """Return what an error says at first, to be put into a sentence."""
    return str(error).partition("\n")[0].rstrip(".")


class ListeningRelay(ABC):
    """Listens on a connection of its own, made by the first `wait` in the process that waits.

    name: what it is connected to, for the log.
    """

    _errors: tuple[type[Exception], ...]
    """What the methods of a subclass raise when the other side does not answer."""

    def __init__(self, name: str) -> None:
        self._name = name
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
            "%s to other processes through %s.",
            "Listening again" if self._is_missed else "Listening",
            self._name,
        )
        self._is_connected, self._is_missed = True, False
        self._backoff.reset()
        return True

    def _hears(self, seconds: float, stopped: threading.Event) -> bool:
        try:
            return self._receive(seconds, stopped)
        except self._errors as error:
            self._miss("Lost the connection to", error)
            return True  # The log may be out of reach, too: the sooner that is known, the better.

    def _miss(self, what: str, error: Exception) -> None:
        self._disconnect()
        level = logging.DEBUG if self._is_missed else logging.WARNING
        logger.log(level, "%s %s, trying again: %s.", what, self._name, reason(error))
        self._is_missed = True
        self._next_attempt = time.monotonic() + self._backoff.next()

    @abstractmethod
    def _connect(self) -> None:
        """Set `_connection` and begin to listen: what is announced from now on is heard."""

    @abstractmethod
    def _receive(self, seconds: float, stopped: threading.Event) -> bool:
        """Return whether something was announced, after `seconds` or a little more at most."""
