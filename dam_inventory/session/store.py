"""DamStore: what one session sees of the inventory, and what it can do to it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import param

from ..database.inventory import Inventory
from ..domain.changes import Change, DamAdded
from ..domain.dam import DamDraft
from ..domain.hydrograph import Hydrograph
from ..domain.mark import Mark
from ..domain.messages import CLOSED, MAX_MISSED
from ..domain.permissions import OPERATOR, User
from ..errors import DamInventoryError, InventoryReplaced
from ..live.change_feed import ChangeFeed, Condition
from ..live.inbox import Inbox, Schedule, at_once
from ..snapshot.filters import DamFilter
from ..snapshot.snapshot import Snapshot
from ..snapshot.sort_order import Rows
from .workers import Lane, Result, Told, readers, writers

logger = logging.getLogger(__name__)

Failed = DamInventoryError

Write = Callable[[], Change | None]
Done = Callable[[Failed | None], None]


class _Frame(param.Parameter):
    """A DataFrame that is made when somebody reads it: most sessions only look at a page of it."""

    def __get__(self, obj: Any, objtype: type) -> Any:
        return self if obj is None else obj._frame()


class DamStore(param.Parameterized):
    """The reactive state of one session; knows nothing of Panel.

    inventory, feed: those of the process's Runtime.
    schedule: how a callback gets into this session's thread of control, from any thread.
    user: who acts here.

    Call `close` when the session ends.
    """

    dams = _Frame(
        constant=True,
        doc="What this session shows: the dams of its snapshot that the filter lets through, "
        "as a pandas.DataFrame with the columns of the table `dams` and the ids as index.",
    )
    news: tuple[Change, ...] = param.ClassSelector(
        class_=tuple, default=(), doc="Changes that are not loaded yet, oldest first."
    )
    dismissed: int = param.Integer(
        default=0, doc="How many of the news, from the oldest on, the toast tells no longer."
    )
    own: tuple[Change, ...] = param.ClassSelector(
        class_=tuple,
        default=(),
        doc="The session's own change that the toast confirms, and others loaded with it.",
    )
    condition: Condition = param.ClassSelector(
        class_=Condition,
        default=Condition.CURRENT,
        doc="Whether what is shown may be older than the inventory, and why.",
    )
    fault = param.String(doc="What a person reads of a part of the page that could not be drawn.")
    is_closed = param.Boolean(
        doc="Whether `close` was called: then nothing is heard, read or changed any more."
    )
    missed: tuple[Change, ...] = param.ClassSelector(
        class_=tuple,
        default=(),
        doc="Changes that this session shows, but that came while its page was away.",
    )
    is_restored = param.Boolean(
        doc="Whether the inventory was restored or replaced, and nobody has answered that yet."
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
        user: User = OPERATOR,
    ) -> None:
        self._inventory = inventory
        self._feed = feed
        self._schedule = schedule
        self.user = user
        self._inbox = Inbox(schedule, self._drain)
        # News wait in the inbox while this is above 0: until the store is made, and during `add`.
        self._holds = 1
        self._lanes: defaultdict[str, Lane] = defaultdict(partial(Lane, readers))
        # Subscribed before the snapshot is taken, so that nothing can happen in between.
        self._cancel = feed.pubsub.subscribe(self._inbox.put)
        feed.start()
        super().__init__(snapshot=feed.snapshot, filter=DamFilter())
        self.filter.param.watch(lambda _: self._show(self.snapshot), "search")
        self._told_to = self.snapshot.revision
        """Up to which `seq` its person knows what this session shows."""
        self._holds = 0
        self._drain()

    def close(self) -> None:
        """Hear of nothing any more, and refuse to read or change anything."""
        self._cancel()
        self.is_closed = True

    def add(self, draft: DamDraft, done: Done | None = None) -> Change | None:
        """Add a dam to the inventory, show it here at once and select it.

        This and the other changes wait for the database, return the change, and raise what the
        method of that name of `Inventory` raises; then nothing has changed. With `done` they
        return at once, for the event loop must not wait: `done` is called in this session with
        what went wrong, or None.
        """
        return self._change(partial(self._inventory.add, draft, by=self.user), done)

    def edit(
        self, dam_id: int, facts: Mapping[str, Any], seen: Mark | int, done: Done | None = None
    ) -> Change | None:
        """Change some fields of a dam that was seen at a revision; see `Inventory.edit`."""
        edit = partial(self._inventory.edit, dam_id, facts, seen, by=self.user)
        return self._change(edit, done)

    def remove(self, dam_id: int, done: Done | None = None) -> Change | None:
        """Remove a dam that is as this session shows it."""
        remove = partial(self._inventory.remove, dam_id, self.snapshot.mark, by=self.user)
        return self._change(remove, done)

    def undo(self, seq: Mark | int, done: Done | None = None) -> Change | None:
        """Take back an edit or a removal; see `Inventory.undo`."""
        return self._change(partial(self._inventory.undo, seq, by=self.user), done)

    def assign_hydrograph(
        self,
        dam_id: int,
        hydrograph: Hydrograph,
        replaces: int | None = None,
        done: Done | None = None,
    ) -> Change | None:
        """Give a dam its hydrograph; see `Inventory.assign_hydrograph`."""
        assign = partial(
            self._inventory.assign_hydrograph,
            dam_id,
            hydrograph,
            replaces,
            by=self.user,
            seen=self.snapshot.mark,
        )
        return self._change(assign, done)

    def history(
        self, dam_id: int | None, before: int | None, most: int, done: Told[Sequence[Change]]
    ) -> None:
        """Read changes, newest first, as `Inventory.history`; see `in_background`."""
        read = partial(self._inventory.history, dam_id, before, most)
        self.in_background(read, done, "history")

    def hydrograph(self, dam_id: int, done: Told[Hydrograph | None]) -> None:
        """Read the hydrograph that a dam has now; see `in_background`."""
        self.in_background(partial(self._inventory.hydrograph, dam_id), done, "hydrograph")

    def in_background(self, work: Callable[[], Result], done: Told[Result], lane: str) -> None:
        """Do what takes long without keeping the event loop waiting.

        done: called in this session with what `work` returns, or with the error that it raises.
        lane: what asks. Of its requests one is at work and the last waits; `done` of those in
        between is not called.
        """
        self._lanes[lane].do(
            partial(self._unless_closed, work),
            lambda outcome: self._schedule(partial(done, outcome)),
        )

    def _unless_closed(self, work: Callable[[], Result]) -> Result:
        if self.is_closed:
            raise DamInventoryError(CLOSED)
        return work()

    def may_change(self, row: int) -> bool:
        """Return whether this session's user may edit or remove the dam of a row."""
        return self.user.may_change(self.snapshot["added_by"][row])

    def reload(self) -> None:
        """Move to the newest snapshot; selection and filter stay."""
        snapshot = self._feed.snapshot
        news = _new(self.news, snapshot.revision)
        self._told_to = snapshot.revision
        self._show(snapshot, news=news, dismissed=0)

    def dismiss(self) -> None:
        """Put the toast away and keep the snapshot; `news` go on waiting."""
        self.param.update(dismissed=len(self.news), own=(), missed=(), is_restored=False)

    def tell_missed(self, seen: Mark) -> None:
        """Look up what this session shows and its page, which knew it up to `seen`, did not."""
        if seen not in (self.snapshot.mark, Mark(self.snapshot.revision)):
            most = MAX_MISSED + 1
            missed = partial(self._inventory.missed, seen, self.snapshot.revision, most)
            self.in_background(missed, self._set_missed, "missed")

    def _set_missed(self, outcome: Sequence[Change] | Failed) -> None:
        if isinstance(outcome, InventoryReplaced):
            self.is_restored = True
        elif not isinstance(outcome, DamInventoryError):
            self.missed = tuple(outcome)

    def _change(self, change: Write, done: Done | None) -> Change | None:
        self._holds += 1
        if done is None:
            try:
                fact = self._committed(change)
                self._load_own(fact)
            finally:
                self._holds -= 1
                self._drain()
            return fact
        finish = partial(self._finish, done)
        writers.do(
            partial(self._committed, change),
            lambda outcome: self._schedule(partial(finish, outcome)),
        )
        return None

    def _committed(self, change: Write) -> Change | None:
        epoch = self._feed.snapshot.epoch
        try:
            fact = self._unless_closed(change)
        except InventoryReplaced:
            self._feed.announce()  # so that the page moves on before it is told
            raise
        if fact is not None:
            self._feed.announce()
            newest = self._feed.snapshot
            is_doubtful = newest.epoch != epoch or newest.revision < fact.seq
            if is_doubtful and self._feed.is_reading and not self._inventory.has(fact):
                raise InventoryReplaced(
                    "The inventory was restored from a backup or replaced just after your change "
                    "was saved. It is not in it: make it again."
                )
        return fact

    def _finish(self, done: Done, outcome: Change | Failed | None) -> None:
        self._holds -= 1
        error = outcome if isinstance(outcome, DamInventoryError) else None
        try:
            if not isinstance(outcome, DamInventoryError):
                self._load_own(outcome)
            self._drain()
        finally:
            # Whatever a view makes of it: what was asked for has been done, or refused.
            done(error)

    def _load_own(self, change: Change | None) -> None:
        self._follow_ground()
        snapshot = self._feed.snapshot
        if change is None or snapshot.revision < change.seq:
            return  # The log can't be read at the moment; the change arrives as news.
        # The inbox may hold changes that are newer than the snapshot: they stay news.
        arrived = _new([*self.news, *self._inbox.take()], self.snapshot.revision)
        loaded = [one for one in arrived if one.seq <= snapshot.revision and one.seq != change.seq]
        others = (*self.own[1:], *loaded)
        selection = {"selected": change.dam_id} if isinstance(change, DamAdded) else {}
        self._told_to = max(one.seq for one in (change, *others))
        self._show(
            snapshot,
            news=_new(arrived, snapshot.revision),
            dismissed=0,
            own=(change, *others),
            **selection,
        )

    def _drain(self) -> None:
        if self.condition is not self._feed.condition:  # To set what stays as it is costs, too.
            self.condition = self._feed.condition
        if self._holds:
            return
        self._follow_ground()
        arrived, revision = self._inbox.take(), self.snapshot.revision
        # The feed has a new snapshot a moment before everybody has heard of it.
        if late := tuple(one for one in arrived if self._told_to < one.seq <= revision):
            self._told_to = late[-1].seq
            self.own = (*self.own, *late) if self.own else ()
        if new := _new(arrived, revision):
            self.news = self.news + new

    def _follow_ground(self) -> None:
        """Move on at once, and forget what came before, when the inventory is another one."""
        if self._feed.snapshot.epoch == self.snapshot.epoch:
            return
        self._inbox.take()  # all of it is either of the old log or in the snapshot taken now
        snapshot = self._feed.snapshot
        selected = self.selected if snapshot.has_same(self.selected, self.snapshot) else None
        self._told_to = snapshot.revision
        self._show(
            snapshot, news=(), dismissed=0, own=(), missed=(), is_restored=True, selected=selected
        )

    @property
    def unread(self) -> tuple[Change, ...]:
        """The news that the toast tells: those that came since the last `dismiss`."""
        return self.news[self.dismissed :]

    def _show(self, snapshot: Snapshot, **others: Any) -> None:
        self.param.update(snapshot=snapshot, rows=self.filter.rows(snapshot), **others)
        if "dams" in self.param.watchers:
            with param.edit_constant(self):
                self.param.trigger("dams")

    def _frame(self) -> pd.DataFrame:
        return self.snapshot.frame if self.rows is None else self.snapshot.frame.iloc[self.rows]


def _new(facts: Sequence[Change], revision: int) -> tuple[Change, ...]:
    return tuple(one for one in facts if one.seq > revision)
