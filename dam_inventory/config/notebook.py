"""Detects a notebook kernel, and closes what a cell opened when the cell runs again."""

from __future__ import annotations

import sys
from typing import Protocol


class _Closable(Protocol):
    def close(self) -> None: ...


def is_kernel() -> bool:
    """Return whether this process is the kernel of a notebook or of a similar tool."""
    # In a kernel, IPython is already imported.
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def replace(key: str, new: _Closable) -> None:
    """Register an object under a key, and close the previous one: its cell runs again.

    Does nothing outside a notebook kernel: scripts and servers close what they open.
    """
    if is_kernel():
        former, _opened[key] = _opened.get(key), new
        if former is not None:
            former.close()


def forget(key: str, closed: _Closable) -> None:
    """Unregister an object that was closed."""
    if _opened.get(key) is closed:
        del _opened[key]


_opened: dict[str, _Closable] = {}
