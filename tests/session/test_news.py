"""What a session has been told, shows and waits for: every change is in exactly one place."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from dam_inventory.database import ground
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain import messages
from dam_inventory.domain.changes import Change, DamAdded
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import User
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.pubsub import PubSub
from dam_inventory.session import background
from dam_inventory.session import news as news_module
from dam_inventory.session.answers import start
from dam_inventory.session.news import News, Recent, arrive_together
from dam_inventory.session.store import DamStore
from dam_inventory.session.workers import outcome_of
from tests.conftest import SilentRelay

KEPT = 3
"""How many changes are kept one by one here, so that a few steps exceed it."""
PAGES = st.sampled_from(["anna", "otto"])
FEW = settings(
    max_examples=40,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # To shrink an example takes minutes.
)


def added(seq: int) -> DamAdded:
    return DamAdded(seq, dt.datetime(2020, 1, 1, tzinfo=dt.UTC), None, seq, f"Dam {seq}")


def total(some: Recent) -> int:
    return some.earlier + len(some.changes)


def check_places(news: News, shown: set[int], waiting: list[int]) -> None:
    """Check a session's news. waiting: what is delivered and not shown, in order."""
    assert total(news.dismissed) + total(news.unread) == len(waiting)
    told = waiting[: total(news.dismissed)]
    kept = [one.seq for one in news.dismissed.changes]
    assert kept == told[news.dismissed.earlier :]
    # Fewer after an answer to a toast that told of a part of many.
    assert len(kept) <= KEPT
    assert [one.seq for one in news.unread.changes] == waiting[len(told) :][-KEPT:]
    loaded = [one.seq for one in news.loaded.changes]
    assert loaded == sorted(set(loaded))
    assert {*loaded, *([news.own.seq] if news.own else [])} <= shown


@pytest.fixture(autouse=True)
def _few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_module, "MAX_KEPT", KEPT)


class Log(RuleBasedStateMachine):
    """The news of one session alone, whatever reaches it and whenever."""

    def __init__(self) -> None:
        super().__init__()
        self.news = News.at(0)
        self.size = self.delivered = 0
        self.awaited: set[int] = set()

    @rule(number=st.integers(1, 5))
    def changes_are_committed(self, number: int) -> None:
        self.size += number

    @rule()
    def an_own_change_is_committed(self) -> None:
        self.size += 1
        self.awaited.add(self.size)

    @rule(again=st.integers(0, 9), number=st.integers(0, 9))
    def changes_are_published(self, again: int, number: int) -> None:
        first = max(0, self.delivered - again)
        self.delivered = max(self.delivered, min(self.size, first + number))
        published = [added(seq) for seq in range(first + 1, min(self.size, first + number) + 1)]
        self.news = self.news.arrive(published, self.awaited)

    @rule(more=st.integers(-9, 9))
    def the_person_reloads(self, more: int) -> None:
        self.news = self.news.load(self.newest(more))

    @precondition(lambda self: self.awaited)
    @rule(more=st.integers(-9, 9))
    def the_own_change_is_shown(self, more: int) -> None:
        own = min(self.awaited)
        self.awaited.discard(own)
        self.news = self.news.confirm(added(own), max(own, self.newest(more)))

    @rule()
    def the_person_dismisses(self) -> None:
        self.news = self.news.dismiss()
        assert (self.news.unread, self.news.own, self.news.loaded) == (Recent(), None, Recent())

    @rule(seq=st.integers(0, 99))
    def the_person_answers_a_toast_of_a_while_ago(self, seq: int) -> None:
        before, self.news = self.news, self.news.dismiss_to(seq)
        left = tuple(one for one in before.unread.changes if one.seq > seq)
        assert self.news.unread.changes == left
        assert (self.news.own, self.news.loaded) == (before.own, before.loaded)

    @rule()
    def the_inventory_is_replaced(self) -> None:
        self.size = self.delivered = self.size // 2
        self.awaited.clear()
        self.news = News.at(self.size, is_restored=True)

    def newest(self, more: int) -> int:
        """Return a newer revision, as a snapshot has that was read before or after the inbox."""
        kept = {one.seq for one in self.news.waiting}
        counted = [seq for seq in self.waiting() if seq not in kept]
        return max(self.news.revision, *counted, min(self.size, self.delivered + more))

    def waiting(self) -> list[int]:
        delivered = range(self.news.revision + 1, self.delivered + 1)
        return [seq for seq in delivered if seq not in self.awaited]

    @invariant()
    def each_change_is_in_one_place(self) -> None:
        check_places(self.news, set(range(1, self.news.revision + 1)), self.waiting())


