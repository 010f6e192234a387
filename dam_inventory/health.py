"""Health: whether this process can serve, for who watches over it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from .errors import DamInventoryError
from .runtime import Runtime

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """What is known of a process.

    database: whether it answered just now.
    relay: whether changes of other processes are heard at once; without it with the heartbeat.
    seq: of the newest change that this process has published, 0 for none, None before it has
    opened the inventory.
    process: tells this process from another, and from itself after it was started anew.
    """

    database: bool
    relay: bool
    seq: int | None
    process: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return what the health endpoint answers."""
        well = "ok" if self.relay else "degraded"
        return {
            "status": well if self.database else "unavailable",
            "database": self.database,
            "relay": "connected" if self.relay else "disconnected",
            "seq": self.seq,
            "process": self.process,
        }


class Health:
    """Asks the database, in a thread, one question at a time however many want to know.

    runtime: returns the process's runtime. patience: seconds after which a database that has not
    answered does not answer.
    """

    def __init__(self, runtime: Callable[[], Runtime], patience: float = 2.0) -> None:
        self._runtime = runtime
        self._patience = patience
        self._known: Runtime | None = None
        self._answer: Future[bool] | None = None

    async def report(self) -> Report:
        """Return how this process is, within `patience`; call it from one event loop."""
        if self._answer is None or self._answer.done():
            self._answer = Future()
            # Not of a pool: the process could not end before its threads have been answered.
            threading.Thread(
                target=self._ask, args=(self._answer,), name="health", daemon=True
            ).start()
        try:
            answer = asyncio.shield(asyncio.wrap_future(self._answer))
            answers = await asyncio.wait_for(answer, self._patience)
        except TimeoutError:
            answers = False
        if self._known is None:
            return Report(answers, relay=False, seq=None)
        feed = self._known.feed
        return Report(answers, feed.is_connected, feed.snapshot.revision, self._known.process)

    def _ask(self, answer: Future[bool]) -> None:
        try:
            self._known = self._runtime()
            self._known.inventory.history(most=1)
        except DamInventoryError as error:
            logger.warning("The database does not answer: %s", error)
            answer.set_result(False)
        except BaseException as error:
            answer.set_exception(error)
            raise
        else:
            answer.set_result(True)
