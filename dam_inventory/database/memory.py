"""Memory: what a process gives back to the system."""

from __future__ import annotations

import ctypes
import sys


def return_freed() -> None:
    """Return freed memory to the system: glibc keeps 60 MB of what a million dams needed."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
