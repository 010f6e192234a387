"""How news get from any thread into one session's document."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from functools import partial, wraps
from types import coroutine
from typing import Any
from weakref import WeakKeyDictionary

import panel as pn
from bokeh.document import Document
from panel.io.state import set_curdoc
from tornado.ioloop import IOLoop

from ..inbox import Schedule, at_once

logger = logging.getLogger(__name__)

_AT_ONCE = 16
"""After so many sessions the event loop may do something else."""


def schedule_in_session() -> Schedule:
    """Return a function that runs a callback in the session that calls this, under its lock.

    Without a server, as in a notebook, a script or the rehearsal of `--warm`, callbacks run at
    once.
    """
    if not is_serving():
        return at_once
    return partial(_schedule, pn.state.curdoc, _round_of(IOLoop.current()))


def is_serving() -> bool:
    """Return whether a page is made for somebody, and not rehearsed for `--warm`."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    return context is not None and context.server_context is not None


def answer_at_once() -> None:
    """Let the websockets of this session send small messages without collecting them first.

    Nagle's algorithm (RFC 896) would hold back the answer to a click for some 40 milliseconds.
    """
    context = pn.state.curdoc.session_context
    for connection in context.session._subscribed_connections if context.session else ():
        connection._socket.set_nodelay(True)


def locked(method: Callable[..., None]) -> Callable[..., None]:
    """Let a method that changes bare Bokeh models wait until its session's document is locked.

    Panel processes some of what a browser sends without the lock. Its own components mind that;
    a Bokeh model that changes then raises, and what was sent is lost.
    """

    @wraps(method)
    def with_lock(*arguments: Any) -> None:
        doc = pn.state.curdoc
        session = doc.session_context.session if doc and doc.session_context else None
        if session is None or session._pending_writes is not None:
            method(*arguments)
        else:
            _schedule(doc, _round_of(IOLoop.current()), partial(method, *arguments))

    return with_lock


def _schedule(doc: Document, rounds: _Round, callback: Callable[[], None]) -> None:
    # The publisher may run in another session's context: without set_curdoc the callback
    # would find that session's state here.
    def run() -> None:
        with set_curdoc(doc):
            callback()

    context = doc.session_context
    if context is None:
        return  # The session has ended meanwhile.
    session = context.session
    if session is None:
        doc.add_next_tick_callback(run)
    else:
        rounds.add(partial(session.with_document_locked, run))


class _Round:
    """Goes from session to session: one wake-up of the event loop for all that news concern."""

    def __init__(self, loop: IOLoop) -> None:
        self._loop = loop
        self._stops: deque[Callable[[], Coroutine[Any, Any, None]]] = deque()
        self._lock = threading.Lock()
        self._is_under_way = False

    def add(self, stop: Callable[[], Coroutine[Any, Any, None]]) -> None:
        with self._lock:
            self._stops.append(stop)
            if self._is_under_way:
                return
            self._is_under_way = True
        self._loop.add_callback(self._go)

    async def _go(self) -> None:
        while True:
            for _ in range(_AT_ONCE):
                with self._lock:
                    if not self._stops:
                        self._is_under_way = False
                        return
                    stop = self._stops.popleft()
                _begin(stop())
            await asyncio.sleep(0)


_rounds: WeakKeyDictionary[IOLoop, _Round] = WeakKeyDictionary()


def _round_of(loop: IOLoop) -> _Round:
    return _rounds.setdefault(loop, _Round(loop))


def _begin(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine up to where it waits, and only then make a task of what is left.

    A session whose document is locked must not keep the others waiting; the others need no task.
    """
    try:
        waits_for = work.send(None)
    except StopIteration:
        return
    except Exception:
        logger.exception("A session could not take its news.")
        return
    task = asyncio.ensure_future(_rest(work, waits_for))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


@coroutine
def _rest(work: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    while True:
        try:
            yield waits_for
        except BaseException as error:
            go_on: Callable[[], Any] = partial(work.throw, error)
        else:
            go_on = partial(work.send, None)
        try:
            waits_for = go_on()
        except StopIteration:
            return


_tasks: set[asyncio.Future[None]] = set()
