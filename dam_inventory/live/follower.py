"""Follower: what a feed publishes, for one reader that may be slow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ..database.inventory import Inventory
from ..domain.changes import Change
from . import log_parts
from .change_feed import ChangeFeed
from .log_parts import Part, Position

MOST_WAITING = 1_000
MOST_AT_ONCE = 200


class Follower:
    """Follows the log from a position: first reads what is missed, then hears what is published.

    A reader that is too slow to hear everything reads the log again.

    since: the position; None to begin after the newest change. wake: called in the thread of the
    publisher when there may be something to take. Call `close` at the end.
    """

    def __init__(
        self,
        feed: ChangeFeed,
        inventory: Inventory,
        since: Position | None,
        wake: Callable[[], None],
    ) -> None:
        self._feed = feed
        self._inventory = inventory
        self.position = since
        self._wake = wake
        self._lock = threading.Lock()
        self._news: list[tuple[str, Change]] = []
        self._is_behind = True
        self.close = feed.pubsub.subscribe(self._put, "follower")

    def take(self) -> Part:
        """Return what follows, in parts, and move on; call it again unless it `is_last`.

        May wait for the database; raises DatabaseUnavailable, and the next call tries again.
        """
        with self._lock:
            news, self._news = self._news, []
            was_behind, self._is_behind = self._is_behind, False
        try:
            part = None if was_behind else self._part_of(news)
            if part is None:
                part = log_parts.after(self._feed, self._inventory, self.position, MOST_AT_ONCE)
        except BaseException:
            self._is_behind = True
            raise
        if not part.is_last:
            self._is_behind = True
        self.position = part.end
        return part

    def _put(self, news: Sequence[Change]) -> None:
        epoch = self._feed.snapshot.epoch
        with self._lock:
            if len(self._news) + len(news) > MOST_WAITING:
                self._is_behind = True
            if self.position is None or epoch != self.position.epoch:
                self._is_behind = True
            if self._is_behind:
                self._news.clear()
            else:
                self._news.extend((epoch, one) for one in news)
        self._wake()

    def _part_of(self, news: Sequence[tuple[str, Change]]) -> Part | None:
        """Return the news as a part, or None if they do not follow directly."""
        position = self.position
        if position is None or position.epoch is None:
            return None
        changes: list[Change] = []
        seq = position.seq
        for epoch, one in news:
            if epoch != position.epoch or one.seq > seq + 1:
                return None
            if one.seq > seq:
                changes.append(one)
                seq = one.seq
        if changes:
            position = Position.of(position.epoch, seq, changes[-1].at)
        return Part(changes, position, seq)
