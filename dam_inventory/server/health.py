"""Health of this process, for load balancers and monitoring."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from ..errors import DamInventoryError, DatabaseMissing, DatabaseUpgraded
from ..runtime import Runtime

logger = logging.getLogger(__name__)


MISSING = "the database is missing, or holds no inventory"
SILENT = "the database does not answer"
OLDER = "this server is older than its database"
READING_ONLY = "changes can't be saved"
PROBLEMS = (MISSING, SILENT, OLDER, READING_ONLY)
_PROBLEM: dict[type[Exception], str] = {DatabaseMissing: MISSING, DatabaseUpgraded: OLDER}


@dataclass(frozen=True)
class Report:
    """The state of a process.

    database: whether the database answered just now.
    relay: whether the relay reports changes of other processes at once; without it they arrive
    with the heartbeat.
    seq: number of the newest change that this process has published; 0 for none, None before the
    inventory is open.
    epoch: identifies the inventory; it changes when the inventory is restored or replaced.
    problem: what is wrong with the database, one of PROBLEMS, or "". It answers, but the latest
    change could not be saved, if that is READING_ONLY.
    process: identifies this run of the process; it changes with each restart.
    newest: number of the newest change in the log; 0 for none, None without the database.
    """

    database: bool
    relay: bool
    seq: int | None
    process: str | None = None
    epoch: str | None = None
    problem: str = ""
    newest: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return the body of the health endpoint's response."""
        well = "ok" if self.relay and not self.problem else "degraded"
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
    """Queries the database in a thread; concurrent requests share one query.

    runtime: returns the process's runtime. patience: seconds to wait for the database before it
    counts as unavailable.
    """

    def __init__(self, runtime: Callable[[], Runtime], patience: float = 2.0) -> None:
        self._runtime = runtime
        self._patience = patience
        self._known: Runtime | None = None
        self._newest = 0
        self._answer: Future[str] | None = None

    @property
    def runtime(self) -> Runtime | None:
        """The process's runtime, or None before a report has found it open."""
        return self._known

    async def report(self) -> Report:
        """Return the state of this process within `patience`; call it from one event loop."""
        if self._answer is None or self._answer.done():
            self._answer = Future()
            # Not from a pool: the process could not exit while a pool's thread waits.
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
        is_answering = not problem
        if is_answering and self._known.inventory.write_fault:
            problem = READING_ONLY
        return Report(
            database=is_answering,
            relay=feed.is_connected,
            seq=snapshot.revision,
            process=self._known.process,
            epoch=snapshot.epoch,
            problem=problem,
            newest=self._newest if is_answering else None,
        )

    def _ask(self, answer: Future[str]) -> None:
        try:
            self._known = self._runtime()
            newest = self._known.inventory.history(most=1)
            self._newest = newest[0].seq if newest else 0
        except DamInventoryError as error:
            logger.warning("The database does not answer: %s", error)
            answer.set_result(_PROBLEM.get(type(error), SILENT))
        except BaseException as error:
            answer.set_exception(error)
            raise
        else:
            answer.set_result("")
