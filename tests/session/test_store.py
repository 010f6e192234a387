"""The state of one session, and its actions on the inventory."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from dam_inventory.database import change_log
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import Change, DamAdded
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.permissions import OPERATOR, User
from dam_inventory.errors import (
    DamChanged,
    DamInventoryError,
    DatabaseUnavailable,
    InvalidDam,
    InventoryFull,
    PermissionDenied,
    UnknownDam,
)
from dam_inventory.live.change_feed import ChangeFeed, Condition
from dam_inventory.session.news import News
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.filters import DamFilter
from tests.conftest import ask

Draft = Callable[..., DamDraft]
Add = Callable[..., None]

ANNA = User("anna", frozenset({"add_dams"}))
OTTO = User("otto", frozenset({"add_dams"}))


class Session:
    """Keeps callbacks until `run`, like the event loop of a page."""

    def __init__(self) -> None:
        self.scheduled: list[Callable[[], None]] = []
        self.firsts: list[Callable[[], None]] = []

    def __call__(
        self, callback: Callable[[], None], first: Callable[[], None] | None = None
    ) -> None:
        self.scheduled.append(callback)
        self.firsts += filter(None, [first])

    def run_firsts(self) -> None:
        for first in self.firsts:
            first()

    def run(self) -> None:
        callbacks, self.scheduled = self.scheduled, []
        for callback in callbacks:
            callback()


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def scheduled(inventory: Inventory, feed: ChangeFeed, session: Session) -> Iterator[DamStore]:
    """The store of a page, which gets changes when its event loop runs."""
    store = DamStore(inventory, feed, schedule=session, user=ANNA)
    yield store
    store.close()


@pytest.fixture
def others_add(inventory: Inventory, feed: ChangeFeed, draft: Draft) -> Add:
    """Add dams as another user."""

    def add(*names: str) -> None:
        for name in names:
            inventory.add(draft(name), by=OTTO)
            feed.announce()

    return add


def names(store: DamStore) -> list[str]:
    return store.dams["dam_name"].tolist()


def seqs(changes: tuple) -> list[int]:
    return [one.seq for one in changes]


def unread(store: DamStore) -> tuple[Change, ...]:
    return store.news.unread.changes


def confirmed(store: DamStore) -> tuple[Change, ...]:
    """Return the own change that the toast confirms, and those loaded with it."""
    own = store.news.own
    return (own, *store.news.loaded.changes) if own else ()


def test_a_new_session_shows_all_dams_without_pending_changes(store: DamStore):
    assert names(store) == ["Deer Creek", "Jordanelle"]
    assert (store.news.waiting, unread(store), store.selected, store.rows) == ((), (), None, None)


def test_dams_that_others_add_are_pending_and_not_shown(store: DamStore, others_add: Add):
    others_add("One", "Two")

    assert names(store) == ["Deer Creek", "Jordanelle"]
    assert [one.dam_name for one in store.news.waiting] == ["One", "Two"]
    assert unread(store) == store.news.waiting


def test_a_later_session_has_no_pending_changes_for_what_it_shows(
    inventory: Inventory, feed: ChangeFeed, others_add: Add
):
    others_add("One")

    store = DamStore(inventory, feed)

    assert names(store)[2:] == ["One"]
    assert store.news.waiting == ()
    store.close()


def test_reloading_shows_the_changes_and_keeps_selection_and_filter(
    store: DamStore, others_add: Add
):
    store.selected = 1
    store.filter.search = "provo"
    others_add("One", "Two")

    store.reload()

    assert names(store) == ["Deer Creek", "Jordanelle", "One", "Two"]
    assert (store.news.waiting, unread(store)) == ((), ())
    assert (store.selected, store.filter.search) == (1, "provo")


def test_dismissing_keeps_the_changes_pending(store: DamStore, others_add: Add):
    others_add("One")

    store.dismiss()

    assert names(store) == ["Deer Creek", "Jordanelle"]
    assert (seqs(store.news.waiting), unread(store)) == ([3], ())


def test_only_changes_after_dismissing_are_unread_and_all_stay_pending(
    store: DamStore, others_add: Add
):
    others_add("One")
    store.dismiss()

    others_add("Two")

    assert (seqs(store.news.waiting), seqs(unread(store))) == ([3, 4], [4])


def test_ones_own_dam_is_shown_and_selected_at_once(store: DamStore, draft: Draft):
    change = store.add(draft("Mine"))

    assert names(store) == ["Deer Creek", "Jordanelle", "Mine"]
    assert store.selected == change.dam_id == 3
    assert (store.news.waiting, unread(store), confirmed(store)) == ((), (), (change,))


@pytest.mark.databases("sqlite", "postgresql")
def test_ones_own_change_that_is_published_before_its_answer_is_never_told_as_anothers(
    store: DamStore, feed: ChangeFeed, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    told: list[tuple[Change, ...]] = []
    store.param.watch(lambda event: told.append(event.new.unread.changes), "news")
    add = Inventory.add

    def add_and_publish(*arguments: Any, **options: Any) -> Change:
        change = add(*arguments, **options)
        feed.catch_up()
        return change

    monkeypatch.setattr(Inventory, "add", add_and_publish)

    change = store.add(draft("Mine"))

    assert told
    assert not any(told)
    assert (unread(store), confirmed(store)) == ((), (change,))


def test_anothers_change_with_the_number_of_ones_own_that_failed_is_told(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    record = change_log.record

    def fail(*arguments: Any, **facts: Any) -> Change:
        record(*arguments, **facts)
        raise DatabaseUnavailable("It is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(change_log, "record", fail)
        with pytest.raises(DatabaseUnavailable):
            store.add(draft("Mine"))

    inventory.add(draft("Theirs"), by=OTTO)
    feed.catch_up()

    assert seqs(unread(store)) == [3]


def test_ones_own_dam_is_added_in_the_name_of_the_user(scheduled: DamStore, draft: Draft):
    assert scheduled.add(draft("Mine")).by == "anna"
    assert scheduled.dams.loc[3, "added_by"] == "anna"


def test_adding_a_dam_also_loads_pending_changes(store: DamStore, draft: Draft, others_add: Add):
    others_add("One", "Two")

    change = store.add(draft("Mine"))

    assert names(store)[2:] == ["One", "Two", "Mine"]
    assert (seqs(store.news.waiting), seqs(confirmed(store))) == ([], [change.seq, 3, 4])


def test_ones_own_dam_and_later_changes_are_shown_until_each_is_dismissed(
    store: DamStore, draft: Draft, others_add: Add
):
    store.add(draft("Mine"))

    others_add("One")

    assert seqs(store.news.waiting) == seqs(unread(store)) == [4]
    assert seqs(confirmed(store)) == [3]
    store.reload()
    assert (seqs(store.news.waiting), seqs(confirmed(store))) == ([], [3])
    store.dismiss()
    assert confirmed(store) == ()


def test_changes_loaded_with_ones_own_dam_are_still_counted_with_the_next_one(
    store: DamStore, draft: Draft, others_add: Add
):
    others_add("Theirs")
    store.add(draft("Mine"))

    store.add(draft("Mine, too"))

    assert [one.dam_name for one in confirmed(store)] == ["Mine, too", "Theirs"]
    store.dismiss()
    store.add(draft("The last"))
    assert [one.dam_name for one in confirmed(store)] == ["The last"]


def test_a_change_that_arrives_while_ones_own_dam_loads_is_pending(
    scheduled: DamStore,
    inventory: Inventory,
    feed: ChangeFeed,
    draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
):
    take = scheduled._inbox.take

    def take_after_another_one() -> list[Change]:
        monkeypatch.undo()
        inventory.add(draft("In between"))
        feed.catch_up()
        return take()

    monkeypatch.setattr(scheduled._inbox, "take", take_after_another_one)
    scheduled.add(draft("Mine"))

    assert names(scheduled)[2:] == ["Mine"]
    assert [one.dam_name for one in scheduled.news.waiting] == ["In between"]
    assert [one.dam_name for one in confirmed(scheduled)] == ["Mine"]
    scheduled.reload()
    assert names(scheduled)[2:] == ["Mine", "In between"]


def test_a_failing_view_does_not_make_a_saved_change_a_failure(
    scheduled: DamStore,
    session: Session,
    draft: Draft,
    wait_until: Callable[[Callable[[], Any]], None],
    caplog: pytest.LogCaptureFixture,
):
    def fail(_event: Any) -> None:
        raise ValueError("a view's bug")

    scheduled.param.watch(fail, "snapshot")

    outcomes = ask(scheduled.later.add(draft("Mine")))
    wait_until(lambda: session.scheduled and (session.run() or outcomes))

    assert [one.dam_name for one in outcomes] == ["Mine"]
    assert names(scheduled)[2:] == ["Mine"]
    assert "a view's bug" in caplog.text


def test_the_other_sessions_get_the_change(
    store: DamStore, scheduled: DamStore, session: Session, draft: Draft
):
    change = store.add(draft("Mine"))
    session.run()

    assert scheduled.news.waiting == (change,)


@pytest.mark.parametrize("refusal", [InvalidDam, InventoryFull, DatabaseUnavailable])
def test_a_refused_dam_changes_nothing_and_is_not_published(
    store: DamStore, inventory: Inventory, draft: Draft, refusal: type, monkeypatch
):
    heard: list[object] = []
    store.param.watch(heard.append, ["news", "snapshot", "selected"])
    if refusal is InventoryFull:
        inventory.limits.max_dams = 2
    elif refusal is DatabaseUnavailable:
        monkeypatch.setattr(inventory, "add", _unavailable)

    with pytest.raises(refusal):
        store.add(draft("" if refusal is InvalidDam else "Mine"))

    assert (heard, inventory.count(), len(names(store))) == ([], 2, 2)


def test_changes_still_arrive_after_a_refusal(store: DamStore, others_add: Add):
    with pytest.raises(InvalidDam):
        store.add(DamDraft())

    others_add("One")

    assert seqs(store.news.waiting) == [3]


def test_an_added_dam_is_never_reported_as_failed(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft, monkeypatch
):
    """Otherwise the user would add it again."""
    with monkeypatch.context() as away:
        away.setattr(inventory, "advance", _unavailable)
        change = store.add(draft("Mine"))

    assert names(store) == ["Deer Creek", "Jordanelle"]
    feed.catch_up()
    assert store.news.waiting == unread(store) == (change,)


def test_edits_and_removals_of_others_are_pending_and_not_shown(
    store: DamStore, inventory: Inventory
):
    inventory.edit(1, {"river": "Green River"}, seen=2)
    inventory.remove(2, seen=2)
    store._feed.catch_up()

    assert [type(one).__name__ for one in store.news.waiting] == ["DamEdited", "DamRemoved"]
    assert store.dams["river"].tolist() == ["Provo River"] * 2
    store.reload()
    assert store.dams["river"].tolist() == ["Green River"]


def test_ones_own_edit_is_shown_at_once(store: DamStore):
    store.edit(1, {"river": "Green River"}, seen=2)

    assert store.dams.loc[1, "river"] == "Green River"
    assert (store.news.waiting, [type(one).__name__ for one in confirmed(store)]) == (
        (),
        ["DamEdited"],
    )


def test_an_edit_without_a_difference_shows_no_toast(store: DamStore):
    assert store.edit(1, {"river": "Provo River"}, seen=2) is None
    assert (confirmed(store), store.snapshot.revision) == ((), 2)


def test_ones_own_removal_and_its_undo_are_shown_at_once(store: DamStore):
    removal = store.remove(1)
    assert list(store.dams.index) == [2]

    store.undo(removal.seq)
    assert list(store.dams.index) == [1, 2]


def test_a_dam_that_others_have_changed_is_not_removed_unseen(
    store: DamStore, inventory: Inventory
):
    inventory.edit(1, {"river": "Green River"}, seen=2, by=User("otto", frozenset({"edit_any"})))

    with pytest.raises(DamChanged, match="edited by otto"):
        store.remove(1)

    store._feed.catch_up()
    store.reload()
    store.remove(1)
    assert list(store.dams.index) == [2]


def test_ones_own_hydrograph_is_shown_at_once(store: DamStore):
    store.assign_hydrograph(1, Hydrograph([0, 1], [5, 6]))

    assert store.dams["hydrograph_id"].tolist() == [1, None]


def test_a_session_acts_with_the_name_and_permissions_of_its_user(scheduled: DamStore):
    with pytest.raises(PermissionDenied, match=r"^anna may not remove"):
        scheduled.remove(1)

    assert [scheduled.may_change(row) for row in range(2)] == [False, False]


def test_results_of_reads_arrive_in_the_session(
    scheduled: DamStore, session: Session, wait_until: Callable[[Callable[[], Any]], None]
):
    read: list[object] = []

    scheduled.in_background(lambda: 2, read.append, "something")
    wait_until(lambda: session.scheduled)
    assert read == []
    session.run()
    scheduled.hydrograph(99, read.append)
    wait_until(lambda: session.scheduled and (session.run() or len(read) == 2))

    assert read[0] == 2
    assert isinstance(read[1], UnknownDam)


def test_a_session_knows_whether_it_may_show_outdated_data(
    store: DamStore, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: Any) -> None:
        raise DatabaseUnavailable("It sleeps.")

    with monkeypatch.context() as failing:
        failing.setattr(inventory, "advance", fail)
        with pytest.raises(DatabaseUnavailable):
            store._feed.catch_up()
        assert store.condition is Condition.UNAVAILABLE
        later = DamStore(inventory, store._feed)
        later.close()
        assert later.condition is Condition.UNAVAILABLE

    store._feed.catch_up()
    assert store.condition is Condition.CURRENT


def test_a_returning_page_reports_missed_changes_once(
    store: DamStore, others_add: Add, wait_until: Callable[[Callable[[], Any]], None]
):
    others_add("One", "Two")
    store.reload()

    store.tell_missed(3)
    wait_until(lambda: store.news.missed)
    assert [one.dam_name for one in store.news.missed] == ["Two"]
    store.dismiss()
    assert store.news.missed == ()
    store.tell_missed(4)
    assert store.news.missed == ()


def test_missed_changes_are_shown_until_dismissed_even_if_others_arrive(
    store: DamStore,
    others_add: Add,
    draft: Draft,
    wait_until: Callable[[Callable[[], Any]], None],
):
    store.tell_missed(1)
    wait_until(lambda: store.news.missed)

    others_add("One")
    store.reload()
    store.add(draft("Mine"))

    assert [one.dam_name for one in store.news.missed] == ["Jordanelle"]
    store.dismiss()
    assert store.news.missed == ()


def test_missed_changes_are_counted_correctly_while_the_log_grows(
    store: DamStore,
    others_add: Add,
    monkeypatch: pytest.MonkeyPatch,
    wait_until: Callable[[Callable[[], Any]], None],
):
    monkeypatch.setattr("dam_inventory.session.store.MAX_MISSED", 2)
    others_add("One", "Two", "Three")

    store.tell_missed(1)
    wait_until(lambda: store.news.missed)

    assert [one.dam_name for one in store.news.missed] == ["Jordanelle"]


def test_changes_loaded_before_they_are_published_are_counted_with_ones_own_dam(
    store: DamStore, inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    """The feed sets a new snapshot shortly before it publishes the changes in it."""
    feed = store._feed
    late = []

    def announce() -> None:
        feed.catch_up()
        inventory.add(draft("Theirs"))
        feed.snapshot, news = inventory.advance(feed.snapshot)
        late.extend(news)

    monkeypatch.setattr(feed, "announce", announce)
    own = store.add(draft("Mine"))
    assert (confirmed(store), len(store.dams)) == ((own,), 4)
    feed.pubsub.publish(late)

    assert [one.dam_name for one in confirmed(store)] == ["Mine", "Theirs"]
    assert store.news.waiting == ()
    feed.pubsub.publish(late)
    assert len(confirmed(store)) == 2


def test_a_burst_of_changes_schedules_one_callback(
    scheduled: DamStore, session: Session, others_add: Add
):
    others_add(*(f"Dam {i}" for i in range(20)))

    assert (len(session.scheduled), scheduled.news.waiting) == (1, ())
    session.run()
    assert seqs(scheduled.news.waiting) == list(range(3, 23))

    others_add("One more")
    assert len(session.scheduled) == 1


def test_a_burst_of_changes_updates_the_toast_once(
    scheduled: DamStore, session: Session, others_add: Add
):
    events: list[tuple[str, ...]] = []
    scheduled.param.watch(
        lambda *changed: events.append(tuple(one.name for one in changed)), ["news", "snapshot"]
    )
    others_add("One", "Two", "Three")

    session.run()

    assert events == [("news",)]


def test_adding_a_dam_while_a_callback_waits_schedules_no_second_one(
    scheduled: DamStore, session: Session, others_add: Add, draft: Draft
):
    others_add("One")
    scheduled.add(draft("Mine"))
    others_add("Two")

    assert len(session.scheduled) == 1
    session.run()
    assert (seqs(scheduled.news.waiting), seqs(unread(scheduled))) == ([5], [5])


def test_changes_loaded_before_the_callback_runs_are_not_pending(
    scheduled: DamStore, session: Session, others_add: Add
):
    others_add("One")
    scheduled.reload()

    session.run()

    assert names(scheduled)[2:] == ["One"]
    assert (scheduled.news.waiting, unread(scheduled)) == ((), ())


def test_changes_that_arrive_while_the_session_is_created_are_not_lost(
    inventory: Inventory, feed: ChangeFeed, others_add: Add, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(feed, "start", lambda: others_add("In between"))

    store = DamStore(inventory, feed)

    assert names(store)[2:] == ["In between"]
    assert store.news.waiting == ()
    others_add("Later")
    assert seqs(store.news.waiting) == [4]
    store.close()


@pytest.fixture
def database_is_busy(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[threading.Event]:
    """An event that blocks every `add` until it is set."""
    add, is_free = inventory.add, threading.Event()

    def wait(*arguments: Any, **keywords: Any) -> Change:
        assert is_free.wait(timeout=30)
        return add(*arguments, **keywords)

    monkeypatch.setattr(inventory, "add", wait)
    yield is_free
    is_free.set()


def test_background_work_does_not_block_the_page_while_the_database_is_busy(
    scheduled: DamStore,
    session: Session,
    draft: Draft,
    database_is_busy: threading.Event,
    wait_until: Callable[[Callable[[], Any]], None],
):
    outcomes = ask(scheduled.later.add(draft("Mine")))
    session.run()
    assert (outcomes, len(names(scheduled))) == ([], 2)

    database_is_busy.set()
    wait_until(lambda: session.scheduled and (session.run() or outcomes))
    assert seqs(outcomes) == [3]
    assert names(scheduled)[2:] == ["Mine"]
    assert (scheduled.news.waiting, seqs(confirmed(scheduled)), scheduled.selected) == ((), [3], 3)


def test_dams_that_others_add_in_the_meantime_are_loaded_with_ones_own_dam(
    engine: Engine,
    feed: ChangeFeed,
    scheduled: DamStore,
    session: Session,
    draft: Draft,
    database_is_busy: threading.Event,
    wait_until: Callable[[Callable[[], Any]], None],
):
    outcomes = ask(scheduled.later.add(draft("Mine")))
    Inventory(engine).add(draft("One"))
    feed.announce()
    session.run()
    assert seqs(unread(scheduled)) == [3]

    database_is_busy.set()
    wait_until(lambda: session.scheduled and (session.run() or outcomes))
    assert names(scheduled)[2:] == ["One", "Mine"]
    assert (seqs(scheduled.news.waiting), seqs(confirmed(scheduled))) == ([], [4, 3])


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (DatabaseUnavailable("The database is away."), "The database is away."),
        (ValueError("a bug"), "Unexpected error. It has been logged."),
    ],
)
def test_a_refusal_in_the_background_is_reported_and_changes_still_arrive(
    inventory: Inventory,
    scheduled: DamStore,
    session: Session,
    others_add: Add,
    monkeypatch: pytest.MonkeyPatch,
    wait_until: Callable[[Callable[[], Any]], None],
    failure: Exception,
    sentence: str,
):
    def fail(*_: Any, **__: Any) -> None:
        raise failure

    with monkeypatch.context() as failing:
        failing.setattr(inventory, "add", fail)
        outcomes = ask(scheduled.later.add(DamDraft()))
        wait_until(lambda: session.scheduled and (session.run() or outcomes))
    others_add("One")
    session.run()

    assert [str(one) for one in outcomes] == [sentence]
    assert (seqs(scheduled.news.waiting), scheduled.selected) == ([3], None)


def test_a_dam_added_while_the_log_is_unreadable_arrives_later_as_a_change(
    inventory: Inventory,
    feed: ChangeFeed,
    scheduled: DamStore,
    session: Session,
    draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
    wait_until: Callable[[Callable[[], Any]], None],
):
    with monkeypatch.context() as away:
        away.setattr(inventory, "advance", _unavailable)
        outcomes = ask(scheduled.later.add(draft("Mine")))
        wait_until(lambda: session.scheduled and (session.run() or outcomes))
    assert (seqs(outcomes), len(names(scheduled))) == ([3], 2)

    feed.catch_up()
    session.run()

    assert [one.dam_name for one in scheduled.news.waiting] == ["Mine"]


def test_a_dam_saved_just_before_another_process_upgrades_the_database_counts_as_saved(
    engine: Engine, feed: ChangeFeed, draft: Draft
):
    class UpgradedAfterwards(Inventory):
        def add(self, draft: DamDraft, by: User = OPERATOR) -> DamAdded:
            added = super().add(draft, by)
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE changes RENAME TO changes_of_the_future"))
                connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            return added

    store = DamStore(UpgradedAfterwards(engine), feed)

    assert store.add(draft("Mine")).dam_name == "Mine"
    assert feed.condition is Condition.OUTDATED
    store.close()


def test_a_closed_session_gets_no_changes_and_has_no_subscription(
    feed: ChangeFeed, scheduled: DamStore, session: Session, others_add: Add
):
    scheduled.close()
    scheduled.close()

    others_add("One")

    assert (session.scheduled, scheduled.news.waiting, len(feed.pubsub)) == ([], (), 0)


def test_two_hundred_closed_sessions_leave_no_objects_behind(
    inventory: Inventory, feed: ChangeFeed, others_add: Add
):
    gone = []
    for _ in range(200):
        store = DamStore(inventory, feed)
        gone.append(weakref.ref(store))
        store.close()
    del store
    others_add("One")
    gc.collect()

    assert [one for one in gone if one() is not None] == []
    assert len(feed.pubsub) == 0


def test_changes_published_just_after_the_snapshot_is_taken_are_shown(
    inventory: Inventory, feed: ChangeFeed, others_add: Add, monkeypatch: pytest.MonkeyPatch
):
    def filter_made_slowly() -> DamFilter:
        others_add("Just after")
        return DamFilter()

    monkeypatch.setattr("dam_inventory.session.store.DamFilter", filter_made_slowly)

    store = DamStore(inventory, feed)

    assert (names(store)[2:], store.news.waiting) == (["Just after"], ())
    store.close()


def test_a_search_filters_the_dams_and_clearing_it_shows_all(store: DamStore):
    store.filter.search = "jordan"
    assert (names(store), store.rows.tolist()) == (["Jordanelle"], [1])

    store.filter.search = ""
    assert (len(names(store)), store.rows) == (2, None)


def test_reloading_keeps_the_search(store: DamStore, others_add: Add):
    store.filter.search = "lake"
    others_add("Heron Lake", "Avocet")

    store.reload()

    assert names(store) == ["Heron Lake"]


def test_the_dams_can_be_watched(store: DamStore, others_add: Add):
    sizes: list[int] = []
    store.param.watch(lambda event: sizes.append(len(event.new)), "dams")

    store.filter.search = "jordan"
    store.filter.search = ""
    others_add("One")
    store.reload()

    assert sizes == [1, 2, 3]


def test_the_dams_are_read_only(store: DamStore):
    with pytest.raises(TypeError, match="Constant parameter"):
        store.dams = pd.DataFrame()


def _unavailable(*_: object, **__: object) -> None:
    raise DatabaseUnavailable("The database does not answer.")


def test_a_closed_store_refuses_reads_and_changes(
    store: DamStore, draft: Callable[..., DamDraft], wait_until: Callable[..., None]
):
    read: list[Any] = []
    store.close()

    with pytest.raises(DamInventoryError, match=r"This dashboard is closed\."):
        store.add(draft())
    outcomes = ask(store.later.add(draft()))
    store.history(None, None, 10, read.append)
    wait_until(lambda: outcomes and read)

    assert {str(one) for one in (*outcomes, *read)} == {"This dashboard is closed."}
    store.reload()
    assert len(store.dams) == 2


def test_sessions_follow_the_day_at_midnight(store: DamStore, feed: ChangeFeed):
    told = []
    feed.pubsub.subscribe(told.append)
    feed.today = store.filter.today = dt.date(2020, 1, 1)

    feed.catch_up()
    feed.catch_up()

    assert store.filter.today == feed.today == dt.date.today()
    assert told == [()]


def test_news_are_told_before_their_turn_as_they_will_be(
    scheduled: DamStore, session: Session, others_add: Add
):
    told: list[News] = []
    scheduled.tell_first(told.append)

    others_add("Heron Lake", "Otter Dam")
    session.run_firsts()

    assert seqs(scheduled.news.unread.changes) == []
    session.run()
    assert seqs(scheduled.news.unread.changes) == [3, 4]
    assert told[-1] is scheduled.news


def test_only_what_was_published_is_told_before_its_turn(
    scheduled: DamStore, session: Session, others_add: Add
):
    told: list[News] = []
    scheduled.tell_first(told.append)

    others_add("Heron Lake")
    scheduled._own._saved.add(3)  # It is this session's own, and not yet shown.
    session.run_firsts()
    assert told == []
    scheduled._own._saved.clear()
    scheduled._feed.condition = Condition.UNAVAILABLE
    session.run_firsts()
    assert told == []
    scheduled._feed.condition = Condition.CURRENT
    scheduled.close()
    session.run_firsts()
    assert told == []
