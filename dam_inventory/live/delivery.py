"""Delivery: brings each change of the log to one webhook, at least once and in order."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from ..database.inventory import Inventory
from ..database.webhook_cursors import Cursor, WebhookCursors
from ..domain.change_json import as_json
from ..errors import DamInventoryError
from ..snapshot.unexpected import UNEXPECTED
from . import holders, log_parts
from .change_feed import ChangeFeed
from .follower import Follower
from .log_parts import Part, Position
from .relay.backoff import Backoff
from .signed_post import SignedPost

logger = logging.getLogger(__name__)

_BEATS_OF_A_PAUSE = 3
"""Where nothing happens, a beat comes this many times later: each takes the writer's lock. It is
still shorter than the lease, and before a delivery comes one in any case."""

_SECONDS_BETWEEN_SAVES = 1.0
_SHORTEST_PAUSE = 1.0


class Delivery:
    """Delivers to one URL, in the thread that calls `run`."""

    def __init__(
        self,
        feed: ChangeFeed,
        inventory: Inventory,
        cursors: WebhookCursors,
        post: SignedPost,
        name: str,
        holder: str,
        lease: float,
        beat: float,
        longest_pause: float,
    ) -> None:
        self._feed = feed
        self._inventory = inventory
        self._cursors = cursors
        self._post = post
        self._url = post.url
        self._name = name
        self._holder = holder
        self._lease = lease
        self._beat = beat
        self._longest_pause = longest_pause
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._position: Position | None = None
        """After the last change that was delivered; None before the cursor was ever held."""
        self._beat_at = 0.0

    def run(self) -> None:
        """Deliver until `stop`, whatever fails."""
        backoff = Backoff(_SHORTEST_PAUSE, self._longest_pause)
        while not self._stopped.is_set():
            try:
                if self._holds():
                    self._deliver()
                backoff.reset()
                continue
            except DamInventoryError as error:
                logger.debug("Webhook %s waits for the database: %s", self._name, error)
            except UNEXPECTED:
                # If this thread ended, nobody would notice that changes are missing.
                logger.exception("Webhook %s failed; trying again.", self._name)
            self._stopped.wait(backoff.next())
        self._post.close()
        with suppress(DamInventoryError):
            self._cursors.release(self._url, self._holder)

    def stop(self) -> None:
        """End `run` soon, from another thread."""
        self._stopped.set()
        self._woken.set()
        self._post.cancel()

    def _holds(self) -> bool:
        """Wait until this process holds the cursor; return False if it is stopped before."""
        seen, since = None, 0.0
        while not self._stopped.is_set():
            self._beat_at = time.monotonic()
            cursor = self._cursors.read(self._url)
            if cursor is None:
                if self._begin():
                    return True
                continue
            if cursor != seen:
                seen, since = cursor, time.monotonic()
            is_free = cursor.holder in ("", self._holder) or holders.is_dead(cursor.holder)
            if is_free or time.monotonic() - since >= self._lease:
                if self._cursors.take(self._url, cursor, self._holder):
                    self._position = Position(cursor.epoch, cursor.seq, cursor.token)
                    return True
                continue
            self._stopped.wait(min(self._beat, self._lease) / 2)
        return False

    def _begin(self) -> bool:
        """Give a new URL its cursor, at the end of the log; or where it was before a restore."""
        if self._position is None:
            self._position = log_parts.after(self._feed, self._inventory, None, 0).end
        at = self._position
        begun = Cursor(str(at.epoch), at.seq, at.token, self._holder, 0)
        return self._cursors.start(self._url, begun)

    def _deliver(self) -> None:
        """Deliver what follows the cursor, and wait for more, until it is stopped or lost."""
        follower = Follower(self._feed, self._inventory, self._position, self._woken.set)
        try:
            while not self._stopped.is_set():
                self._woken.clear()
                part = follower.take()
                pause = self._beat * _BEATS_OF_A_PAUSE
                is_moved = False
                for position, delivery, told in _told(part):
                    if not self._is_delivered(told, delivery):
                        return
                    self._position, is_moved = position, True
                    if not self._is_kept(_SECONDS_BETWEEN_SAVES):
                        return
                if not self._is_kept(0.0 if is_moved else pause):
                    return
                if part.is_last and not self._stopped.is_set():
                    self._woken.wait(pause)
        finally:
            follower.close()

    def _is_delivered(self, told: dict[str, object], delivery: str) -> bool:
        """Deliver one change, however often it takes; return False if it is stopped or lost."""
        body = json.dumps(told).encode()
        backoff = Backoff(_SHORTEST_PAUSE, self._longest_pause)
        tries = 0
        while not self._stopped.is_set():
            # Twice, if it had to wait for long: what counts is when a beat begins.
            while time.monotonic() - self._beat_at > self._beat:
                if not self._is_kept(0.0):
                    return False
            problem = self._post.send(body, delivery)
            if problem is None:
                if tries:
                    logger.warning("Webhook %s works again.", self._name)
                return True
            if self._stopped.is_set():
                return False
            tries += 1
            if tries == 1:
                logger.warning("Webhook %s fails: %s. Trying again.", self._name, problem)
            end = time.monotonic() + backoff.next()
            while (left := end - time.monotonic()) > 0 and not self._stopped.is_set():
                self._stopped.wait(min(left, self._beat))
                if not self._is_kept(self._beat):
                    return False
        return False

    def _is_kept(self, seconds: float) -> bool:
        """Save the position if that was done longer ago; return False if the cursor is lost."""
        now, at = time.monotonic(), self._position
        if at is None or now - self._beat_at < seconds:
            return True
        self._beat_at = now
        if self._cursors.keep(self._url, self._holder, str(at.epoch), at.seq, at.token):
            return True
        logger.info("Webhook %s is served by another process.", self._name)
        return False


def _told(part: Part) -> Iterator[tuple[Position, str, dict[str, object]]]:
    """Yield what to tell: the position after it, an id of the delivery, and the JSON."""
    end, epoch = part.end, str(part.end.epoch)
    if part.is_reset:
        # Not the id of the change at this position, which may have been delivered before.
        yield end, f"{end}-reset", {"seq": end.seq, "epoch": epoch, "kind": "reset", "reset": True}
    for position, one in part.positions():
        yield position, str(position), as_json(one, epoch)
