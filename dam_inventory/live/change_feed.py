"""ChangeFeed: from the log of changes to the newest snapshot and to everybody who listens."""

from __future__ import annotations

import logging
import threading
from enum import StrEnum

from ..database.inventory import Inventory
from ..domain.changes import UnknownChange
from ..errors import DamInventoryError, DatabaseMissing, DatabaseUnavailable, DatabaseUpgraded
from ..snapshot.snapshot import Snapshot
from .pubsub import PubSub
from .relay.backoff import Backoff
from .relay.base import Relay

logger = logging.getLogger(__name__)

_MIN_PAUSE = 1.0
_MAX_PAUSE = 30.0


class Condition(StrEnum):
    """How a feed is: what it shows is the newest state, or why it may not be."""

    CURRENT = "current"
    UNAVAILABLE = "unavailable"
    """The database does not answer."""
    MISSING = "missing"
    """There is no database, or no inventory in it."""
    OUTDATED = "outdated"
    """A newer version has upgraded the database, or writes changes that are unknown here."""
    FAILED = "failed"
    """The log can't be read for a reason that nobody has foreseen."""


class ChangeFeed:
    """Publishes each change of the log once, in the order of `seq`, whatever woke it.

    heartbeat: seconds after which the log is read even when the relay reported nothing.
    """

    def __init__(
        self, inventory: Inventory, pubsub: PubSub, relay: Relay, heartbeat: float = 10.0
    ) -> None:
        self._inventory = inventory
        self._relay = relay
        self._heartbeat = heartbeat
        self._lock = threading.RLock()
        self._starting = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.pubsub = pubsub
        self.condition = Condition.CURRENT
        """How the last attempt to read the log ended."""
        self._is_outdated = False
        self.snapshot: Snapshot = inventory.snapshot()
        """The newest snapshot that this process knows; it holds all that was published."""
        self.snapshot.sort()

    @property
    def is_reading(self) -> bool:
        """Whether the log could be read when it was tried last."""
        return self.condition in (Condition.CURRENT, Condition.OUTDATED)

    @property
    def is_connected(self) -> bool:
        """Whether a change of another process arrives at once, not only with the heartbeat."""
        return self._relay.is_connected

    def start(self) -> None:
        """Listen to the relay in a thread of its own, from the first call until `close`."""
        # Not the lock that is held while the log is read: sessions call this in the event loop.
        with self._starting:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="changefeed", daemon=True)
                self._thread.start()

    def catch_up(self) -> int:
        """Publish what the log has and was not published yet; return the number of changes.

        Raises DatabaseUnavailable or DatabaseUpgraded when the log can't be read; nothing is lost
        then.
        """
        with self._lock:
            try:
                old, (snapshot, news) = self.snapshot, self._inventory.advance(self.snapshot)
            except Exception as error:
                self._note(_condition_after(error))
                raise
            if snapshot.epoch != old.epoch:
                snapshot.sort()
            self.snapshot = snapshot
            if news or snapshot.epoch != old.epoch:
                self.pubsub.publish(news)
            if unknown := [one for one in news if isinstance(one, UnknownChange)]:
                self._is_outdated = True
                logger.warning(
                    "A newer version writes changes that are unknown here, the last with seq %d. "
                    "Restart this process with that version.", unknown[-1].seq,
                )  # fmt: skip
            self._note(Condition.OUTDATED if self._is_outdated else Condition.CURRENT)
            return len(news)

    def _note(self, condition: Condition) -> None:
        if condition is not self.condition:
            self.condition = condition
            self.pubsub.publish(())

    def announce(self) -> None:
        """Make a change that was just committed known, here and in other processes.

        When the log can't be read now, this feed's thread tells of the change later.
        """
        self._relay.announce()
        try:
            self.catch_up()
        except DamInventoryError as error:
            logger.warning("Can't read the log of changes, trying again: %s", error)
        except Exception:
            # What was committed must not be told as failed, whatever its news meet.
            logger.exception("The feed of changes failed, trying again.")

    def close(self) -> None:
        """Stop listening."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
            if self._thread.is_alive():
                return  # It waits for the database, and may still use the relay when it goes on.
        self._relay.close()

    def _run(self) -> None:
        # At most a heartbeat: as often as that the log is read, whatever happened.
        backoff = Backoff(_MIN_PAUSE, min(_MAX_PAUSE, self._heartbeat))
        while not self._stopped.is_set():
            try:
                self.catch_up()
                pause = self._heartbeat
                backoff.reset()
            except DamInventoryError as error:
                pause = backoff.next()
                logger.warning("Can't read the log of changes, trying again: %s", error)
            except Exception:
                # A thread that ended here would leave every session without news, silently.
                pause = backoff.next()
                logger.exception("The feed of changes failed, trying again.")
            self._wait(pause)

    def _wait(self, seconds: float) -> None:
        try:
            # Also after a failure: a relay that is connected again ends the pause.
            self._relay.wait(seconds, self._stopped)
        except Exception:
            logger.exception("The relay failed, trying again.")
            self._stopped.wait(min(seconds, _MIN_PAUSE))


def _condition_after(error: Exception) -> Condition:
    match error:
        case DatabaseMissing():
            return Condition.MISSING
        case DatabaseUnavailable():
            return Condition.UNAVAILABLE
        case DatabaseUpgraded():
            return Condition.OUTDATED
    return Condition.FAILED
