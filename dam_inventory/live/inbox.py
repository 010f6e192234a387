"""Inbox: a queue of changes between the thread that publishes them and the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from ..domain.changes import Change

Callback = Callable[[], None]

Schedule = Callable[..., Any]
"""Schedules a callback to run in a session.

With a second argument, that one runs before it, outside the session's turn and before the turns of
all others; what is returned then has to be called, unless it is None, once all sessions have been
scheduled.
"""


def at_once(callback: Callback, _first: Callback | None = None) -> None:
    """Call the callback in the publishing thread: for scripts, tests and notebooks."""
    callback()


class Inbox:
    """The queue of one session.

    schedule: schedules a callback to run in the session. It is called in the publishing thread,
    and not again until that callback has run.
    deliver: the callback; it calls `take`, or leaves the changes for later.
    first: what runs before the turns of all sessions, if anything; it calls `peek`.
    """

    def __init__(self, schedule: Schedule, deliver: Callback) -> None:
        self.first: Callback | None = None
        self._schedule = schedule
        self._deliver = deliver
        self._lock = threading.Lock()
        self._news: list[Change] = []
        self._is_scheduled = False

    def put(self, news: Sequence[Change]) -> Callback | None:
        """Add changes, from any thread; return what has to be called for them, if anything.

        If scheduling raises, the changes stay, and come with the next ones.
        """
        with self._lock:
            self._news.extend(news)
            if self._is_scheduled:
                return None
            self._is_scheduled = True
        try:
            if self.first is None:
                self._schedule(self._on_turn)
                return None
            left: Callback | None = self._schedule(self._on_turn, self.first)
        except BaseException:
            self._is_scheduled = False
            raise
        return left

    def peek(self) -> list[Change]:
        """Return the changes, oldest first, and leave them here."""
        with self._lock:
            return [*self._news]

    def take(self) -> list[Change]:
        """Return the changes, oldest first, and empty the inbox."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def _on_turn(self) -> None:
        self._is_scheduled = False
        self._deliver()
