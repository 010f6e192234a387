"""What a process does for each session, and its orderly end."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial

from bokeh.application import Application
from bokeh.application.handlers.lifecycle import LifecycleHandler
from bokeh.server.contexts import BokehServerContext
from bokeh.server.session import ServerSession

from ..formats import scratch
from . import metrics
from .api.streams import STREAMS
from .garbage import GARBAGE
from .internals import websockets_of
from .process import close_runtime, until_open

logger = logging.getLogger(__name__)

SECONDS_TO_END = 1.5
"""After that a process that was told to end leaves behind what still waits for something."""

_SECONDS_FOR_SESSIONS = 0.7
_GOING_AWAY = 1001
"""The websocket's status of a server that goes down (RFC 6455, section 7.4.1)."""


class Lifecycle(LifecycleHandler):
    """What a process does for each session, and when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()
        self._is_ending = False

    async def on_session_created(self, session_context: object) -> None:
        """Wait until the inventory is open, and the session before this one is made.

        To make one takes a quarter of a second. When all pages come back after a restart, the
        event loop must find the time for others in between: for /health, for websockets that
        are open already, for the signal to end.
        """
        _end_in_turn()
        await until_open()
        async with self._turn:
            await asyncio.sleep(0)
            if self._is_ending:
                await asyncio.Event().wait()
        GARBAGE.page_opens()

    async def on_session_destroyed(self, session_context: object) -> None:
        """Free what the page leaves, when nothing here holds it any more."""
        if not self._is_ending:
            asyncio.get_running_loop().call_soon(GARBAGE.page_has_closed)

    def on_server_unloaded(self, server_context: BokehServerContext) -> None:
        """End the sessions, the relay and the database; Bokeh has stopped its event loop."""
        self._is_ending = True
        metrics.end()
        _end_within(SECONDS_TO_END)
        context = server_context.application_context
        end = partial(_end, context.application, server_context.sessions)
        try:
            context.io_loop.run_sync(end, timeout=_SECONDS_FOR_SESSIONS)
        except (TimeoutError, RuntimeError):  # too slow, or told a second time
            logger.warning("Not all sessions could be ended in time.")
        close_runtime()
        logger.info("Closed the inventory.")


def _end_in_turn() -> None:
    """Let Ctrl+C end the event loop between two of its steps, as SIGTERM does.

    A KeyboardInterrupt is raised within whatever runs, and once more by who waits for that: by
    then the sessions are being ended.
    """
    loop = asyncio.get_running_loop()
    with suppress(RuntimeError):  # It is not the main thread's, or not that of a Unix.
        loop.add_signal_handler(signal.SIGINT, loop.stop)


async def _end(application: Application, sessions: list[ServerSession]) -> None:
    STREAMS.end()  # first: there may be more sessions than there is time for
    for session in sessions:
        for socket in websockets_of(session):
            socket.close(_GOING_AWAY, "The server is going down.")
    for session in sessions:
        # What was registered with pn.state.on_session_destroyed.
        await application.on_session_destroyed(session.document.session_context)
        await asyncio.sleep(0)
    logger.info("Ended %d sessions.", len(sessions))
    await STREAMS.ended()


def _end_within(seconds: float) -> None:
    """End this process then, even if a thread still waits, as for a database that is locked."""

    def end() -> None:
        logger.warning("Something still waits after %s seconds, and is left behind.", seconds)
        scratch.remove_own()
        logging.shutdown()
        os._exit(0)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    _leave_at_once()


def _leave_at_once() -> None:
    """At the end, do not look for what can be freed: that takes seconds with many sessions."""
    atexit.register(_leave)


def _leave() -> None:
    close_runtime()
    scratch.remove_own()  # An exit by the system leaves them.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if hasattr(sys, "last_value") else 0)


def look_after(application: Application) -> None:
    """Give an application its Lifecycle, unless it has one."""
    if not any(isinstance(handler, Lifecycle) for handler in application.handlers):
        application.add(Lifecycle())
        # In a thread: what was left may be large.
        threading.Thread(target=scratch.remove_of_the_dead, name="scratch", daemon=True).start()
