"""Custody: deletes files when nobody needs them, but never while a worker uses them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol


class Closable(Protocol):
    """What deletes its files when it is closed."""

    def close(self) -> None: ...


class Custody:
    """The files of one import. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._unused: list[Closable] = []

    @contextmanager
    def use(self) -> Iterator[None]:
        """Keep all files until the end of the block."""
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
            self._delete()

    def discard(self, *files: Closable | None) -> None:
        """Delete files, now or as soon as nobody uses any."""
        with self._lock:
            self._unused += [one for one in files if one is not None]
        self._delete()

    def _delete(self) -> None:
        with self._lock:
            unused = [] if self._users else self._unused
            if unused:
                self._unused = []
        with ExitStack() as closing:  # A file that can't be deleted keeps no other one.
            for one in unused:
                closing.callback(one.close)
