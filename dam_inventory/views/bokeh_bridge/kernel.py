"""The thread of a notebook's kernel in which the documents of its cells change.

JupyterLab 4.6 lets ipykernel 7 receive what a page sends in a thread of its own, a subshell.
Neither Panel nor Bokeh lets two threads change a document: messages that both send in parts are
mixed up and lost. A subshell also overtakes what still waits for a cell to end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial, wraps
from typing import Any

import panel as pn

_loop: asyncio.AbstractEventLoop | None = None
_wrapped: set[tuple[type, str]] = set()
_waiting: list[Callable[..., Any]] = []

_PATIENCE = 100
"""How often a kernel that has nothing else to do is asked whether a comm is open."""


def handle_in_this_thread() -> None:
    """Handle in the thread of this cell, and in order, what pages send."""
    global _loop
    _loop = running_loop()
    wrap_once(pn.viewable.Viewable, "_on_msg", in_cells_thread)
    handlers = getattr(_kernel(), "shell_handlers", {})
    handle = handlers.get("comm_msg")
    if handle is not None and handle not in _waiting:
        handlers["comm_msg"] = _once_open(handle)
        _waiting.append(handlers["comm_msg"])


def in_cells_thread(handle: Callable[..., None]) -> Callable[..., None]:
    """Return a function that runs in the thread of the last cell, and returns when it is done."""

    @wraps(handle)
    def handle_there(*arguments: Any) -> None:
        if _loop is None or _loop is running_loop():
            handle(*arguments)
        else:
            run_and_wait(_loop, partial(handle, *arguments))

    return handle_there


def wrap_once(owner: type, name: str, wrap: Callable[..., Callable[..., None]]) -> None:
    """Wrap a method of a class, however often a cell runs."""
    if (owner, name) not in _wrapped:
        _wrapped.add((owner, name))
        setattr(owner, name, wrap(getattr(owner, name)))


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that this thread runs at the moment, if any."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def in_kernel(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Run a callback in an event loop: at once in its thread, from another one as soon as it can.

    Another thread must not change what an event of the page is at work on.
    """
    if loop is running_loop():
        callback()
    elif not loop.is_closed():
        loop.call_soon_threadsafe(callback)


def run_and_wait(loop: asyncio.AbstractEventLoop, work: Callable[[], object]) -> None:
    """Run something in an event loop of another thread, and raise here what it raises.

    Does nothing once the loop has stopped: its process ends.
    """
    done: Future[None] = Future()

    def run() -> None:
        try:
            work()
        except BaseException as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    with suppress(RuntimeError):  # closed
        loop.call_soon_threadsafe(run)
    while loop.is_running():
        if wait([done], timeout=1).done:
            return done.result()


def _once_open(handle: Callable[..., Any]) -> Callable[..., Any]:
    """Keep a message to Bokeh until the kernel has opened its comm.

    The request to open it waits for the cell to end, in another queue, and a message to an
    unknown comm is dropped: the page would wait for its answer without end.
    """

    def handle_once_open(stream: Any, identity: Any, message: Any) -> Any:
        content = message["content"]
        if _loop and _loop is not running_loop() and _is_bokehs(content.get("data")):
            for _ in range(_PATIENCE):
                if content["comm_id"] in _kernel().comm_manager.comms:
                    break
                run_and_wait(_loop, bool)
                time.sleep(0.01)
        return handle(stream, identity, message)

    return handle_once_open


def _is_bokehs(data: Any) -> bool:
    header = data.get("header") if isinstance(data, dict) else None
    return isinstance(header, dict) and header.get("msgtype") == "PATCH-DOC"


def _kernel() -> Any:
    from IPython import get_ipython

    return get_ipython().kernel
