"""ChangeFeed: reads the change log, updates the newest snapshot, publishes changes."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from enum import StrEnum

from ..database.inventory import Inventory
from ..database.memory import return_freed
from ..domain.changes import UnknownChange
from ..errors import DamInventoryError, DatabaseMissing, DatabaseUnavailable, DatabaseUpgraded
from ..snapshot.snapshot import Snapshot
from ..snapshot.sorting import BY_NAME
from .pubsub import PubSub
from .relay.backoff import Backoff
from .relay.base import Relay

logger = logging.getLogger(__name__)

_MIN_PAUSE = 1.0
_MAX_PAUSE = 30.0
_SECONDS_OF_SILENCE = 15.0
"""A database that has not answered for so long does not respond: to read a million dams anew takes
less."""


class Condition(StrEnum):
    """Whether a feed's snapshot is up to date, or why it may not be."""

    CURRENT = "current"
    UNAVAILABLE = "unavailable"
    """The database does not respond."""
    MISSING = "missing"
    """The database is missing, or contains no inventory."""
    OUTDATED = "outdated"
    """A newer version has upgraded the database, or writes changes of an unknown kind."""
    FAILED = "failed"
    """The log can't be read, or its changes not applied, because of an unexpected error."""


class ChangeFeed:
    """Publishes each change of the log once, in the order of `seq`.

    heartbeat: interval in seconds at which the log is read even if the relay reports nothing.
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
        """The result of the last attempt to read the log."""
        self._is_outdated = False
        """Whether the log has given changes of an unknown kind."""
        self.today = dt.date.today()
        """The day on which something is due or not."""
        self.snapshot: Snapshot = inventory.snapshot()
        """The newest snapshot in this process; it contains all published changes."""
        self.snapshot.sort(BY_NAME)

    @property
    def is_reading(self) -> bool:
        """Whether the last attempt to read the log was successful."""
        return self.condition in (Condition.CURRENT, Condition.OUTDATED)

    @property
    def is_connected(self) -> bool:
        """Whether changes of other processes arrive at once, not only with the heartbeat."""
        return self._relay.is_connected

    def start(self) -> None:
        """Start a thread that listens to the relay until `close`; later calls do nothing."""
        # A separate lock: sessions call this in the event loop, and must not wait for the log.
        with self._starting:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="changefeed", daemon=True)
                self._thread.start()

    def catch_up(self) -> int:
        """Publish the changes in the log that are not published yet; return their number.

        Raises DatabaseUnavailable or DatabaseUpgraded if the log can't be read. No change is
        lost: the next call publishes it.
        """
        with self._lock:
            try:
                old, (snapshot, news) = self.snapshot, self._inventory.advance(self.snapshot)
                if snapshot.epoch != old.epoch:
                    snapshot.sort(BY_NAME)
                snapshot.atlas.prepare()
                snapshot.fold()
            except BaseException as error:
                self._note(_condition_after(error))
                raise
            self.snapshot = snapshot
            if snapshot.epoch != old.epoch:
                self._is_outdated = False  # The changes that were not known are of the old log.
            if news or snapshot.epoch != old.epoch:
                self.pubsub.publish(news)
            if unknown := [one for one in news if isinstance(one, UnknownChange)]:
                self._is_outdated = True
                logger.warning(
                    "A newer version writes changes that this version does not know (latest: "
                    "seq %d). Restart this process with the newer version.", unknown[-1].seq,
                )  # fmt: skip
            self._note(Condition.OUTDATED if self._is_outdated else Condition.CURRENT)
            self._note_day()
            return len(news)

    def _note(self, condition: Condition) -> None:
        if condition is not self.condition:
            self.condition = condition
            self.pubsub.publish(())

    def _note_day(self) -> None:
        if (today := dt.date.today()) != self.today:
            self.today = today
            self.pubsub.publish(())

    def announce(self) -> None:
        """Announce a change that was just committed, in this process and in others.

        If the log can't be read now, this feed's thread publishes the change later.
        """
        self._relay.announce()
        try:
            self.catch_up()
        except DamInventoryError as error:
            logger.warning("Can't read the change log; trying again: %s", error)
        except BaseException:
            # The change is committed, so its author must not get an error; not even of a panic of
            # Polars, which is no Exception.
            logger.exception("The change feed failed; trying again.")

    def close(self) -> None:
        """Stop listening."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
            if self._thread.is_alive():
                return  # The thread waits for the database, and may use the relay afterwards.
        self._relay.close()

    def _run(self) -> None:
        # Here, because the first page needs no search.
        self.snapshot.atlas.prepare()
        self.snapshot.fold()
        return_freed()
        # A pause is never longer than a heartbeat, not even after errors.
        backoff = Backoff(_MIN_PAUSE, min(_MAX_PAUSE, self._heartbeat))
        while not self._stopped.is_set():
            try:
                self._catch_up_or_tell()
                pause = self._heartbeat
                backoff.reset()
            except DamInventoryError as error:
                pause = backoff.next()
                logger.warning("Can't read the change log; trying again: %s", error)
            except BaseException:
                # If this thread ended, sessions would silently get no more changes. A panic of
                # Polars is no Exception.
                pause = backoff.next()
                logger.exception("The change feed failed; trying again.")
            self._wait(pause)

    def _catch_up_or_tell(self) -> None:
        """Catch up, and meanwhile tell the pages when the database is silent.

        A connection through a network that carries nothing, or to a server that hangs, fails late
        or never.
        """
        told = threading.Event()

        def tell() -> None:
            told.set()
            self._note(Condition.UNAVAILABLE)

        silence = threading.Timer(_SECONDS_OF_SILENCE, tell)
        silence.daemon = True
        silence.start()
        try:
            self.catch_up()
        finally:
            silence.cancel()
            silence.join()
        if told.is_set():
            with self._lock:
                # The timer may have ended last. What another thread has found since is newer.
                if self.condition is Condition.UNAVAILABLE:
                    self._note(Condition.OUTDATED if self._is_outdated else Condition.CURRENT)

    def _wait(self, seconds: float) -> None:
        try:
            # Also after a failure, because a relay that reconnects ends the pause.
            self._relay.wait(seconds, self._stopped)
        except Exception:
            logger.exception("The relay failed; trying again.")
            self._stopped.wait(min(seconds, _MIN_PAUSE))


def _condition_after(error: BaseException) -> Condition:
    match error:
        case DatabaseMissing():
            return Condition.MISSING
        case DatabaseUnavailable():
            return Condition.UNAVAILABLE
        case DatabaseUpgraded():
            return Condition.OUTDATED
    return Condition.FAILED
