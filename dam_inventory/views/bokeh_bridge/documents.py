"""How news get from any thread into one session's document."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from types import coroutine
from typing import Any
from weakref import WeakKeyDictionary

import panel as pn
import param
from bokeh.document import Document
from bokeh.model import Model
from panel.io.state import set_curdoc
from tornado.ioloop import IOLoop

from ...live.inbox import Callback, Schedule, at_once
from ...snapshot.unexpected import UNEXPECTED
from .burst import together
from .delivery import Way, loop_of, may_change, way_to
from .internals import documents_of, models_of, set_unheard, websockets_of
from .kernel import in_kernel, running_loop

logger = logging.getLogger(__name__)

_Stop = Callable[[], Coroutine[Any, Any, None] | None]

_AT_ONCE = 16
"""After so many sessions the event loop may do something else."""


def schedule_in_session() -> Schedule:
    """Return a function that runs a callback in the session that calls this, under its lock.

    In a notebook callbacks run in the kernel's thread, and in a script or the rehearsal of
    `--warm` at once.
    """
    doc = pn.state.curdoc
    if doc is not None and doc.session_context is not None:
        # The loop of this thread: whoever brings news has none, or another one.
        return partial(_deliver, doc, loop_of(doc.session_context))
    kernel = running_loop() if way_to(doc) is Way.NOTEBOOK else None
    return at_once if kernel is None else partial(in_kernel, kernel)


def answer_at_once() -> None:
    """Let the websockets of this session send small messages without collecting them first.

    Nagle's algorithm (RFC 896) would hold back the answer to a click for some 40 milliseconds.
    """
    context = pn.state.curdoc.session_context
    for socket in websockets_of(context.session) or ():
        socket.set_nodelay(True)


def locked(method: Callable[..., None]) -> Callable[..., None]:
    """Let a method of a Viewer change bare Bokeh models.

    It waits until its session's document is locked: Panel processes some of what a browser sends
    without the lock. Its own components mind that; a Bokeh model that changes then raises, and
    what was sent is lost. In a notebook, what has changed is sent afterwards.
    """

    @wraps(method)
    def with_lock(viewer: pn.viewable.Viewer, *arguments: Any) -> None:
        doc = pn.state.curdoc
        if doc is None or may_change(doc):
            with _shown_in_notebook(viewer):
                method(viewer, *arguments)
        else:
            run_in(doc, partial(method, viewer, *arguments))

    return with_lock


@contextmanager
def _shown_in_notebook(viewer: pn.viewable.Viewer) -> Iterator[None]:
    """Send what changes of bare Bokeh models to a notebook, where nothing else does."""
    if way_to(pn.state.curdoc) is not Way.NOTEBOOK:
        yield
        return
    pane = viewer.__panel__()
    # Panel keeps its documents on hold and sends what was held, except while it dispatches what the
    # browser has sent: a change would then be sent to nobody. A hold that outlasts this change
    # would take the rest of what the browser has sent for changes to send.
    released = [doc for doc in documents_of(pane) if doc.callbacks.hold_value is None]
    for doc in released:
        doc.hold()
    try:
        yield
    finally:
        pn.io.push_notebook(pane)
        for doc in released:
            doc.unhold()


def run_in(doc: Document, callback: Callable[[], None], loop: IOLoop | None = None) -> None:
    """Run a callback in the session of a document, under its lock, from any thread.

    loop: that of the session, which a thread of its own may have to ask for otherwise.
    """
    context = doc.session_context
    if context is not None:  # else the session has ended meanwhile
        goes = _round_of(loop or loop_of(context))
        if goes.add(partial(_enter, doc, callback)):
            goes.begin()


def _deliver(
    doc: Document, loop: IOLoop, callback: Callback, first: Callback | None = None
) -> Callback | None:
    context = doc.session_context
    if context is not None and context.session is None and way_to(doc) is Way.NOBODY:
        callback()
        return None
    if first is None or context is None:
        run_in(doc, callback, loop)
        return None
    goes = _round_of(loop)
    # To wake the event loop now, while others are scheduled, would let two threads contend.
    return goes.begin if goes.add(partial(_enter, doc, callback), first) else None


def _enter(doc: Document, callback: Callable[[], None]) -> Coroutine[Any, Any, None] | None:
    # The publisher may run in another session's context: without set_curdoc the callback
    # would find that session's state here.
    def run() -> None:
        with set_curdoc(doc):
            callback()

    context = doc.session_context
    if context is None:
        return None
    if context.session is None:
        doc.add_next_tick_callback(run)
        return None
    return context.session.with_document_locked(run)  # type: ignore[no-any-return]


def release(component: pn.reactive.ReactiveHTML, name: str, value: Any) -> None:
    """Replace a large value that a page has sent, while it is handled, without a word to the page.

    If a handler set the parameter, Panel would then send the large value back. name: a parameter.
    """
    large = getattr(component, name)
    with param.discard_events(component):
        setattr(component, name, value)

    def release_in(data: Model) -> None:
        if getattr(data, name) is large:
            set_unheard(data, name, value)

    for model in models_of(component):
        if model.document is not None:
            # Not now: Panel still compares what it has handled with what the document has.
            run_in(model.document, partial(release_in, model.data))


class _Round:
    """Goes from session to session: one wake-up of the event loop for all that news concern.

    Before that it does for each of them what can't wait, and needs no turn of the session.
    """

    def __init__(self, loop: IOLoop) -> None:
        self._loop = loop
        self._firsts: deque[Callback] = deque()
        self._stops: deque[_Stop] = deque()
        self._lock = threading.Lock()
        self._is_under_way = False

    def add(self, stop: _Stop, first: Callback | None = None) -> bool:
        """Add a stop, and what is done before all stops; return whether `begin` is to be called."""
        with self._lock:
            self._stops.append(stop)
            if first is not None:
                self._firsts.append(first)
            is_new, self._is_under_way = not self._is_under_way, True
        return is_new

    def begin(self) -> None:
        """Go, from any thread."""
        try:
            self._loop.add_callback(self._go)
        except BaseException:
            self._is_under_way = False
            raise

    async def _go(self) -> None:
        while True:
            left = _AT_ONCE
            with together():
                while self._firsts and left:
                    _try(self._firsts.popleft())
                    left -= 1
            for _ in range(left):
                with self._lock:
                    if not self._stops:
                        self._is_under_way = False
                        return
                    stop = self._stops.popleft()
                _begin(stop)
            await asyncio.sleep(0)


_rounds: WeakKeyDictionary[IOLoop, _Round] = WeakKeyDictionary()


def _round_of(loop: IOLoop) -> _Round:
    known = _rounds.get(loop)
    return known or _rounds.setdefault(loop, _Round(loop))


def _try(first: Callback) -> None:
    try:
        first()
    except UNEXPECTED:
        logger.exception("A session could not be told of its news before its turn.")


def _begin(stop: _Stop) -> None:
    """Run a coroutine up to where it waits, and only then make a task of what is left.

    A session whose document is locked must not keep the others waiting; the others need no task.
    """
    try:
        work = stop()
        if work is None:
            return
        waits_for = work.send(None)
    except StopIteration:
        return
    except UNEXPECTED:
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