def test_an_answer_to_a_toast_of_a_while_ago_takes_no_change_off_that_came_since():
    news = News.at(0).arrive([added(seq) for seq in range(1, KEPT + 2)])

    assert news.dismiss_to(0) == news
    dismissed = news.dismiss_to(2).dismissed
    assert ([one.seq for one in dismissed.changes], dismissed.earlier) == ([2], 1)


def test_each_change_is_shown_or_waits_or_is_not_delivered():
    run_state_machine_as_test(Log, settings=settings(max_examples=100))


class Workers:
    """A pool that works when it is told to, in the thread of the test."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Callable[[], Any], Callable[[Any], None]]] = deque()

    def do(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.waiting.append((work, done))

    def run(self) -> None:
        work, done = self.waiting.popleft()
        done(outcome_of(work))


class LatePubSub(PubSub):
    """A pub/sub that can hold publications back."""

    def __init__(self) -> None:
        super().__init__()
        self.is_held = False
        self.held: list[Sequence[Change]] = []

    def publish(self, news: Sequence[Change]) -> int:
        self.held.append(news)
        return 0 if self.is_held else self.let_go()

    def let_go(self) -> int:
        held, self.held = self.held, []
        return sum([super(LatePubSub, self).publish(news) for news in held])


class Feed(ChangeFeed):
    """A feed that reads the log only when it is told to."""

    def start(self) -> None:
        pass


class ViewFailed(Exception):
    """A view can't show a snapshot."""


class Page:
    """A session with a form, as far as the store sees them."""

    def __init__(self, name: str, inventory: Inventory, feed: ChangeFeed) -> None:
        self.scheduled: list[Callable[[], None]] = []
        user = User(name, frozenset({"add_dams"}))
        self.store = DamStore(inventory, feed, schedule=self.scheduled.append, user=user)
        self.store.param.watch(self._show, "snapshot")
        self.fails = self.busy = False
        self.refusals: list[Exception] = []
        self.taken: set[int] = set()
        self.between: Callable[[], None] | None = None
        self._take, self.store._inbox.take = self.store._inbox.take, self._take_after  # type: ignore

    def submit(self, dam_name: str) -> None:
        start(self._save(dam_name))

    async def _save(self, dam_name: str) -> None:
        self.busy = True
        try:
            await self.store.later.add(draft(dam_name))
        except Exception as error:
            self.refusals.append(error)
        finally:
            self.busy = False

    def run(self) -> None:
        callbacks, self.scheduled[:] = [*self.scheduled], []
        for callback in callbacks:
            with suppress(ViewFailed):  # An event loop logs it, and goes on.
                callback()

    def _show(self, _event: Any) -> None:
        fails, self.fails = self.fails, False
        if fails:
            raise ViewFailed

    def _take_after(self) -> list[Change]:
        between, self.between = self.between, None
        if between:
            between()
        taken = self._take()
        self.taken |= {one.seq for one in taken}
        return taken


def draft(dam_name: str) -> DamDraft:
    return DamDraft(dam_name, "Reclamation", "Provo River", "1941", 40.5, -111.5)


