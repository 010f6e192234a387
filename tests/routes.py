"""For `panel serve --plugins tests.routes`: what only tests ask of a server."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

from tornado.web import RequestHandler


class PidHandler(RequestHandler):
    """Tells which process answers."""

    def get(self) -> None:
        self.write(str(os.getpid()))


class StuckHandler(RequestHandler):
    """Answers while a thread of the event loop's pool waits for ever, as for a locked database."""

    def get(self) -> None:
        asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)


class InterruptHandler(RequestHandler):
    """Somebody presses Ctrl+C while this answers."""

    async def get(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


ROUTES = [
    ("/pid", PidHandler, {}),
    ("/stuck", StuckHandler, {}),
    ("/interrupt", InterruptHandler, {}),
]
