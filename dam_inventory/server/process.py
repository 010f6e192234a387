"""The runtime of this process, shared by all its pages and `plugin.py`."""

from __future__ import annotations

import atexit
import gc

import panel as pn

from ..runtime import Runtime

_KEY = "dam_inventory"


def the_runtime() -> Runtime:
    """Return this process's runtime; the first call opens it. Safe to call from any thread.

    Raises what `Runtime.from_environment` raises; the next call tries again.
    """
    # Not a global: `--dev` reloads modules, and the app script runs again for every session.
    return pn.state.as_cached(_KEY, _opened)  # type: ignore[no-any-return]


def close_runtime() -> None:
    """Close this process's runtime if it is open."""
    runtime, _ = pn.state.cache.pop((_KEY,), (None, None))
    if runtime is not None:
        atexit.unregister(runtime.close)
        runtime.close()


def _opened() -> Runtime:
    runtime = Runtime.from_environment()
    # Modules are never garbage, and to look through them stops the event loop for 150 ms.
    gc.freeze()
    atexit.register(runtime.close)
    runtime.feed.start()
    return runtime
