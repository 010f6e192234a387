"""Inbox: a queue of changes between the thread that publishes them and the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ..domain.changes import Change

Schedule = Callable[[Callable[[], None]], None]


def at_once(callback: Callable[[], None]) -> None:
    """Call the callback in the publishing thread: for scripts, tests and notebooks."""
    callback()


class Inbox:
    """The queue of one session.

    schedule: schedules a callback to run in the session. It is called in the publishing thread,
    and not again until that callback has run.
    deliver: the callback; it calls `take`, or leaves the changes for later.
    """

    def __init__(self, schedule: Schedule, deliver: Callable[[], None]) -> None:
        self._schedule = schedule
        self._deliver = deliver
        self._lock = threading.Lock()
        self._news: list[Change] = []
        self._is_scheduled = False

    def put(self, news: Sequence[Change]) -> None:
        """Add changes, from any thread.

        If scheduling raises, the changes stay, and come with the next ones.
        """
        with self._lock:
            self._news.extend(news)
            if self._is_scheduled:
                return
            self._is_scheduled = True
        try:
            self._schedule(self._on_turn)
        except BaseException:
            self._is_scheduled = False
            raise

    def take(self) -> list[Change]:
        """Return the changes, oldest first, and empty the inbox."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def _on_turn(self) -> None:
        self._is_scheduled = False
        self._deliver()
