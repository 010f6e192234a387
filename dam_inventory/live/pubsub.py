"""PubSub: passes changes to all subscribers in this process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

from ..domain.changes import Change
from ..snapshot.unexpected import UNEXPECTED

logger = logging.getLogger(__name__)

Listener = Callable[[Sequence[Change]], Callable[[], None] | None]
"""Takes changes; returns what is left to do once all listeners have them, if anything is."""


class PubSub:
    """Subscribe, publish and cancel, from any thread.

    A listener is called in the publisher's thread, so it must only store or schedule its work.
    If a listener raises, the error is logged, and the other listeners are still called.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[int, tuple[str, Listener]] = {}
        self._last_key = 0
        self.told = 0
        """How many changes were passed to sessions: each change counts once for each session."""

    def __len__(self) -> int:
        """Return the number of subscriptions."""
        return len(self._listeners)

    @property
    def sessions(self) -> int:
        """The number of subscriptions of sessions."""
        return self._count("session")

    def subscribe(self, listener: Listener, kind: str = "session") -> Callable[[], None]:
        """Call `listener` with every publication, until the returned function is called.

        That function cancels the subscription; to call it twice is harmless. kind: what subscribes,
        for the log.
        """
        with self._lock:
            self._last_key += 1
            key = self._last_key
            self._listeners[key] = (kind, listener)
        self._log(kind, key, "subscribed")
        return partial(self._cancel, key)

    def publish(self, news: Sequence[Change]) -> int:
        """Pass `news` to every listener, do what they have left, and return their number.

        Empty `news` means that the state of the feed has changed.
        """
        with self._lock:
            listeners = list(self._listeners.items())
        number = sessions = 0
        rest: set[Callable[[], None]] = set()
        for key, (kind, listener) in listeners:
            if key not in self._listeners:
                continue  # Canceled in the meantime: its session may have ended.
            number += 1
            sessions += kind == "session"
            try:
                if callable(left := listener(news)):
                    rest.add(left)
            except UNEXPECTED:
                logger.exception("A subscriber failed on %s.", news)
        for left in rest:
            try:
                left()
            except UNEXPECTED:
                logger.exception("What subscribers have left failed on %s.", news)
        if news:
            with self._lock:
                self.told += len(news) * sessions
            logger.info("Published %s to %d sessions.", _seqs(news), sessions)
        return number

    def _cancel(self, key: int) -> None:
        with self._lock:
            known = self._listeners.pop(key, None)
        if known is not None:
            self._log(known[0], key, "unsubscribed")

    def _log(self, kind: str, key: int, what: str) -> None:
        active = self._count(kind)
        logger.info("%s %d %s. Active %ss: %d.", kind.capitalize(), key, what, kind, active)

    def _count(self, kind: str) -> int:
        with self._lock:
            return sum(kind == one for one, _ in self._listeners.values())


def _seqs(news: Sequence[Change]) -> str:
    first, last = news[0].seq, news[-1].seq
    return f"change {first}" if first == last else f"changes {first} to {last}"
