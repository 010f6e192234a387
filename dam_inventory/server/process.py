"""The runtime of this process, which all its pages and `plugin.py` share."""

from __future__ import annotations

import atexit

import panel as pn

from ..runtime import Runtime

_KEY = "dam_inventory"


def the_runtime() -> Runtime:
    """Return this process's runtime, from any thread; the first call opens it.

    Raises what `Runtime.from_environment` raises, and the next call tries again.
    """
    # Not a global: `--dev` loads modules anew, and the app script runs anew for every session.
    return pn.state.as_cached(_KEY, _opened)  # type: ignore[no-any-return]


def close_runtime() -> None:
    """Close the runtime of this process, if it was opened."""
    runtime, _ = pn.state.cache.pop((_KEY,), (None, None))
    if runtime is not None:
        atexit.unregister(runtime.close)
        runtime.close()


def _opened() -> Runtime:
    runtime = Runtime.from_environment()
    atexit.register(runtime.close)
    runtime.feed.start()
    return runtime
