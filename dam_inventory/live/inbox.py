"""Inbox: where news wait between the thread that brings them and the session that takes them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ..domain.changes import Change

Schedule = Callable[[Callable[[], None]], None]


def at_once(callback: Callable[[], None]) -> None:
    """Deliver news in the thread that brings them: for scripts, tests and notebooks."""
    callback()


class Inbox:
    """The news of one session.

    schedule: how a callback gets into the session's thread of control; it is called from whatever
    thread brings news, and at most once until that callback has run.
    deliver: what is called there; it takes the news, or leaves them for later.
    """

    def __init__(self, schedule: Schedule, deliver: Callable[[], None]) -> None:
        self._schedule = schedule
        self._deliver = deliver
        self._lock = threading.Lock()
        self._news: list[Change] = []
        self._is_scheduled = False

    def put(self, news: Sequence[Change]) -> None:
        """Bring news, from any thread."""
        with self._lock:
            self._news.extend(news)
            if self._is_scheduled:
                return
            self._is_scheduled = True
        self._schedule(self._on_turn)

    def take(self) -> list[Change]:
        """Return what has come, oldest first, and forget it."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def _on_turn(self) -> None:
        self._is_scheduled = False
        self._deliver()
