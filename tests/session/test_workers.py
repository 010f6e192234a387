"""Worker threads: a limited number, and only the latest request of each card."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import pytest
from polars.exceptions import PanicException
from sqlalchemy import Engine

from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.errors import DamInventoryError, DatabaseUnavailable, UnknownDam
from dam_inventory.session import workers as background
from dam_inventory.session.store import DamStore
from dam_inventory.session.workers import EXPORTERS, IMPORTERS, READERS, WRITERS, Lane, Workers
from tests.conftest import ask

Wait = Callable[[Callable[[], Any]], None]


class Gate:
    """Work that blocks until it is released, and counts how much is running."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = threading.Event()
        self.at_work = self.most = 0

    def work(self) -> None:
        with self._lock:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        assert self._open.wait(timeout=30)
        with self._lock:
            self.at_work -= 1

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def workers() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name == "worker"}


def test_the_number_of_threads_is_limited(gate: Gate, wait_until: Wait):
    pool, done = Workers(3), []
    for _ in range(50):
        pool.do(gate.work, done.append)
    wait_until(lambda: gate.at_work == 3)

    gate.open()

    wait_until(lambda: len(done) == 50)
    assert gate.most == 3


def test_threads_end_when_there_is_no_work(wait_until: Wait, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(background, "_IDLE_SECONDS", 0.01)
    others, done = workers(), []

    Workers(3).do(lambda: done.append(threading.current_thread()), lambda _: None)

    wait_until(lambda: done and workers() <= others)
    assert done[0].name == "worker"


def test_new_work_is_done_after_threads_have_ended(
    wait_until: Wait, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(background, "_IDLE_SECONDS", 0)
    pool, done = Workers(2), []

    for number in range(200):
        pool.do(lambda: None, done.append)
        wait_until(lambda number=number: len(done) == number + 1)


def test_work_is_refused_at_once_when_the_queue_is_full(gate: Gate, wait_until: Wait):
    pool, done = Workers(1, most_waiting=2), []
    pool.do(gate.work, done.append)
    wait_until(lambda: gate.at_work)
    for _ in range(2):
        pool.do(gate.work, done.append)

    pool.do(gate.work, done.append)

    assert [type(one) for one in done] == [DatabaseUnavailable]
    assert str(done[0]) == "The server is busy: too many requests are waiting. Try again soon."


@pytest.mark.parametrize("error", [UnknownDam("There is no dam 9."), ValueError("a bug")])
def test_a_failure_is_reported_and_the_thread_continues(
    error: Exception, wait_until: Wait, caplog: pytest.LogCaptureFixture
):
    pool, done = Workers(1), []

    def fail() -> None:
        raise error

    pool.do(fail, done.append)
    pool.do(lambda: 2, done.append)

    wait_until(lambda: len(done) == 2)
    is_foreseen = isinstance(error, DamInventoryError)
    expected = str(error) if is_foreseen else "Unexpected error. It has been logged."
    assert (str(done[0]), done[1]) == (expected, 2)
    assert ("a bug" in caplog.text) is not is_foreseen


def test_a_panic_of_polars_is_reported_and_the_thread_continues(wait_until: Wait):
    def panic() -> None:
        raise PanicException("index out of bounds")

    pool, done = Workers(1), []
    pool.do(panic, done.append)
    pool.do(lambda: "next", done.append)
    wait_until(lambda: len(done) == 2)
    assert isinstance(done[0], DamInventoryError)
    assert done[1] == "next"


def test_a_thread_survives_a_result_that_can_not_be_delivered(
    wait_until: Wait, caplog: pytest.LogCaptureFixture
):
    pool, done = Workers(1), []

    def fail(_outcome: object) -> None:
        raise RuntimeError("The session has ended.")

    pool.do(lambda: 1, fail)
    pool.do(lambda: 2, done.append)

    wait_until(lambda: done == [2])
    assert "The session has ended." in caplog.text


def test_work_in_parts_lets_others_have_their_turn(wait_until: Wait):
    pool, order, done = Workers(1), [], []
    may_begin = threading.Event()

    def parts(name: str) -> Generator[None, None, str]:
        for number in range(3):
            order.append(f"{name}{number}")
            yield
        return name

    # The only thread is busy until all three wait.
    pool.do(may_begin.wait, lambda _: None)
    pool.do(partial(parts, "a"), done.append)
    pool.do(partial(parts, "b"), done.append)
    pool.do(lambda: "short", done.append)
    may_begin.set()

    wait_until(lambda: len(done) == 3)
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2"]
    assert done == ["short", "a", "b"]
    assert not pool.is_full


def test_a_part_that_fails_ends_the_work(wait_until: Wait):
    pool, done = Workers(1), []

    def parts() -> Generator[None]:
        yield
        raise UnknownDam("There is no dam 9.")

    pool.do(parts, done.append)
    wait_until(lambda: done)
    assert [str(one) for one in done] == ["There is no dam 9."]


def test_a_card_runs_one_request_and_queues_only_the_latest(gate: Gate, wait_until: Wait):
    lane, done, worked = Lane(Workers(5)), [], []
    lane.do(gate.work, lambda _: done.append("first"))
    wait_until(lambda: gate.at_work)
    for number in range(100):
        lane.do(lambda number=number: worked.append(number), lambda _: done.append("last"))

    gate.open()

    wait_until(lambda: len(done) == 2)
    assert (done, worked, gate.most) == (["first", "last"], [99], 1)


def test_a_card_continues_after_a_result_that_could_not_be_delivered(
    gate: Gate, wait_until: Wait, caplog: pytest.LogCaptureFixture
):
    lane, done = Lane(Workers(1)), []

    def fail(_outcome: object) -> None:
        raise RuntimeError("The session has ended.")

    lane.do(gate.work, fail)
    wait_until(lambda: gate.at_work)
    lane.do(lambda: 2, done.append)
    gate.open()
    wait_until(lambda: done == [2])
    lane.do(lambda: 3, done.append)
    wait_until(lambda: done == [2, 3])
    assert "The session has ended." in caplog.text


def test_hundreds_of_hydrograph_requests_do_not_block_adding_dams(
    store: DamStore, draft: Callable[..., DamDraft], wait_until: Wait
):
    curve = Hydrograph(range(20_000), [1.0] * 20_000)
    store.assign_hydrograph(1, curve)
    others, answers = workers(), []

    for _ in range(300):
        store.hydrograph(1, answers.append)
    added = ask(store.later.add(draft("Mine")))
    begun = workers() - others

    wait_until(lambda: added and len(answers) >= 2)
    assert [one.dam_name for one in added] == ["Mine"]
    assert [type(one) for one in answers] == [Hydrograph, Hydrograph]
    assert len(begun) <= READERS + WRITERS


def test_the_workers_leave_database_connections_for_the_feed(engine: Engine):
    lent = engine.pool.size() + engine.pool._max_overflow

    # Only one writer has a connection; the feed, its relay and /health have one each.
    assert lent > READERS + 1 + IMPORTERS + EXPORTERS + 3


def test_without_a_thread_left_work_is_refused_and_later_work_is_done(
    monkeypatch: pytest.MonkeyPatch, wait_until: Wait
):
    outcomes: list[Any] = []
    workers = Workers(2)

    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fail)
        workers.do(lambda: "never done", outcomes.append)

    assert isinstance(outcomes.pop(), DatabaseUnavailable)
    workers.do(lambda: "done", outcomes.append)
    wait_until(lambda: outcomes == ["done"])
