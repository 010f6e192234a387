"""What every relay does."""

from __future__ import annotations

import threading
from typing import Protocol


class Relay(Protocol):
    """Says that there is something new in the log, never what.

    A relay may lose, repeat or reorder what it carries: who is woken reads the log.
    """

    def announce(self) -> None:
        """Wake the other processes: this one has committed a change."""

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        """Return when another process may have changed something, or after `timeout` seconds.

        Returns soon after `stopped` is set. Called by one thread, always the same.
        """

    def close(self) -> None:
        """Give back what this relay holds; nobody waits any more."""
