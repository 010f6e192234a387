"""Worker threads for slow work, so that the event loop is not blocked."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeVar

from ..errors import DamInventoryError, DatabaseUnavailable
from ..snapshot.unexpected import UNEXPECTED

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Told = Callable[[Result | DamInventoryError], None]
Work = Callable[[], Any]
Done = Callable[[Any], None]

READERS = 6
"""They, a writer, IMPORTERS, EXPORTERS and the feed use fewer than the pool's 15 connections."""
WRITERS = 4
"""One writes; the others wait without a connection."""
QUERIES = 2
"""They compute, so more would only take time from the event loop."""
IMPORTERS = 1
"""An import computes for many seconds; two at once would take twice the time from everybody."""
EXPORTERS = 2
"""They take turns: after each part of an export, others have theirs."""
ANSWERS = 2
"""They compute for less than a second each."""
MAX_WAITING = 2000
_IDLE_SECONDS = 5.0


class Workers:
    """A pool of threads that start when there is work, and end after a while without work.

    Not concurrent.futures, because there a process can't exit before all work is done.
    size: the maximum number of threads. most_waiting: the maximum length of the queue.
    """

    def __init__(self, size: int, most_waiting: int = MAX_WAITING) -> None:
        self._size = size
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[Work, Done]] = deque()
        self._changed = threading.Condition()
        self._threads = 0
        self._idle = 0
        self._busy = 0

    def do(self, work: Work, done: Done) -> None:
        """Call `work` in a thread of the pool, then `done` in the same thread with its result.

        work: what returns a generator is done in parts, maybe in several threads: at each `yield`,
        work that waits has its turn first. The result is what the generator returns.
        done: gets a DamInventoryError if `work` failed; unexpected errors are also logged.
        If the queue is full, or no thread can be started, it is called at once, with
        DatabaseUnavailable.
        """
        with self._changed:
            is_taken = len(self._waiting) < self._most_waiting
            if is_taken:
                self._waiting.append((work, done))
                if self._idle >= len(self._waiting):
                    self._changed.notify()
                elif self._threads < self._size:
                    self._start()
                if not self._threads:
                    self._waiting.pop()
                    is_taken = False
        if not is_taken:
            busy = "The server is busy: too many requests are waiting. Try again soon."
            done(DatabaseUnavailable(busy))

    def _start(self) -> None:
        try:
            threading.Thread(target=self._run, name="worker", daemon=True).start()
        except RuntimeError:
            logger.exception("The system has no thread left; %d are at work.", self._threads)
        else:
            self._threads += 1

    @property
    def is_full(self) -> bool:
        """Whether work that is given now has to wait."""
        with self._changed:
            return self._busy + len(self._waiting) >= self._size

    def _run(self) -> None:
        while (turn := self._next()) is not None:
            while turn is not None:
                turn = self._do_part(*turn)
            with self._changed:
                self._busy -= 1

    def _do_part(self, work: Work, done: Done) -> tuple[Work, Done] | None:
        """Do some work; return whose turn is next if there is more of it."""
        outcome = outcome_of(work)
        if isinstance(outcome, Generator):
            with self._changed:
                self._waiting.append((partial(_part, outcome), done))
                return self._waiting.popleft()
        try:
            done(outcome)
        except UNEXPECTED:
            logger.exception("Could not deliver a result.")
        return None

    def _next(self) -> tuple[Work, Done] | None:
        with self._changed:
            self._idle += 1
            has_work = self._changed.wait_for(lambda: self._waiting, timeout=_IDLE_SECONDS)
            self._idle -= 1
            if not has_work:
                self._threads -= 1
                return None
            self._busy += 1
            return self._waiting.popleft()


class Lane:
    """The requests of one card of one session: runs one, and queues only the latest.

    A later request replaces the queued one, whose `done` is then never called.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._is_at_work = False
        self._next: tuple[Work, Done] | None = None

    def do(self, work: Work, done: Done) -> None:
        """Call `work` and `done` like `Workers.do`, unless a later request replaces this one."""
        with self._lock:
            if self._is_at_work:
                self._next = (work, done)
                return
            self._is_at_work = True
        self._workers.do(work, partial(self._answer, done))

    def _answer(self, done: Done, outcome: Any) -> None:
        try:
            done(outcome)
        finally:
            with self._lock:
                following, self._next = self._next, None
                self._is_at_work = following is not None
            if following is not None:
                self._workers.do(following[0], partial(self._answer, following[1]))


def _part(work: Generator[Any, None, Any]) -> Any:
    """Do the next part; return the generator itself, or its result if it was the last one."""
    try:
        next(work)
    except StopIteration as end:
        return end.value
    return work


def outcome_of(work: Work) -> Any:
    """Return the result of work, or a DamInventoryError; unexpected errors are also logged."""
    try:
        return work()
    except DamInventoryError as error:
        return error
    except BaseException:
        # Not only Exception: a panic of Polars is none, and would end the thread for good.
        logger.exception("Unexpected error.")
        return DamInventoryError("Unexpected error. It has been logged.")


readers = Workers(READERS)
"""For reads from the database or a file, shared by all sessions of the process."""
queries = Workers(QUERIES)
"""For searches and other work on the dams in memory."""
writers = Workers(WRITERS)
"""For changes. A separate pool, so that changes waiting for a long import don't block reads."""
importers = Workers(IMPORTERS)
"""For files that are imported on a page: read, compared with the inventory, and saved."""
exporters = Workers(EXPORTERS)
"""For files that leave the inventory: exports of a page, and downloads from the API."""
answers = Workers(ANSWERS)
"""For answers of the API that are small, so that they don't wait for files."""
