"""For `panel serve --plugins tests.stuck`: /stuck makes a thread wait, as for a locked database."""

from __future__ import annotations

import asyncio
import threading

from tornado.web import RequestHandler


class StuckHandler(RequestHandler):
    """Answers while a thread of the event loop's pool waits for ever."""

    def get(self) -> None:
        asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)


ROUTES = [("/stuck", StuckHandler, {})]
