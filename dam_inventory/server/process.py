"""The runtime of this process, shared by all its pages and `plugin.py`."""

from __future__ import annotations

import asyncio
import atexit
import gc
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from ..errors import DatabaseOpening
from ..live import holders
from ..live.webhooks import Webhooks
from ..runtime import Runtime

SECONDS_TO_OPEN = 2.0
"""A page waits so long for its inventory, without keeping others waiting; then it apologizes."""

_SECONDS_OF_PATIENCE = 1.0
"""Once, the first page of a server without `--warm` and the plugin keeps all others waiting."""

_OPENING = "Its database has not answered yet."


class _Opening:
    """The runtime, or the attempt to open it: one at a time, in a thread of its own.

    A database that is silent takes seconds to fail, and a page is made in the event loop.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempt: Future[Runtime] | None = None
        self._since = 0.0
        self._patience = _SECONDS_OF_PATIENCE
        self.started: Runtime | None = None

    def begin(self) -> Future[Runtime]:
        """Return the attempt, a new one if there is none, or if it failed."""
        with self._lock:
            attempt = self._attempt
            if attempt is None or (attempt.done() and attempt.exception() is not None):
                attempt = self._attempt = Future()
                self._since = time.monotonic()
                threading.Thread(target=_open, args=(attempt,), name="opening", daemon=True).start()
            return attempt

    async def wait(self) -> None:
        """Wait for the end of an attempt that has begun, for SECONDS_TO_OPEN since it began."""
        if self._attempt is None:
            return
        self._patience = 0.0
        opened = asyncio.wrap_future(self.begin())
        # It may fail when nobody waits any more; asyncio would log that as an error.
        opened.add_done_callback(lambda done: done.cancelled() or done.exception())
        left = self._since + SECONDS_TO_OPEN - time.monotonic()
        await asyncio.wait([opened], timeout=max(0.0, left))

    def take(self) -> Runtime:
        """Return the runtime; in an event loop, raise DatabaseOpening rather than wait."""
        attempt = self.begin()
        patience, self._patience = self._patience, 0.0
        try:
            runtime = attempt.result(patience if _is_in_event_loop() else None)
        except TimeoutError:
            if attempt.done():
                raise
            raise DatabaseOpening(_OPENING) from None
        with self._lock:
            if self.started is None:
                _start(runtime)
                self.started = runtime
        return runtime

    def close(self) -> None:
        """Close the runtime as soon as it is open."""
        if self._attempt is not None:
            self._attempt.add_done_callback(_close)


_opening = _Opening()
_when_open: list[Callable[[Runtime], None]] = []


def open_early() -> None:
    """Begin to open this process's runtime in a thread, unless that was done before.

    The database packs and Polars unpacks a million dams while this process imports the page.
    """
    _opening.begin()


def the_runtime() -> Runtime:
    """Return this process's runtime; the first call opens it. Safe to call from any thread.

    Raises what `Runtime.from_environment` raises; the next call tries again. In an event loop it
    raises DatabaseOpening if the database has not answered yet.
    """
    return _opening.take()


def when_open(act: Callable[[Runtime], None]) -> None:
    """Call this with the runtime, now or as soon as it is open."""
    _when_open.append(act)
    if _opening.started is not None:
        act(_opening.started)


async def until_open() -> None:
    """Wait until the runtime is open or can't be opened, for SECONDS_TO_OPEN at most.

    Does nothing in a process whose pages have not asked for it, as those of another app.
    """
    await _opening.wait()


def close_runtime() -> None:
    """Close this process's runtime if it is open."""
    global _opening
    closing, _opening = _opening, _Opening()
    closing.close()


def _open(attempt: Future[Runtime]) -> None:
    try:
        runtime = Runtime.from_environment()
    except BaseException as error:  # Who waits for it raises it.
        attempt.set_exception(error)
    else:
        attempt.set_result(runtime)


def _start(runtime: Runtime) -> None:
    # Modules are never garbage, and to look through them stops the event loop for 150 ms.
    gc.freeze()
    atexit.register(runtime.close)
    runtime.feed.start()
    for act in _when_open:
        act(runtime)
    _start_webhooks(runtime)


def _close(attempt: Future[Runtime]) -> None:
    if attempt.exception() is None:
        atexit.unregister(attempt.result().close)
        attempt.result().close()


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


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
