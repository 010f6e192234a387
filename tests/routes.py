"""For `panel serve --plugins tests.routes`: what only tests ask of a server."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
import warnings

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


class BlockHandler(RequestHandler):
    """Keeps the event loop from all else for some seconds."""

    def get(self) -> None:
        time.sleep(float(self.get_query_argument("seconds")))


class LogHandler(RequestHandler):
    """Logs a text, under the name of a logger: as a message, a warning of Python, an exception."""

    def get(self) -> None:
        # Not `get_query_argument`, which leaves out control characters.
        text = self.request.query_arguments["text"][0].decode()
        logger = logging.getLogger(self.get_query_argument("logger"))
        for _ in range(int(self.get_query_argument("times", "1"))):
            logger.error("Told %s", text)
        warnings.warn(text, stacklevel=1)
        try:
            raise ValueError(text)
        except ValueError:
            logger.exception("Raised")


ROUTES = [
    ("/pid", PidHandler, {}),
    ("/stuck", StuckHandler, {}),
    ("/interrupt", InterruptHandler, {}),
    ("/block", BlockHandler, {}),
    ("/log", LogHandler, {}),
]
