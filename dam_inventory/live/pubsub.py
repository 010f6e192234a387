"""PubSub: hands news to everybody in this process who asked for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

from ..domain.changes import Change

logger = logging.getLogger(__name__)

Listener = Callable[[Sequence[Change]], None]


class PubSub:
    """Subscribe, publish, cancel, from any thread.

    A listener is called in the publisher's thread and must only note or schedule what it does.
    One that raises is logged, and does not keep the news from the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[int, Listener] = {}
        self._last_key = 0

    def __len__(self) -> int:
        """Return how many subscriptions there are."""
        return len(self._listeners)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every publication, until the returned `cancel` is called.

        To cancel twice does no harm.
        """
        with self._lock:
            self._last_key += 1
            key = self._last_key
            self._listeners[key] = listener
        logger.info("Session %d subscribed; %d are subscribed now.", key, len(self))
        return partial(self._cancel, key)

    def publish(self, news: Sequence[Change]) -> int:
        """Hand `news` to every listener, and return to how many.

        Without any, listeners are told to look again at the feed that they know.
        """
        with self._lock:
            listeners = list(self._listeners.items())
        number = 0
        for key, listener in listeners:
            if key not in self._listeners:
                continue  # Cancelled meanwhile: its session may be gone.
            number += 1
            try:
                listener(news)
            except Exception:
                logger.exception("A subscriber failed on %s.", news)
        if news:
            logger.info("Published %s to %d sessions.", _seqs(news), number)
        return number

    def _cancel(self, key: int) -> None:
        with self._lock:
            known = self._listeners.pop(key, None)
        if known is not None:
            logger.info("Session %d unsubscribed; %d are subscribed now.", key, len(self))


def _seqs(news: Sequence[Change]) -> str:
    first, last = news[0].seq, news[-1].seq
    return f"change {first}" if first == last else f"changes {first} to {last}"
