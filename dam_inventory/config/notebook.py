"""Whether this process is the kernel of a notebook, and when what a cell made is to be closed."""

from __future__ import annotations

import sys
from typing import Protocol


class _Closable(Protocol):
    def close(self) -> None: ...


def is_kernel() -> bool:
    """Return whether a notebook, or something like one, runs its cells in this process."""
    # Who has not imported IPython is not in one of its cells.
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def replace(key: str, new: _Closable) -> None:
    """Close what a kernel has opened under a key before: its cell is run again.

    Elsewhere nothing is closed: in a script or a server each holds what it has opened.
    """
    if is_kernel():
        former, _opened[key] = _opened.get(key), new
        if former is not None:
            former.close()


def forget(key: str, closed: _Closable) -> None:
    """Note that something was closed."""
    if _opened.get(key) is closed:
        del _opened[key]


_opened: dict[str, _Closable] = {}
