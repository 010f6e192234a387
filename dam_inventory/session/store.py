"""DamStore: the state of one session, and its actions on the inventory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import param

from ..database.inventory import Inventory
from ..domain.changes import Change, DamAdded
from ..domain.hydrograph import Hydrograph, HydrographHead
from ..domain.mark import Mark
from ..domain.messages import MAX_MISSED
from ..domain.permissions import OPERATOR, User
from ..domain.units import US, Units
from ..errors import DamInventoryError, InventoryReplaced
from ..live.change_feed import ChangeFeed, Condition
from ..live.inbox import Inbox, Schedule, at_once
from ..snapshot.filters import DamFilter
from ..snapshot.order import Rows
from ..snapshot.snapshot import Snapshot
from ..snapshot.unexpected import UNEXPECTED
from . import comparison, hydrographs, record
from .actions import Actions, Later, Write
from .answers import Answer
from .arrived import Arrived
from .background import Background
from .comparison import Compared
from .exporting import Exporting
from .filtering import Filtering
from .geodataframe import as_geodataframe
from .hydrographs import OfDam
from .importing import Importing
from .kept_lists import KeptLists
from .links import removals
from .news import News, arrive_together
from .own_changes import OwnChanges, Saved
from .record import Record
from .workers import Result, Told, Workers, importers

if TYPE_CHECKING:
    import geopandas

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 5_000
"""With at most so many dams, a search and its counts take a few ms and need no worker."""

Ids = npt.NDArray[np.int64]
"""Ids of dams, ascending."""

MAX_IMPORT_BYTES = 500_000_000
"""The maximum size of a file that is imported, unless a setting says otherwise."""

NONE_CHOSEN: Ids = np.empty(0, np.int64)


class _Frame(param.Parameter):
    """A DataFrame that is created only when it is read; most sessions read only a page of dams."""

    def __get__(self, obj: Any, objtype: type) -> Any:
        return self if obj is None else obj._frame()


class DamStore(Actions[Change | None], param.Parameterized):
    """The reactive state of one session; independent of Panel.

    The actions `add`, `edit` and so on wait for the database, as scripts expect. A page must not
    block its event loop: its coroutines `await store.later.add(draft)`. They
    are run by `answers.start`, not as tasks of asyncio.

    inventory, feed: from the Runtime of the process.
    schedule: schedules a callback to run in this session; may be called from any thread.
    user: the user of this session.
    max_import_bytes: the maximum size of a file that is imported.

    Call `close` when the session ends.
    """

    dams: pd.DataFrame = _Frame(
        constant=True,
        doc="The dams that this session shows: those of its snapshot that match the filter, "
        "as a pandas.DataFrame with the columns of the table `dams` and the ids as index.",
    )
    news: News = param.ClassSelector(
        class_=News, doc="What this session has been told, and which changes wait to be loaded."
    )
    arrived: Arrived = param.ClassSelector(
        class_=Arrived, default=Arrived(), doc="The dams that the last reload has brought."
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
    selected: int | None = param.Integer(
        default=None, allow_None=True, doc="The id of the selected dam."
    )
    chosen: Ids = param.Parameter(
        default=NONE_CHOSEN,
        doc="The ids of the dams that are chosen to do something with all of them.",
    )
    units: Units = param.ClassSelector(
        class_=Units,
        default=US,
        instantiate=False,
        doc="The units in which this session reads and types numbers.",
    )
    compared: Compared = param.ClassSelector(
        class_=tuple, default=(), doc="The ids of the dams that are shown side by side."
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
        max_import_bytes: int = MAX_IMPORT_BYTES,
    ) -> None:
        self._inventory = inventory
        self._feed = feed
        self._background = Background(schedule)
        self.user = user
        self.later: Actions[Coroutine[Any, Any, Change | None]] = Later(self._make_later)
        self._own = OwnChanges(inventory, feed)
        self._inbox = Inbox(schedule, self._drain)
        snapshot = feed.snapshot
        super().__init__(snapshot=snapshot, news=News.at(snapshot.revision), filter=DamFilter())
        self.lists = KeptLists(
            inventory, user, partial(self.in_background, lane="lists"), self._background.in_turn
        )
        """The work lists of the user."""
        self.importing = Importing(
            inventory,
            user,
            max_import_bytes,
            self.soon,
            partial(self._background.in_turn, workers=importers),
            partial(self._make_later, workers=importers),
        )
        """The file that the user imports."""
        self.exporting = Exporting(
            inventory,
            self.soon,
            partial(self.in_background, lane="export"),
            partial(self.in_background, lane="part"),
        )
        """The file that the user exports."""
        self._filtering = Filtering(self.filter, self.compute)
        self.filter.watch(self._on_filter)
        self._cancel = feed.pubsub.subscribe(self._inbox.put)
        feed.start()
        # The newest snapshot contains what was published before the subscription.
        if (newest := feed.snapshot) is not snapshot:
            self._show(newest, news=News.at(newest.revision))
        self._drain()

    def close(self) -> None:
        """Cancel the subscription. Later reads and changes raise DamInventoryError."""
        self._cancel()
        self._background.close()
        self.is_closed = True
        self.importing.close()
        self.exporting.close()

    def history(
        self, dam_id: int | None, before: int | None, most: int, done: Told[Sequence[Change]]
    ) -> None:
        """Read changes, newest first; see `Inventory.history` and `in_background`."""
        read = partial(self._inventory.history, dam_id, before, most)
        self.in_background(read, done, "history")

    def hydrograph(self, dam_id: int, done: Told[Hydrograph | None]) -> None:
        """Read the current hydrograph of a dam; see `in_background`."""
        self.in_background(partial(self._inventory.hydrograph, dam_id), done, "hydrograph")

    def hydrographs_of(
        self, dam_id: int, known: Sequence[HydrographHead], done: Told[OfDam | None]
    ) -> None:
        """Read all hydrographs of a dam; see `hydrographs.read` and `in_background`."""
        read = partial(hydrographs.read, self._inventory, dam_id, known)
        self.in_background(read, done, "hydrograph")

    def hydrographs(self, dam_ids: Compared, done: Told[Mapping[int, Hydrograph]]) -> None:
        """Read the hydrographs of several dams; see `comparison.hydrographs`, `in_background`."""
        read = partial(comparison.hydrographs, self._inventory, dam_ids)
        self.in_background(read, done, "hydrographs")

    def record(self, dam_id: int, row: int, done: Told[Record]) -> None:
        """Read what a report says of the dam in a row; see `record.read` and `in_background`."""
        read = partial(record.read, self._inventory, self.snapshot, dam_id, row)
        self.in_background(read, done, "record")

    def in_background(self, work: Callable[[], Result], done: Told[Result], lane: str) -> None:
        """Do slow work in a worker thread, so that the event loop is not blocked.

        done: called in this session with the result of `work`, or with the error that it raises.
        lane: a name for the source of the request. For each lane, one request runs and only the
        latest one waits; `done` of the requests in between is never called.
        """
        self._background.read(work, done, lane)

    def compute(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        lane: str,
        *,
        is_quick: bool = False,
        few: int | None = None,
        on_error: Callable[[], None] | None = None,
    ) -> None:
        """Compute something from many dams without blocking the event loop.

        done: called in this session with the result; or at once, before this returns, if there
        are few dams, the work `is_quick`, or this session has no event loop. An error is shown as
        the `fault`, and `on_error` is called. lane: as for `in_background`. few: at most so many
        dams are few; by default, and at most, MAX_AT_ONCE.
        """
        most = MAX_AT_ONCE if few is None else min(few, MAX_AT_ONCE)
        is_quick = is_quick or len(self.snapshot) <= most
        self._background.compute(
            work, done, partial(self._on_fault, on_error), lane, is_quick=is_quick
        )

    def _on_fault(self, on_error: Callable[[], None] | None, error: DamInventoryError) -> None:
        if on_error is not None:
            on_error()
        self.fault = str(error)

    def soon(self, callback: Callable[[], None]) -> None:
        """Run a callback in this session, after what other sessions have waiting."""
        self._background.soon(callback)

    def may_change(self, row: int) -> bool:
        """Return whether the user of this session may edit or remove the dam in a row."""
        return self.user.may_change(self.snapshot.value(row, "added_by"))

    def reload(self) -> None:
        """Show the newest snapshot; keep selection and filter."""
        self._filtering.when_found(self._feed.snapshot, self._reload, "reload")

    def _reload(self) -> None:
        snapshot = self._follow_ground()
        self.arrived = Arrived.of(self.news.waiting, snapshot.revision)
        self._show(snapshot, news=self.news.load(snapshot.revision))

    @property
    def newest(self) -> Snapshot:
        """The newest snapshot of the process, which this session may not show yet."""
        return self._feed.snapshot

    def count_unread(self) -> None:
        """Only count the changes that the toast would report."""
        self.news = self.news.count_unread()

    def dismiss(self) -> None:
        """Dismiss the toast; keep the snapshot and the waiting changes."""
        self.news = self.news.dismiss()

    def dismiss_to(self, seq: int) -> None:
        """Take changes up to one off the toast, as `dismiss` does; leave all the rest."""
        self.news = self.news.dismiss_to(seq)

    def forget_own(self, seq: int) -> None:
        """Take the confirmation of an own change off the toast, unless it tells of another."""
        if self.news.own is not None and self.news.own.seq == seq:
            self.news = self.news.without_own()

    def tell_missed(self, seen: Mark) -> None:
        """Report the changes shown by this session that its page has not seen.

        seen: what the page showed last.
        """
        if seen not in (self.snapshot.mark, Mark(self.snapshot.revision)):
            most = MAX_MISSED + 1
            missed = partial(self._inventory.missed, seen, self.snapshot.revision, most)
            self.in_background(missed, self._on_missed, "missed")

    def _on_missed(self, outcome: Sequence[Change] | DamInventoryError) -> None:
        if isinstance(outcome, InventoryReplaced):
            self.news = replace(self.news, is_restored=True)
        elif not isinstance(outcome, DamInventoryError):
            self.news = replace(self.news, missed=tuple(outcome))

    def tell_gone(self, dam_ids: Iterable[int]) -> None:
        """Report which dams of a link are not in the snapshot, and who has removed them."""
        gone = [one for one in dict.fromkeys(dam_ids) if self.snapshot.row_of(one) is None]
        if gone:
            read = partial(removals, self._inventory, gone)
            self.in_background(read, partial(self._on_gone, gone), "gone")

    def _on_gone(
        self, gone: Sequence[int], outcome: Mapping[int, Change] | DamInventoryError
    ) -> None:
        removed = {} if isinstance(outcome, DamInventoryError) else outcome
        known = tuple((dam_id, removed.get(dam_id)) for dam_id in gone)
        self.news = replace(self.news, gone=known)

    def _make(self, write: Write) -> Change | None:
        save = partial(self._own.save, write, self.user, self.snapshot.mark)
        saved = self._background.unless_closed(save)
        self._show_own(*saved)
        return saved[0]

    async def _make_later(self, write: Write, workers: Workers | None = None) -> Change | None:
        save = partial(self._own.save, write, self.user, self.snapshot.mark)
        saved = await Answer[Saved](partial(self._background.in_turn, save, workers=workers))
        try:
            self._show_own(*saved)
        except UNEXPECTED:
            # The change is saved: its author must not make it again because a view fails.
            logger.exception("A view can't show the inventory.")
        return saved[0]

    def _show_own(self, own: Change | None, epoch: str) -> None:
        if own is None:
            return
        self._own.forget(own)
        snapshot = self._follow_ground()
        if snapshot.revision < own.seq or snapshot.epoch != epoch:
            return  # The log can't be read at the moment: the change arrives later, as others' do.
        arrived = self._inbox.take()
        news = self.news.confirm(own, snapshot.revision).arrive(arrived, self._own.awaited(arrived))
        selection = {"selected": own.dam_id} if isinstance(own, DamAdded) else {}
        self._show(snapshot, news=news, **selection)

    def _drain(self) -> None:
        if self.condition is not self._feed.condition:  # Setting the same value also costs time.
            self.condition = self._feed.condition
        if self.filter.today != self._feed.today:  # since midnight
            self.filter.today = self._feed.today
        self._follow_ground()
        changes = self._inbox.take()
        awaited = self._own.awaited(changes)
        news = (
            self.news.arrive(changes, awaited) if awaited else arrive_together(self.news, changes)
        )
        if news is not self.news:
            self.news = news

    def tell_first(self, tell: Callable[[News], None]) -> None:
        """Let something be told of news before the turn in which they arrive.

        tell: called in the event loop, outside the turn of this session, with the news as they
        will be; not if anything but published changes plays a part.
        """

        def first() -> None:
            changes = self._inbox.peek()
            is_plain = (
                not self.is_closed
                and self.condition is self._feed.condition
                and self._feed.snapshot.epoch == self.snapshot.epoch
                and not self._own.awaited(changes)
            )
            if is_plain and (news := arrive_together(self.news, changes)) is not self.news:
                tell(news)

        self._inbox.first = first

    def _follow_ground(self) -> Snapshot:
        """Return the newest snapshot. If the inventory was replaced, show it first.

        All older changes are dropped then: they are from the old log, or in that snapshot.
        """
        snapshot = self._feed.snapshot
        if snapshot.epoch != self.snapshot.epoch:
            self._inbox.take()
            snapshot = self._feed.snapshot
            news = News.at(snapshot.revision, is_restored=True)
            is_same = snapshot.has_same(self.selected, self.snapshot)
            self._show(snapshot, news=news, selected=self.selected if is_same else None)
        return snapshot

    def _on_filter(self, *_events: Any) -> None:
        if self._filtering.is_changed():
            self._filtering.when_found(self.snapshot, lambda: self._show(self.snapshot), "search")

    @property
    def is_searching(self) -> bool:
        """Whether `rows` are still those of an earlier filter, and an answer will come."""
        return self._filtering.is_searching

    def _show(self, snapshot: Snapshot, **others: Any) -> None:
        if len(self.chosen) and snapshot is not self.snapshot:
            is_same = snapshot.epoch == self.snapshot.epoch
            others["chosen"] = snapshot.present(self.chosen) if is_same else NONE_CHOSEN
        if self.compared and snapshot is not self.snapshot:
            others["compared"] = comparison.kept(self.compared, snapshot, self.snapshot)
        shown = {"snapshot": snapshot, "rows": self._filtering.rows_in(snapshot), **others}
        # Not `param.update`, which would read all values first, and so create the DataFrame.
        with param.parameterized.batch_call_watchers(self):
            for name, value in shown.items():
                setattr(self, name, value)
        if "dams" in self.param.watchers:
            with param.edit_constant(self):
                self.param.trigger("dams")

    @property
    def geodataframe(self) -> geopandas.GeoDataFrame:
        """`dams` as a geopandas.GeoDataFrame, with points in degrees (EPSG:4326).

        A dam without coordinates has no geometry: None. Raises PackageMissing without geopandas.
        """
        return as_geodataframe(self.dams)

    def _frame(self) -> pd.DataFrame:
        # Not `self.rows`, which may still be those of the search before.
        rows = self._filtering.rows_in(self.snapshot)
        return self.snapshot.frame if rows is None else self.snapshot.frame_with(rows)
