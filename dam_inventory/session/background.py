"""Background: the slow work of one session, in worker threads, with its answers in the session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from ..domain.messages import CLOSED
from ..errors import DamInventoryError
from ..live.inbox import Schedule, at_once
from .workers import Lane, Result, Told, Workers, exporters, outcome_of, queries, readers, writers


class Background:
    """Does nothing any more once it is closed: what is asked then gets a DamInventoryError.

    schedule: schedules a callback to run in the session; may be called from any thread.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._lanes: defaultdict[str, Lane] = defaultdict(partial(Lane, readers))
        self._lanes["export"] = Lane(exporters)
        self._queries: defaultdict[str, Lane] = defaultdict(partial(Lane, queries))
        self._is_closed = False

    def close(self) -> None:
        """Do no more work; what is under way ends."""
        self._is_closed = True

    def read(self, work: Callable[[], Result], done: Told[Result], lane: str) -> None:
        """Read from the database or a file; see `DamStore.in_background`."""
        self._do(self._lanes[lane], work, done)

    def in_turn(
        self, work: Callable[[], Result], done: Told[Result], workers: Workers | None = None
    ) -> None:
        """Change the database; unlike `read`, leave nothing out."""
        self._do(workers or writers, work, done)

    def compute(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        on_error: Callable[[DamInventoryError], None],
        lane: str,
        *,
        is_quick: bool,
    ) -> None:
        """Compute something, at once if it `is_quick`; see `DamStore.compute`.

        In a session without an event loop, nobody waits: errors are raised.
        """
        if self._schedule is at_once:
            done(work())
            return
        tell = partial(self._tell, done, on_error)
        if is_quick:
            tell(outcome_of(work))
        else:
            self._do(self._queries[lane], work, tell)

    def soon(self, callback: Callable[[], None]) -> None:
        """Run a callback in the session, unless it is closed by then."""
        self._schedule(lambda: None if self._is_closed else callback())

    def unless_closed(self, work: Callable[[], Result]) -> Result:
        """Work in this thread. Raises DamInventoryError in a closed session."""
        if self._is_closed:
            raise DamInventoryError(CLOSED)
        return work()

    def _do(self, where: Workers | Lane, work: Callable[[], Result], done: Told[Result]) -> None:
        where.do(
            partial(self.unless_closed, work),
            lambda outcome: self._schedule(partial(done, outcome)),
        )

    def _tell(
        self,
        done: Callable[[Result], None],
        on_error: Callable[[DamInventoryError], None],
        outcome: Result | DamInventoryError,
    ) -> None:
        if self._is_closed:
            return
        if isinstance(outcome, DamInventoryError):
            on_error(outcome)
        else:
            done(outcome)
