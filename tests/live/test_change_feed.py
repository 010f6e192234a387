"""Reading the log, updating the snapshot, publishing changes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from polars.exceptions import PanicException
from sqlalchemy import Engine, text

from dam_inventory.config.settings import Settings
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import Change
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import DatabaseUnavailable
from dam_inventory.live import change_feed
from dam_inventory.live.change_feed import ChangeFeed, Condition
from dam_inventory.live.pubsub import PubSub
from dam_inventory.runtime import Runtime
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.snapshot import Snapshot
from tests.importing import import_all

Draft = Callable[..., DamDraft]


class Heard:
    """A listener that keeps the `seq` of each change it receives."""

    def __init__(self, feed: ChangeFeed) -> None:
        self._queue: queue.Queue[int] = queue.Queue()
        self.seqs: list[int] = []
        feed.pubsub.subscribe(lambda news: [self._queue.put(one.seq) for one in news])

    def next(self) -> int:
        self.seqs.append(self._queue.get(timeout=30))
        return self.seqs[-1]

    def all(self) -> list[int]:
        while not self._queue.empty():
            self.next()
        return self.seqs


@pytest.fixture
def heard(feed: ChangeFeed) -> Heard:
    return Heard(feed)


@contextmanager
def log_that_can_not_be_read(engine: Engine) -> Iterator[None]:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE changes RENAME TO away"))
    yield
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO changes"))


def test_a_session_opens_while_the_log_is_being_read(
    feed: ChangeFeed, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    """Sessions are created in the event loop, which must not wait for the database."""
    begun, go_on = threading.Event(), threading.Event()

    def advance(snapshot: Snapshot) -> tuple[Snapshot, list[Change]]:
        begun.set()
        go_on.wait()
        return snapshot, []

    monkeypatch.setattr(inventory, "advance", advance)
    reading = threading.Thread(target=feed.catch_up)
    reading.start()
    assert begun.wait(timeout=30)

    opening = threading.Thread(target=lambda: DamStore(inventory, feed).close())
    opening.start()
    opening.join(timeout=30)
    is_open = not opening.is_alive()
    go_on.set()
    reading.join()
    opening.join()

    assert is_open


def test_an_unexpected_error_while_announcing_is_logged_and_not_raised(
    feed: ChangeFeed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(_: Snapshot) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(feed._inventory, "advance", fail)

    feed.announce()

    assert feed.condition is Condition.FAILED
    assert "a bug" in caplog.text


def test_a_restored_inventory_without_unknown_changes_is_not_outdated(
    engine: Engine, feed: ChangeFeed, inventory: Inventory, draft: Draft
):
    added = inventory.add(draft())
    with engine.begin() as connection:
        connection.execute(text("UPDATE changes SET kind = 'DamsMerged' WHERE seq = 3"))
    feed.catch_up()
    assert (added.seq, feed.condition) == (3, Condition.OUTDATED)

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM changes WHERE seq = 3"))
    feed.catch_up()

    assert feed.condition is Condition.CURRENT


def test_changes_that_can_not_be_applied_are_reported_as_a_failure(
    feed: ChangeFeed, inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    def panic(_: Snapshot) -> None:
        raise PanicException("a bug of Polars")

    inventory.add(draft())
    with monkeypatch.context() as broken:
        broken.setattr(Snapshot, "fold", panic)
        feed.announce()

    assert feed.condition is Condition.FAILED

    assert feed.catch_up() == 1
    assert feed.condition is Condition.CURRENT


def test_it_starts_with_the_newest_snapshot(feed: ChangeFeed, inventory: Inventory):
    assert (len(feed.snapshot), feed.snapshot.revision) == (2, 2)
    assert feed.catch_up() == 0


def test_it_publishes_each_change_once_and_in_order(
    feed: ChangeFeed, heard: Heard, inventory: Inventory, draft: Draft
):
    inventory.add(draft("One"))
    import_all(inventory, [draft("Two").checked_facts()], "dams.csv")
    inventory.add(draft("Three"))

    assert [feed.catch_up(), feed.catch_up()] == [3, 0]
    assert heard.all() == [3, 4, 5]


def test_the_snapshot_contains_a_change_before_it_is_published(
    feed: ChangeFeed, inventory: Inventory, draft: Draft
):
    seen: list[tuple[int, int]] = []

    def listen(news: list[Change]) -> None:
        seen.append((len(feed.snapshot), feed.snapshot.revision))

    feed.pubsub.subscribe(listen)
    inventory.add(draft())
    feed.catch_up()

    assert seen == [(3, 3)]


def test_a_lost_wake_up_is_compensated_by_the_next_one(
    feed: ChangeFeed, heard: Heard, inventory: Inventory, draft: Draft
):
    inventory.add(draft("Nobody was told"))
    inventory.add(draft("Somebody was"))
    feed.announce()

    assert heard.all() == [3, 4]


def test_a_lost_wake_up_is_compensated_by_the_heartbeat(
    feed: ChangeFeed, inventory: Inventory, draft: Draft
):
    """The relay of the feed loses every signal."""
    beating = ChangeFeed(inventory, PubSub(), feed._relay, heartbeat=0.01)
    heard = Heard(beating)
    beating.start()

    inventory.add(draft())

    assert heard.next() == 3
    beating.close()


def test_threads_that_catch_up_together_publish_each_change_once_and_in_order(
    feed: ChangeFeed, heard: Heard, inventory: Inventory, draft: Draft
):
    barrier = threading.Barrier(6)

    def work(number: int) -> None:
        barrier.wait(timeout=30)
        for i in range(5):
            inventory.add(draft(f"Dam {number} {i}"))
            feed.announce()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert heard.all() == list(range(3, 33))
    assert feed.snapshot.frame.equals(inventory.snapshot().frame)


def test_only_one_thread_at_a_time_advances_the_snapshot(
    feed: ChangeFeed, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    advance, meeting = inventory.advance, threading.Barrier(2)
    met: list[bool] = []

    def wait_for_another(snapshot: Snapshot) -> tuple[Snapshot, list[Change]]:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.1)
            met.append(True)
        return advance(snapshot)

    monkeypatch.setattr(inventory, "advance", wait_for_another)
    threads = [threading.Thread(target=feed.catch_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert met == []


def test_a_change_in_another_process_arrives_by_itself(
    database_url: str, runtime: Runtime, draft: Draft
):
    """Two runtimes on one file behave like two processes."""
    heard = Heard(runtime.feed)
    runtime.feed.start()

    with Runtime(Settings(database_url=database_url)) as other:
        other.inventory.add(draft("From afar"))

        assert heard.next() == 3
    assert runtime.feed.snapshot.frame["dam_name"].tolist()[2] == "From afar"


def test_without_the_database_it_reports_an_error_and_loses_no_change(
    engine: Engine, feed: ChangeFeed, heard: Heard, inventory: Inventory, draft: Draft
):
    inventory.add(draft())

    with log_that_can_not_be_read(engine):
        with pytest.raises(DatabaseUnavailable, match="contains no inventory"):
            feed.catch_up()
        assert heard.all() == []

    assert (feed.catch_up(), heard.all()) == (1, [3])


def test_listeners_are_called_when_the_database_stops_and_resumes_responding(
    engine: Engine, feed: ChangeFeed
):
    told: list[tuple[int, Condition]] = []
    feed.pubsub.subscribe(lambda news: told.append((len(news), feed.condition)))

    with log_that_can_not_be_read(engine):
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable):
                feed.catch_up()
    feed.catch_up()
    feed.catch_up()

    assert told == [(0, Condition.MISSING), (0, Condition.CURRENT)]


def test_announcing_a_committed_change_never_fails(
    engine: Engine, feed: ChangeFeed, heard: Heard, inventory: Inventory, draft: Draft
):
    inventory.add(draft())

    with log_that_can_not_be_read(engine):
        feed.announce()
        assert heard.all() == []

    feed.announce()
    assert heard.all() == [3]


@pytest.mark.parametrize(
    "failure",
    [DatabaseUnavailable("no answer"), ValueError("a bug"), PanicException("a bug of Polars")],
)
def test_its_thread_continues_after_a_failure_without_another_change(
    feed: ChangeFeed,
    inventory: Inventory,
    draft: Draft,
    failure: BaseException,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(change_feed, "_MIN_PAUSE", 0.01)
    failures = [failure, failure]
    advance = inventory.advance

    def fail_twice(snapshot):
        if failures:
            raise failures.pop()
        return advance(snapshot)

    monkeypatch.setattr(inventory, "advance", fail_twice)
    inventory.add(draft())
    heard = Heard(feed)
    feed.start()

    assert heard.next() == 3
    levels = [record.levelno for record in caplog.records if record.levelno >= logging.WARNING]
    expected = logging.WARNING if isinstance(failure, DatabaseUnavailable) else logging.ERROR
    assert levels == [expected] * 2


def test_what_another_thread_finds_after_this_one_has_read_the_log_counts(
    feed: ChangeFeed, monkeypatch: pytest.MonkeyPatch
):
    catch_up = feed.catch_up

    def then_another_thread_meets_an_upgrade() -> int:
        found = catch_up()
        feed._note(Condition.OUTDATED)
        return found

    monkeypatch.setattr(feed, "catch_up", then_another_thread_meets_an_upgrade)

    feed._catch_up_or_tell()

    assert feed.condition is Condition.OUTDATED


@pytest.mark.parametrize("since", [Condition.UNAVAILABLE, Condition.OUTDATED])
def test_a_silence_that_has_ended_is_taken_back_but_nothing_newer(
    feed: ChangeFeed, monkeypatch: pytest.MonkeyPatch, since: Condition
):
    monkeypatch.setattr(change_feed, "_SECONDS_OF_SILENCE", 0.0)
    told = threading.Event()
    feed.pubsub.subscribe(lambda _: told.set())

    def catch_up_late() -> int:
        assert told.wait(30)
        feed._note(since)
        return 0

    monkeypatch.setattr(feed, "catch_up", catch_up_late)

    feed._catch_up_or_tell()

    expected = Condition.CURRENT if since is Condition.UNAVAILABLE else since
    assert feed.condition is expected


def test_it_starts_one_thread_even_if_started_twice_and_close_ends_it(feed: ChangeFeed):
    def listening() -> list[threading.Thread]:
        return [one for one in threading.enumerate() if one.name == "changefeed"]

    feed.start()
    feed.start()
    assert len(listening()) == 1

    feed.close()
    assert listening() == []

    feed.start()
    assert listening() == []
