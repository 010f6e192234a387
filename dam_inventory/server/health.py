"""Health: whether this process can serve, for who watches over it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from ..errors import DamInventoryError, DatabaseMissing
from ..runtime import Runtime

logger = logging.getLogger(__name__)


MISSING = "the database is missing, or holds no inventory"
SILENT = "the database does not answer"
PROBLEMS = (MISSING, SILENT)


@dataclass(frozen=True)
class Report:
    """What is known of a process.

    database: whether it answered just now.
    relay: whether changes of other processes are heard at once; without it with the heartbeat.
    seq: of the newest change that this process has published, 0 for none, None before it has
    opened the inventory.
    epoch: another one when the inventory was restored or replaced. problem: what is wrong with the
    database, one of PROBLEMS, or nothing.
    process: tells this process from another, and from itself after it was started anew.
    """

    database: bool
    relay: bool
    seq: int | None
    process: str | None = None
    epoch: str | None = None
    problem: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what the health endpoint answers."""
        well = "ok" if self.relay else "degraded"
        return {
            "status": well if self.database else "unavailable",
            "database": self.database,
            "relay": "connected" if self.relay else "disconnected",
            "seq": self.seq,
            "epoch": self.epoch,
            "process": self.process,
            **({"problem": self.problem} if self.problem else {}),
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
        self._answer: Future[str] | None = None

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
            problem = await asyncio.wait_for(answer, self._patience)
        except TimeoutError:
            problem = SILENT
        if self._known is None:
            return Report(not problem, relay=False, seq=None, problem=problem)
        feed, snapshot = self._known.feed, self._known.feed.snapshot
        return Report(
            database=not problem,
            relay=feed.is_connected,
            seq=snapshot.revision,
            process=self._known.process,
            epoch=snapshot.epoch,
            problem=problem,
        )

    def _ask(self, answer: Future[str]) -> None:
        try:
            self._known = self._runtime()
            self._known.inventory.history(most=1)
        except DamInventoryError as error:
            logger.warning("The database does not answer: %s", error)
            answer.set_result(MISSING if isinstance(error, DatabaseMissing) else SILENT)
        except BaseException as error:
            answer.set_exception(error)
            raise
        else:
            answer.set_result("")
