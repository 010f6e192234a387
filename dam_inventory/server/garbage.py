"""When a process looks for what closed pages leave behind.

A page is full of references in circles, so Python frees it only when it looks through all objects.
That stops the process: 5 ms for each page that is open. Python does so whenever a quarter more
objects have come, also while 500 pages open and none has closed; Panel does so 5 s after the last
page has closed. So a busy server stood still for seconds.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from .internals import collect_with

_SHARE = 1 / 4
"""Of the pages, how many may be closed and not yet freed."""

_FEW = 4
"""So few closed pages wait for Panel to ask; more of them would stop the process for too long."""

_YOUNG, _MIDDLE, _OLD = 700, 10, 1000
"""Python's own thresholds but the last, 10: about 600 pages open before Python looks by itself."""


class Garbage:
    """Counts the pages of a process, and frees those that have closed, several at a time."""

    def __init__(self, collect: Callable[[], object] = gc.collect) -> None:
        self._collect = collect
        self._open = 0
        self._closed = 0

    def page_opens(self) -> None:
        """Count a page."""
        self._open += 1

    def page_has_closed(self) -> None:
        """Count a page that can be freed, and free all such if they are many."""
        self._open -= 1
        self._closed += 1
        if self._closed >= _FEW:
            self.free()

    def free(self) -> None:
        """Free the closed pages, unless they are few beside the open ones."""
        if self._closed >= self._open * _SHARE:
            self._closed = 0
            self._collect()


GARBAGE = Garbage()
"""Of this process."""


def free_pages_together() -> None:
    """Let this process look through all its objects only when enough pages have closed."""
    if collect_with(GARBAGE.free):
        gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