class Sessions(RuleBasedStateMachine):
    """Two pages, their feed and another process, on one database that grows with each example."""

    def __init__(self, engine: Engine, workers: Workers) -> None:
        super().__init__()
        self.engine, self.workers = engine, workers
        self.inventory = Inventory(engine)
        self.pubsub = LatePubSub()
        self.feed = Feed(self.inventory, self.pubsub, SilentRelay())
        self.log: list[Change] = []
        self.pages: dict[str, Page] = {}
        self.workers.waiting.clear()
        add = self.inventory.add

        def add_to_the_log(*arguments: Any, **options: Any) -> Change:
            self.log.append(add(*arguments, **options))
            return self.log[-1]

        self.inventory.add = add_to_the_log  # type: ignore[method-assign]

    @initialize()
    def pages_are_opened(self) -> None:
        for name in ("anna", "otto"):
            self.pages[name] = Page(name, self.inventory, self.feed)

    def teardown(self) -> None:
        for page in self.pages.values():
            page.store.close()

    @rule()
    def another_process_adds(self) -> None:
        self.inventory.add(draft("Theirs"))

    @rule()
    def the_feed_reads_the_log(self) -> None:
        self.feed.catch_up()

    @rule(is_held=st.booleans())
    def publications_are_late(self, is_held: bool) -> None:
        self.pubsub.is_held = is_held
        if not is_held:
            self.pubsub.let_go()

    @precondition(lambda self: self.log and not self.pubsub.held)
    @rule(number=st.integers(1, 5))
    def changes_are_published_again(self, number: int) -> None:
        known = [one for one in self.log if one.seq <= self.feed.snapshot.revision]
        if known:
            PubSub.publish(self.pubsub, known[-number:])

    @rule(name=PAGES, is_answered=st.booleans(), a_view_fails=st.booleans())
    def a_form_is_submitted(self, name: str, is_answered: bool, a_view_fails: bool) -> None:
        if not self.pages[name].busy:
            self.pages[name].submit("Mine")
            if is_answered:
                while self.workers.waiting:
                    self.workers.run()
                self.an_event_loop_runs(name, a_view_fails)

    @precondition(lambda self: self.workers.waiting)
    @rule()
    def a_worker_works(self) -> None:
        self.workers.run()

    @rule(name=PAGES, is_in_between=st.booleans())
    def a_script_adds(self, name: str, is_in_between: bool) -> None:
        store = self.pages[name].store
        if is_in_between:
            self.a_change_comes_in_between(name)
        own = store.add(draft("Of a script"))
        if not self.pubsub.is_held:
            assert (store.news.own, store.selected) == (own, own.dam_id)

    @rule(name=PAGES, a_view_fails=st.booleans())
    def an_event_loop_runs(self, name: str, a_view_fails: bool) -> None:
        self.pages[name].fails = a_view_fails
        self.pages[name].run()
        self.pages[name].fails = False

    @rule(name=PAGES)
    def a_change_comes_in_between(self, name: str) -> None:
        """Between the session's look at the snapshot and its look at the inbox."""

        def between() -> None:
            self.inventory.add(draft("In between"))
            self.feed.catch_up()

        self.pages[name].between = between

    @rule(name=PAGES)
    def a_person_reloads(self, name: str) -> None:
        self.pages[name].store.reload()

    @rule(name=PAGES)
    def a_person_dismisses(self, name: str) -> None:
        self.pages[name].store.dismiss()

    @rule(name=PAGES)
    def a_page_comes_back(self, name: str) -> None:
        """In a new session, which is told what the old one showed last."""
        if self.pages[name].busy:
            return
        old = self.pages[name].store
        old.close()
        self.pages[name] = Page(name, self.inventory, self.feed)
        self.pages[name].store.tell_missed(old.snapshot.mark)

    @precondition(lambda self: not self.pubsub.held)
    @rule()
    def the_inventory_is_replaced(self) -> None:
        with self.engine.begin() as connection:
            ground.new_epoch(connection)
        self.feed.catch_up()

    @invariant()
    def each_change_is_in_one_place(self) -> None:
        for page in self.pages.values():
            if page.store.snapshot.epoch != self.feed.snapshot.epoch:
                continue  # It shows the new inventory as soon as its event loop runs.
            store = page.store
            shown = {one.seq for one in self.log if store.snapshot.row_of(one.dam_id) is not None}
            delivered = page.taken - store._own._saved
            waiting = [one.seq for one in self.log if one.seq in delivered - shown]
            check_places(store.news, shown, waiting)
            expected = {one.seq for one in self.log if one.seq <= self.feed.snapshot.revision}
            late = {one.seq for some in [*self.pubsub.held, store._inbox._news] for one in some}
            assert expected == shown | {*waiting} | (late & expected) | store._own._saved
            assert {one.seq for one in store.news.missed} <= shown

    @invariant()
    def a_form_waits_no_longer_than_for_its_answer(self) -> None:
        for page in self.pages.values():
            assert not page.busy or page.scheduled or self.workers.waiting
            assert page.refusals == [], "The change was saved."


def test_in_each_session_every_change_is_shown_or_waits_or_is_not_delivered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    workers = Workers()
    monkeypatch.setattr(background, "readers", workers)
    monkeypatch.setattr(background, "writers", workers)

    run_state_machine_as_test(partial(Sessions, engine, workers), settings=FEW)


def test_a_page_that_nobody_reads_keeps_the_latest_changes_and_counts_the_others():
    news = News.at(0)

    for seq in range(1, 101):
        news = news.arrive([added(seq)])

    assert [one.seq for one in news.waiting] == [98, 99, 100]
    assert news.unread.earlier == 97
    text = "100 changes have been made. Reload to see them."
    assert messages.announcement(news.unread.changes, news.unread.earlier) == text
    assert news.load(100) == News.at(100)


def test_sessions_in_the_same_state_share_what_they_come_to_by_the_same_changes():
    first, second = added(1), added(2)
    one, other, later = News.at(0), News.at(0), News.at(1)

    shared = arrive_together(one, [first, second])

    assert shared == one.arrive([first, second])
    assert arrive_together(other, [first, second]) is shared
    assert arrive_together(one, [second]) == one.arrive([second]) != shared
    assert arrive_together(later, [first, second]) == later.arrive([first, second]) != shared
    assert arrive_together(one, [first, added(2)]) is not shared
    assert arrive_together(one, []) is one
