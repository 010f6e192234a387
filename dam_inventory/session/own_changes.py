"""OwnChanges: saves the changes of a session, and knows which of them it does not show yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..database import change_log
from ..database.inventory import Inventory
from ..domain.changes import Change
from ..domain.mark import Mark
from ..domain.permissions import User
from ..errors import DatabaseUnavailable, DatabaseUpgraded, InventoryReplaced
from ..live.change_feed import ChangeFeed
from .actions import Write

Saved = tuple[Change | None, str]
"""A change that was saved, or None where nothing differs; and the epoch of its inventory."""


class OwnChanges:
    """The changes of one session; it confirms them, and is not told of them as of another's."""

    def __init__(self, inventory: Inventory, feed: ChangeFeed) -> None:
        self._inventory = inventory
        self._feed = feed
        self._saved: set[int] = set()
        """The `seq` of own changes that are saved, but not shown yet."""
        self._written: set[tuple[int, dt.datetime]] = set()
        """`seq` and `at` of own changes whose transactions end at this moment. Only both name a
        change: after one that failed, another gets its number."""

    def save(self, write: Write, user: User, seen: Mark) -> Saved:
        """Save a change and publish it; called in any thread.

        seen: what the session shows. Raises InventoryReplaced, and the errors of the change.
        """
        epoch = self._feed.snapshot.epoch
        written: set[tuple[int, dt.datetime]] = set()

        def note(change: Change) -> None:
            # Before it can be published: its author is not to be told of it as of another's.
            written.add((change.seq, change.at))
            self._written.add((change.seq, change.at))

        try:
            with change_log.heard_by(note):
                saved = write(self._inventory, user, seen)
            if saved is None:
                return None, epoch
            self._saved.add(saved.seq)
        except InventoryReplaced:
            self._feed.announce()  # so that the page updates before it shows the error
            raise
        finally:
            self._written -= written
        try:
            self._feed.announce()
            return saved, self._epoch_of(saved, epoch)
        except BaseException:
            self._saved.discard(saved.seq)
            raise

    def forget(self, own: Change) -> None:
        """Note that the session shows a change, or waits for it as for another's."""
        self._saved.discard(own.seq)

    def awaited(self, changes: Iterable[Change]) -> set[int]:
        """Return the `seq` of own changes, of which some may have come before they are shown."""
        written = {one.seq for one in changes if (one.seq, one.at) in self._written}
        # In this order: a change is among the saved ones before it is no longer a written one.
        return written | self._saved

    def _epoch_of(self, saved: Change, epoch: str) -> str:
        """Return the epoch of the inventory that contains a change.

        Raises InventoryReplaced if the log does not contain it any more.
        """
        newest = self._feed.snapshot
        is_doubtful = newest.epoch != epoch or newest.revision < saved.seq
        if is_doubtful and self._feed.is_reading and self._is_lost(saved):
            raise InventoryReplaced(
                "The inventory was restored from a backup or replaced just after your change "
                "was saved, and the change is lost. Make it again."
            )
        return newest.epoch

    def _is_lost(self, saved: Change) -> bool:
        try:
            return not self._inventory.has(saved)
        except (DatabaseUnavailable, DatabaseUpgraded):
            # Both would say that nothing was saved, but it was.
            return False
