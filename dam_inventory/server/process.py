"""The runtime of this process, shared by all its pages and `plugin.py`."""

from __future__ import annotations

import atexit
import gc
from concurrent.futures import Future, ThreadPoolExecutor

import panel as pn

from ..live import holders
from ..live.webhooks import Webhooks
from ..runtime import Runtime

_KEY = "dam_inventory"
_EARLY = "dam_inventory.early"


def open_early() -> None:
    """Begin to open this process's runtime in a thread, unless that was done before.

    The database packs and Polars unpacks a million dams while this process imports the page.
    """
    if _EARLY in pn.state.cache or (_KEY,) in pn.state.cache:
        return
    executor = ThreadPoolExecutor(1, thread_name_prefix="opening")
    pn.state.cache[_EARLY] = executor.submit(Runtime.from_environment)
    executor.shutdown(wait=False)


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
    early: Future[Runtime] | None = pn.state.cache.pop(_EARLY, None)
    runtime = Runtime.from_environment() if early is None else early.result()
    # Modules are never garbage, and to look through them stops the event loop for 150 ms.
    gc.freeze()
    atexit.register(runtime.close)
    runtime.feed.start()
    _start_webhooks(runtime)
    return runtime


def _start_webhooks(runtime: Runtime) -> None:
    settings = runtime.settings
    webhooks = Webhooks(
        runtime.feed,
        runtime.inventory,
        settings.webhook_urls,
        settings.webhook_secret,
        holders.of_process(runtime.process),
    )
    webhooks.start()
    runtime.on_close(webhooks.close)
