"""Work that takes long, done by a few threads of the process while the event loop goes on."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from ..errors import DamInventoryError, DatabaseUnavailable

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Told = Callable[[Result | DamInventoryError], None]
Work = Callable[[], Any]
Done = Callable[[Any], None]

READERS = 6
"""With WRITERS and the feed's, fewer than the connections that a database's pool lends: 15."""
WRITERS = 4
"""One writes; the others wait for their turn without a connection."""
MAX_WAITING = 2000
_IDLE_SECONDS = 5.0


class Workers:
    """Threads that are started when there is work, and end when there is none for a while.

    Not those of concurrent.futures: a process could not end before each of them has its answer.
    size: how many there are at most. most_waiting: how much work may wait for one.
    """

    def __init__(self, size: int, most_waiting: int = MAX_WAITING) -> None:
        self._size = size
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[Work, Done]] = deque()
        self._changed = threading.Condition()
        self._threads = 0
        self._idle = 0

    def do(self, work: Work, done: Done) -> None:
        """Call `work` in one of the threads, and `done` there with what it returns or raises.

        done: is given a DamInventoryError where `work` failed; what nobody has foreseen is logged.
        It is called at once, with DatabaseUnavailable, when too much waits already.
        """
        with self._changed:
            is_full = len(self._waiting) >= self._most_waiting
            if not is_full:
                self._waiting.append((work, done))
                if self._idle >= len(self._waiting):
                    self._changed.notify()
                elif self._threads < self._size:
                    self._threads += 1
                    threading.Thread(target=self._run, name="worker", daemon=True).start()
        if is_full:
            done(DatabaseUnavailable("The server is busy: too many requests wait. Try again soon."))

    def _run(self) -> None:
        while (next_one := self._next()) is not None:
            work, done = next_one
            try:
                done(_outcome(work))
            except Exception:
                logger.exception("An answer could not be delivered.")
            # What was worked on must not live on while this thread waits.
            del next_one, work, done

    def _next(self) -> tuple[Work, Done] | None:
        with self._changed:
            self._idle += 1
            has_work = self._changed.wait_for(lambda: self._waiting, timeout=_IDLE_SECONDS)
            self._idle -= 1
            if not has_work:
                self._threads -= 1
                return None
            return self._waiting.popleft()


class Lane:
    """What one card of one session asks for: one request at work, and the last of the others.

    A request that another one has replaced before its turn came is not answered.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._is_at_work = False
        self._next: tuple[Work, Done] | None = None

    def do(self, work: Work, done: Done) -> None:
        """Call `work` and `done` as Workers do, unless a later request replaces this one."""
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


def _outcome(work: Work) -> Any:
    try:
        return work()
    except DamInventoryError as error:
        return error
    except Exception:
        logger.exception("Unexpected error.")
        return DamInventoryError("Unexpected error. It has been logged.")


readers = Workers(READERS)
"""For what is read from the database or a file, by all sessions of the process."""
writers = Workers(WRITERS)
"""For changes: one that waits for a long import keeps nobody from reading."""
