"""Logins: each has an id of its own, and ends for all processes that share the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
import secrets
import threading

from ...errors import DamInventoryError
from ...runtime import Runtime
from .passwords import Hashed

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 2.0
"""After so long at most, this process knows of a logout at another one."""


class Logins:
    """Makes and checks what a browser keeps of a login.

    That is "ID.STAMP", in a signed cookie. A new password, or the removal of the name from the
    file, changes the stamp; a logout ends the id.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended: frozenset[str] = frozenset()
        self._unsaved: dict[str, dt.datetime] = {}
        self._work = threading.Event()
        self.version = 0

    def new(self, name: str, hashed: Hashed) -> str:
        """Return what the browser of somebody who has logged in keeps."""
        return f"{secrets.token_hex(16)}.{_stamp(name, hashed)}"

    def is_good(self, login: str, name: str, hashed: Hashed) -> bool:
        """Return whether this is a login of a name, with the present password, and not ended."""
        login_id, _, stamp = login.partition(".")
        is_its = hmac.compare_digest(stamp.encode(), _stamp(name, hashed).encode())
        return is_its and login_id not in self._ended

    def end(self, login: str, expires_at: dt.datetime) -> None:
        """End a login: here at once, elsewhere within SECONDS_BETWEEN_LOOKS."""
        login_id = login.partition(".")[0]
        with self._lock:
            self._unsaved[login_id] = expires_at
            self._set(self._ended | {login_id})
        self._work.set()

    def follow(self, runtime: Runtime) -> None:
        """Share what has ended with other processes, until the runtime closes."""
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            self._work.set()

        runtime.on_close(stop)
        threading.Thread(
            target=self._follow, args=(runtime, stopped), name="logins", daemon=True
        ).start()

    def _follow(self, runtime: Runtime, stopped: threading.Event) -> None:
        while not stopped.is_set():
            self._work.clear()
            try:
                self._exchange(runtime)
            except DamInventoryError as error:
                logger.debug("Can't exchange which logins have ended: %s", error)
            except Exception:
                # Without this thread, nobody would notice that logouts are not heard of.
                logger.exception("Can't exchange which logins have ended; trying again.")
            self._work.wait(SECONDS_BETWEEN_LOOKS)

    def _exchange(self, runtime: Runtime) -> None:
        for login_id, expires_at in list(self._unsaved.items()):
            runtime.ended_logins.end(login_id, expires_at)
            del self._unsaved[login_id]
        known = runtime.ended_logins.all()
        with self._lock:
            self._set(known | self._unsaved.keys())

    def _set(self, ended: frozenset[str]) -> None:
        if ended != self._ended:
            self._ended = ended
            self.version += 1


def _stamp(name: str, hashed: Hashed) -> str:
    text = "\0".join((name, hashed.salt, hashed.hash))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
