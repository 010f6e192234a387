"""For `panel serve --plugins tests.held`: no password is checked while there is a file "held".

It tells at /checks which threads have checked passwords, how many at once, and how many.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path

from tornado.web import RequestHandler

from dam_inventory.server.auth import passwords
from tests.servers import PATIENCE

_lock = threading.Lock()
_running = 0
_told = {"threads": [], "at once": 0, "checks": 0}
_is_right = passwords.is_right


def _held(known: Mapping[str, passwords.Hashed], name: str, password: str) -> bool:
    global _running
    with _lock:
        _running += 1
        _told["checks"] += 1
        _told["at once"] = max(_told["at once"], _running)
        _told["threads"] = sorted({*_told["threads"], threading.current_thread().name})
    end = time.monotonic() + PATIENCE
    while Path("held").exists() and time.monotonic() < end:
        time.sleep(0.01)
    try:
        return _is_right(known, name, password)
    finally:
        with _lock:
            _running -= 1


passwords.is_right = _held


class ChecksHandler(RequestHandler):
    """Answers with what was noted."""

    def get(self) -> None:
        self.write(_told)


ROUTES = [("/checks", ChecksHandler, {})]
