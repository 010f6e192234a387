"""Detects a notebook kernel, and closes what a cell opened when the cell runs again."""

from __future__ import annotations

import sys
from threading import Thread, current_thread
from typing import Protocol


class _Closable(Protocol):
    def close(self) -> None: ...


def is_kernel() -> bool:
    """Return whether this thread runs the cells of a notebook."""
    # In a kernel, IPython is already imported.
    ipython = sys.modules.get("IPython")
    return is_marimo() or (ipython is not None and hasattr(ipython.get_ipython(), "kernel"))


def is_marimo() -> bool:
    """Return whether this thread runs the cells of a marimo notebook.

    `marimo run` has a thread for each page, and they share a process.
    """
    marimo = sys.modules.get("marimo")
    return marimo is not None and marimo.running_in_notebook()


def replace(key: str, new: _Closable) -> None:
    """Register an object under a key, and close the previous one: its cell runs again.

    Also closes what was opened for a page of `marimo run` that has ended since. Does nothing
    outside a notebook: scripts and servers close what they open.
    """
    if not is_kernel():
        return
    thread = current_thread()
    former = [
        place
        for place in _opened
        if place == (thread, key) or (place[0] is not thread and not place[0].is_alive())
    ]
    closing = [_opened.pop(place) for place in former]
    _opened[thread, key] = new
    for one in closing:
        one.close()


def forget(closed: _Closable) -> None:
    """Unregister an object that was closed."""
    for place in [place for place, one in list(_opened.items()) if one is closed]:
        del _opened[place]


_opened: dict[tuple[Thread, str], _Closable] = {}
