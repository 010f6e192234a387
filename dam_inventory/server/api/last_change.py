"""LastChange: since when the answers of the API have been the same."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence

Revision = tuple[str | None, int]
"""The epoch and the revision of a snapshot."""

SECONDS_TO_LOOK_AGAIN = 10.0
"""A database that did not tell in time is asked again after that."""


class LastChange:
    """When the inventory was changed last; shared by all requests of a process.

    HTTP tells it in whole seconds. A moment that would also be that of another answer, because two
    changes were made in one second, is not told: a client would miss the second of them.
    """

    def __init__(self) -> None:
        self._revision: Revision | None = None
        self._moments: tuple[dt.datetime, ...] = ()
        self._asked: Revision | None = None
        self._asked_at = 0.0

    def is_to_look_up(self, revision: Revision) -> bool:
        """Return whether the caller should look up the last changes, and `remember` them."""
        if revision == self._revision:
            return False
        now = time.monotonic()
        if revision == self._asked and now < self._asked_at + SECONDS_TO_LOOK_AGAIN:
            return False
        self._asked, self._asked_at = revision, now
        return True

    def remember(self, revision: Revision, moments: Sequence[dt.datetime]) -> None:
        """Remember when the last two changes up to a revision were made, newest first."""
        self._revision = revision
        self._moments = tuple(one.replace(microsecond=0) for one in moments)

    def modified(self, revision: Revision, today: dt.date) -> dt.datetime | None:
        """Return since when the answers are the same, to the second; None if that is not sure.

        today: the day on which something is due, by the clock of this computer; its start
        changes the answers, too.
        """
        if revision != self._revision:
            return None
        start = dt.datetime.combine(today, dt.time()).astimezone(dt.UTC)
        found = [start, *self._moments]
        told = max(found[:2])
        return told if found.count(told) == 1 else None
