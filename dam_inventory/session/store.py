"""DamStore: the state of one session, and its actions on the inventory."""

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
from ..snapshot.order import Rows
from ..snapshot.snapshot import Snapshot
from .workers import Lane, Result, Told, readers, writers

logger = logging.getLogger(__name__)

Failed = DamInventoryError

Write = Callable[[], Change | None]
Done = Callable[[Failed | None], None]


class _Frame(param.Parameter):
    """A DataFrame that is created only when it is read; most sessions read only a page of dams."""

    def __get__(self, obj: Any, objtype: type) -> Any:
        return self if obj is None else obj._frame()


class DamStore(param.Parameterized):
    """The reactive state of one session; independent of Panel.

    inventory, feed: from the Runtime of the process.
    schedule: schedules a callback to run in this session; may be called from any thread.
    user: the user of this session.

    Call `close` when the session ends.
    """

    dams = _Frame(
        constant=True,
        doc="The dams that this session shows: those of its snapshot that match the filter, "
        "as a pandas.DataFrame with the columns of the table `dams` and the ids as index.",
    )
    news: tuple[Change, ...] = param.ClassSelector(
        class_=tuple, default=(), doc="Changes that are not loaded yet, oldest first."
    )
    dismissed: int = param.Integer(
        default=0, doc="How many of the oldest `news` are dismissed: the toast omits them."
    )
    own: tuple[Change, ...] = param.ClassSelector(
        class_=tuple,
        default=(),
        doc="The session's own change that the toast confirms, then others loaded with it.",
    )
    condition: Condition = param.ClassSelector(
        class_=Condition,
        default=Condition.CURRENT,
        doc="Whether this session may show outdated data, and why.",
    )
    fault = param.String(doc="The message for a part of the page that could not be drawn.")
    is_closed = param.Boolean(
        doc="Whether `close` was called: the store then receives, reads and changes nothing."
    )
    missed: tuple[Change, ...] = param.ClassSelector(
        class_=tuple,
        default=(),
        doc="Changes that this session shows, but that were made while its page was away.",
    )
    is_restored = param.Boolean(
        doc="Whether the inventory was restored or replaced, and this is not dismissed yet."
    )
    selected: int | None = param.Integer(
        default=None, allow_None=True, doc="The id of the selected dam."
    )
    filter: DamFilter = param.ClassSelector(
        class_=DamFilter, constant=True, doc="The filter of the map and the table."
    )
    snapshot: Snapshot = param.ClassSelector(
        class_=Snapshot, doc="All dams at the revision that this session shows."
    )
    rows: Rows | None = param.Parameter(
        doc="The row numbers of the snapshot that are shown; None for all."
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
        # Changes stay in the inbox while this is above 0: during __init__ and the own changes.
        self._holds = 1
        self._lanes: defaultdict[str, Lane] = defaultdict(partial(Lane, readers))
        # Subscribe before taking the snapshot, so that no change in between is lost.
        self._cancel = feed.pubsub.subscribe(self._inbox.put)
        feed.start()
        super().__init__(snapshot=feed.snapshot, filter=DamFilter())
        self.filter.param.watch(lambda _: self._show(self.snapshot), "search")
        self._known_revision = self.snapshot.revision
        """The `seq` up to which the user has been informed of the changes shown."""
        self._holds = 0
        self._drain()

    def close(self) -> None:
        """Cancel the subscription. Later reads and changes raise DamInventoryError."""
        self._cancel()
        self.is_closed = True

    def add(self, draft: DamDraft, done: Done | None = None) -> Change | None:
        """Add a dam to the inventory, show it in this session at once, and select it.

        Without `done`, this and the methods below wait for the database and return the change.
        They raise the errors of the `Inventory` method of the same name; nothing has changed then.
        With `done` they return at once, so that the event loop is not blocked. `done` is later
        called in this session with the error, or with None.
        """
        return self._change(partial(self._inventory.add, draft, by=self.user), done)

    def edit(
        self, dam_id: int, facts: Mapping[str, Any], seen: Mark | int, done: Done | None = None
    ) -> Change | None:
        """Change some fields of a dam that the user saw at a revision; see `Inventory.edit`."""
        edit = partial(self._inventory.edit, dam_id, facts, seen, by=self.user)
        return self._change(edit, done)

    def remove(self, dam_id: int, done: Done | None = None) -> Change | None:
        """Remove a dam, unless it has changed since the snapshot of this session."""
        remove = partial(self._inventory.remove, dam_id, self.snapshot.mark, by=self.user)
        return self._change(remove, done)

    def undo(self, seq: Mark | int, done: Done | None = None) -> Change | None:
        """Undo an edit or a removal; see `Inventory.undo`."""
        return self._change(partial(self._inventory.undo, seq, by=self.user), done)

    def assign_hydrograph(
        self,
        dam_id: int,
        hydrograph: Hydrograph,
        replaces: int | None = None,
        done: Done | None = None,
    ) -> Change | None:
        """Assign a hydrograph to a dam; see `Inventory.assign_hydrograph`."""
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
        """Read changes, newest first; see `Inventory.history` and `in_background`."""
        read = partial(self._inventory.history, dam_id, before, most)
        self.in_background(read, done, "history")

    def hydrograph(self, dam_id: int, done: Told[Hydrograph | None]) -> None:
        """Read the current hydrograph of a dam; see `in_background`."""
        self.in_background(partial(self._inventory.hydrograph, dam_id), done, "hydrograph")

    def in_background(self, work: Callable[[], Result], done: Told[Result], lane: str) -> None:
        """Do slow work in a worker thread, so that the event loop is not blocked.

        done: called in this session with the result of `work`, or with the error that it raises.
        lane: a name for the source of the request. For each lane, one request runs and only the
        latest one waits; `done` of the requests in between is never called.
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
        """Return whether the user of this session may edit or remove the dam in a row."""
        return self.user.may_change(self.snapshot.value(row, "added_by"))

    def reload(self) -> None:
        """Show the newest snapshot; keep selection and filter."""
        snapshot = self._feed.snapshot
        news = _new(self.news, snapshot.revision)
        self._known_revision = snapshot.revision
        self._show(snapshot, news=news, dismissed=0)

    def dismiss(self) -> None:
        """Dismiss the toast; keep the snapshot and the `news`."""
        self.param.update(dismissed=len(self.news), own=(), missed=(), is_restored=False)

    def tell_missed(self, seen: Mark) -> None:
        """Set `missed` to the changes shown by this session that its page has not seen.

        seen: what the page showed last.
        """
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
                committed = self._committed(change)
                self._load_own(committed)
            finally:
                self._holds -= 1
                self._drain()
            return committed
        finish = partial(self._finish, done)
        writers.do(
            partial(self._committed, change),
            lambda outcome: self._schedule(partial(finish, outcome)),
        )
        return None

    def _committed(self, change: Write) -> Change | None:
        epoch = self._feed.snapshot.epoch
        try:
            committed = self._unless_closed(change)
        except InventoryReplaced:
            self._feed.announce()  # so that the page updates before it shows the error
            raise
        if committed is not None:
            self._feed.announce()
            newest = self._feed.snapshot
            is_doubtful = newest.epoch != epoch or newest.revision < committed.seq
            if is_doubtful and self._feed.is_reading and not self._inventory.has(committed):
                raise InventoryReplaced(
                    "The inventory was restored from a backup or replaced just after your change "
                    "was saved, and the change is lost. Make it again."
                )
        return committed

    def _finish(self, done: Done, outcome: Change | Failed | None) -> None:
        self._holds -= 1
        error = outcome if isinstance(outcome, DamInventoryError) else None
        try:
            if not isinstance(outcome, DamInventoryError):
                self._load_own(outcome)
            self._drain()
        finally:
            # Even if a view fails, because the change has been saved or refused.
            done(error)

    def _load_own(self, change: Change | None) -> None:
        self._follow_ground()
        snapshot = self._feed.snapshot
        if change is None or snapshot.revision < change.seq:
            return  # The log can't be read at the moment. The change arrives later in `news`.
        # The inbox may hold changes that are newer than the snapshot: they stay in `news`.
        arrived = _new([*self.news, *self._inbox.take()], self.snapshot.revision)
        loaded = [one for one in arrived if one.seq <= snapshot.revision and one.seq != change.seq]
        others = (*self.own[1:], *loaded)
        selection = {"selected": change.dam_id} if isinstance(change, DamAdded) else {}
        self._known_revision = max(one.seq for one in (change, *others))
        self._show(
            snapshot,
            news=_new(arrived, snapshot.revision),
            dismissed=0,
            own=(change, *others),
            **selection,
        )

    def _drain(self) -> None:
        if self.condition is not self._feed.condition:  # Setting the same value also costs time.
            self.condition = self._feed.condition
        if self._holds:
            return
        self._follow_ground()
        arrived, revision = self._inbox.take(), self.snapshot.revision
        # The feed sets a new snapshot shortly before it publishes the changes in it.
        if late := tuple(one for one in arrived if self._known_revision < one.seq <= revision):
            self._known_revision = late[-1].seq
            self.own = (*self.own, *late) if self.own else ()
        if new := _new(arrived, revision):
            self.news = self.news + new

    def _follow_ground(self) -> None:
        """If the inventory was replaced, show the new one at once and drop all older changes."""
        if self._feed.snapshot.epoch == self.snapshot.epoch:
            return
        self._inbox.take()  # these changes are from the old log, or in the new snapshot
        snapshot = self._feed.snapshot
        selected = self.selected if snapshot.has_same(self.selected, self.snapshot) else None
        self._known_revision = snapshot.revision
        self._show(
            snapshot, news=(), dismissed=0, own=(), missed=(), is_restored=True, selected=selected
        )

    @property
    def unread(self) -> tuple[Change, ...]:
        """The changes that the toast shows: those that arrived since the last `dismiss`."""
        return self.news[self.dismissed :]

    def _show(self, snapshot: Snapshot, **others: Any) -> None:
        self.param.update(snapshot=snapshot, rows=self.filter.rows(snapshot), **others)
        if "dams" in self.param.watchers:
            with param.edit_constant(self):
                self.param.trigger("dams")

    def _frame(self) -> pd.DataFrame:
        return self.snapshot.frame if self.rows is None else self.snapshot.frame_with(self.rows)


def _new(changes: Sequence[Change], revision: int) -> tuple[Change, ...]:
    return tuple(one for one in changes if one.seq > revision)
