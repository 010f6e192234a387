"""What every relay does."""

from __future__ import annotations

import threading
from typing import Protocol


class Relay(Protocol):
    """Says that there is something new in the log, never what.

    A relay may lose, repeat or reorder what it carries: who is woken reads the log.
    """

    @property
    def is_connected(self) -> bool:
        """Whether a change of another process wakes this one at the moment."""

    def announce(self) -> None:
        """Wake the other processes: this one has committed a change.

        Returns soon and raises nothing, also when nobody can be woken at the moment.
        """

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        """Return when another process may have changed something, or after `timeout` seconds.

        Also returns when a connection was made, for the first time or again, because nobody knows
        what happened before; when it was lost; and soon after `stopped` is set. Called by one
        thread at a time.
        """

    def close(self) -> None:
        """Give back what this relay holds; nobody waits any more."""
