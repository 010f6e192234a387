"""The interface of all relays."""

from __future__ import annotations

import threading
from typing import Protocol


class Relay(Protocol):
    """Signals to other processes that the log has grown, but not what has changed.

    A relay may lose, repeat or reorder signals: a process that is woken reads the log.
    """

    @property
    def is_connected(self) -> bool:
        """Whether changes of other processes currently wake this one."""

    name: str
    """What it connects to, for people."""

    fault: str
    """Why the latest attempt to connect failed, or the connection was lost; "" if it is well."""

    def announce(self) -> None:
        """Wake the other processes, after this one has committed a change.

        Returns soon and never raises, even if no process can be woken at the moment.
        """

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        """Wait until another process may have made a change, at most `timeout` seconds.

        Also returns when the relay connects or reconnects, because changes may have been missed;
        when it loses its connection; and soon after `stopped` is set. Called by one thread at a
        time.
        """

    def close(self) -> None:
        """Release connections. No thread may be in `wait`."""
