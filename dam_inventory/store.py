"""DamStore: what one session sees of the inventory, and what it can do to it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import param

from .changefeed import ChangeFeed
from .changes import DamAdded, Fact
from .draft import DamDraft
from .errors import DamInventoryError
from .filters import DamFilter
from .inventory import Inventory
from .snapshot import Rows, Snapshot

logger = logging.getLogger(__name__)

Schedule = Callable[[Callable[[], None]], None]
Done = Callable[[DamInventoryError | None], None]


def at_once(callback: Callable[[], None]) -> None:
    """Deliver news in the thread that brings them: for scripts, tests and notebooks."""
    callback()


class _Frame(param.Parameter):
    """A DataFrame that is made when somebody reads it: most sessions only look at a page of it."""

    def __get__(self, obj: Any, objtype: type) -> Any:
        return self if obj is None else obj._frame()


class DamStore(param.Parameterized):
    """The reactive state of one session; knows nothing of Panel.

    inventory, feed: those of the process's Runtime.
    schedule: how a callback gets into this session's thread of control; it is called from
    whatever thread brings news, and at most once until that callback has run.
    user: who makes the changes, for the log.

    Call `close` when the session ends.
    """

    dams = _Frame(
        constant=True,
        doc="What this session shows: the dams of its snapshot that the filter lets through, "
        "as a pandas.DataFrame with the columns of the table `dams` and the ids as index.",
    )
    news: tuple[Fact, ...] = param.ClassSelector(
        class_=tuple, default=(), doc="Changes that are not loaded yet, oldest first."
    )
    dismissed: int = param.Integer(
        default=0, doc="How many of the news, from the oldest on, the toast tells no longer."
    )
    own: tuple[Fact, ...] = param.ClassSelector(
        class_=tuple,
        default=(),
        doc="The session's own change that the toast confirms, and others loaded with it.",
    )
    selected: int | None = param.Integer(
        default=None, allow_None=True, doc="The id of the selected dam."
    )
    filter: DamFilter = param.ClassSelector(
        class_=DamFilter, constant=True, doc="What narrows the dams down."
    )
    snapshot: Snapshot = param.ClassSelector(class_=Snapshot, doc="All dams at the revision shown.")
    rows: Rows | None = param.Parameter(
        doc="Row numbers of the snapshot that are shown; None for all of them."
    )

    def __init__(
        self,
        inventory: Inventory,
        feed: ChangeFeed,
        *,
        schedule: Schedule = at_once,
        user: str | None = None,
    ) -> None:
        self._inventory = inventory
        self._feed = feed
        self._schedule = schedule
        self._user = user
        self._lock = threading.Lock()
        self._inbox: list[Fact] = []
        self._is_scheduled = False
        # News wait in the inbox while this is above 0: until the store is made, and during `add`.
        self._holds = 1
        # Subscribed before the snapshot is taken, so that nothing can happen in between.
        self.close = feed.pubsub.subscribe(self._receive)
        feed.start()
        super().__init__(snapshot=feed.snapshot, filter=DamFilter())
        self.filter.param.watch(lambda _: self._show(self.snapshot), "search")
        self._holds = 0
        self._drain()

    def add(self, draft: DamDraft) -> DamAdded:
        """Add a dam to the inventory, and show it here at once.

        Raises what `Inventory.add` raises; then nothing has changed.
        """
        self._holds += 1
        try:
            change = self._commit(draft)
            self._load_own(change)
        finally:
            self._holds -= 1
            self._drain()
        return change

    def add_in_background(self, draft: DamDraft, done: Done) -> None:
        """Do as `add` does without waiting: the database may be busy, the event loop must not.

        done: called in this session, with what went wrong or None.
        """
        self._holds += 1

        def work() -> None:
            outcome: DamAdded | DamInventoryError
            try:
                outcome = self._commit(draft)
            except DamInventoryError as error:
                outcome = error
            except Exception:
                logger.exception("A dam could not be added.")
                outcome = DamInventoryError("The dam could not be added; the log says why.")
            self._schedule(partial(self._finish, outcome, done))

        threading.Thread(target=work, name="add", daemon=True).start()

    def reload(self) -> None:
        """Move to the newest snapshot; selection and filter stay."""
        snapshot = self._feed.snapshot
        news = _new(self.news, snapshot.revision)
        self._show(snapshot, news=news, dismissed=0, own=())

    def dismiss(self) -> None:
        """Put the toast away and keep the snapshot; `news` go on waiting."""
        self.param.update(dismissed=len(self.news), own=())

    def _commit(self, draft: DamDraft) -> DamAdded:
        change = self._inventory.add(draft, by=self._user)
        self._feed.announce()
        return change

    def _finish(self, outcome: DamAdded | DamInventoryError, done: Done) -> None:
        self._holds -= 1
        error = outcome if isinstance(outcome, DamInventoryError) else None
        if not isinstance(outcome, DamInventoryError):
            self._load_own(outcome)
        self._drain()
        done(error)

    def _load_own(self, change: DamAdded) -> None:
        if self._feed.snapshot.revision < change.seq:
            return  # The log can't be read at the moment; the change arrives as news.
        with self._lock:
            arrived, self._inbox = self._inbox, []
        news = _new([*self.news, *arrived], self.snapshot.revision)
        others = tuple(one for one in news if one.seq != change.seq)
        self._show(
            self._feed.snapshot,
            news=(),
            dismissed=0,
            own=(change, *others),
            selected=change.dam_id,
        )

    def _receive(self, news: Sequence[Fact]) -> None:
        with self._lock:
            self._inbox.extend(news)
            if self._is_scheduled:
                return
            self._is_scheduled = True
        self._schedule(self._deliver)

    def _deliver(self) -> None:
        self._is_scheduled = False
        self._drain()

    def _drain(self) -> None:
        if self._holds:
            return
        with self._lock:
            arrived, self._inbox = self._inbox, []
        new = _new(arrived, self.snapshot.revision)
        if new and self.own:
            self.param.update(news=self.news + new, own=())
        elif new:
            self.news = self.news + new

    @property
    def unread(self) -> tuple[Fact, ...]:
        """The news that the toast tells: those that came since the last `dismiss`."""
        return self.news[self.dismissed :]

    def _show(self, snapshot: Snapshot, **others: Any) -> None:
        self.param.update(snapshot=snapshot, rows=self.filter.rows(snapshot), **others)
        if "dams" in self.param.watchers:
            with param.edit_constant(self):
                self.param.trigger("dams")

    def _frame(self) -> pd.DataFrame:
        return self.snapshot.frame if self.rows is None else self.snapshot.frame.iloc[self.rows]


def _new(facts: Sequence[Fact], revision: int) -> tuple[Fact, ...]:
    return tuple(one for one in facts if one.seq > revision)
