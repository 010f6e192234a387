"""Webhooks: deliver each change of the log to other servers, at least once and in order.

Each URL has a thread, so that a bad one holds up no other. Of the processes that share a database,
one delivers to a URL: the one that holds its cursor (see `database.webhook_cursors`).
"""

from __future__ import annotations

import logging
import threading
from urllib.parse import urlsplit

from ..database.inventory import Inventory
from ..database.webhook_cursors import WebhookCursors
from ..errors import DamInventoryError
from . import holders
from .change_feed import ChangeFeed
from .delivery import Delivery
from .signed_post import SignedPost

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_BEATS = 10.0
SECONDS_OF_LEASE = 45.0
"""A cursor without a new beat for so long is taken over. Longer than a beat, a delivery and a
lookup of a host's name take together, so that no two processes deliver at once."""

_LONGEST_PAUSE = 60.0


class Webhooks:
    """Delivers to all URLs from `start` to `close`.

    urls: those of the settings; the cursors of others are forgotten. holder: an id of this process,
    as `holders.of_process` gives it.
    lease, beat: seconds, as SECONDS_OF_LEASE and SECONDS_BETWEEN_BEATS.
    """

    def __init__(
        self,
        feed: ChangeFeed,
        inventory: Inventory,
        urls: list[str],
        secret: str,
        holder: str,
        *,
        lease: float = SECONDS_OF_LEASE,
        beat: float = SECONDS_BETWEEN_BEATS,
        longest_pause: float = _LONGEST_PAUSE,
    ) -> None:
        self._cursors = WebhookCursors(inventory)
        self._urls = urls
        self._deliveries = [
            Delivery(
                feed, inventory, self._cursors, SignedPost(url, secret), f"{number} ({_host(url)})",
                holder, lease, beat, longest_pause,
            )
            for number, url in enumerate(urls, 1)
        ]  # fmt: skip
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start a thread for each URL."""
        try:
            self._cursors.forget_others(self._urls, holders.is_dead)
        except DamInventoryError as error:
            logger.warning("Can't forget the webhooks that were removed: %s", error)
        for one in self._deliveries:
            thread = threading.Thread(target=one.run, name="webhook", daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """Stop, and let other processes deliver at once."""
        for one in self._deliveries:
            one.stop()
        for thread in self._threads:
            thread.join(timeout=1)


def _host(url: str) -> str:
    """Return what logs may show of a URL: its path may be a secret, too."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
