"""Passing changes to the sessions of a process."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import threading
import weakref
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from polars.exceptions import PanicException

from dam_inventory.domain.changes import Change, DamAdded
from dam_inventory.live.pubsub import PubSub


@pytest.fixture(params=[PubSub])
def pubsub(request: pytest.FixtureRequest) -> PubSub:
    return request.param()


@pytest.fixture(autouse=True)
def _info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dam_inventory")


def added(seq: int) -> list[Change]:
    return [DamAdded(seq, dt.datetime.now(dt.UTC), None, seq, f"Dam {seq}")]


def test_all_subscribers_get_the_changes_in_order(pubsub: PubSub):
    one: list[Sequence[Change]] = []
    other: list[Sequence[Change]] = []
    pubsub.subscribe(one.append)
    pubsub.subscribe(other.append)
    news = [added(1), added(2), added(3)]

    reached = [pubsub.publish(some) for some in news]

    assert one == other == news
    assert reached == [2, 2, 2]


def test_a_new_subscriber_does_not_get_earlier_changes(pubsub: PubSub):
    heard: list[Sequence[Change]] = []
    pubsub.publish(added(1))
    pubsub.subscribe(heard.append)

    pubsub.publish(added(2))

    assert [news[0].seq for news in heard] == [2]


def test_publishing_without_subscribers_is_fine(pubsub: PubSub):
    assert pubsub.publish(added(1)) == 0


def test_a_canceled_subscriber_gets_nothing_and_the_others_continue(pubsub: PubSub):
    one: list[Sequence[Change]] = []
    other: list[Sequence[Change]] = []
    cancel = pubsub.subscribe(one.append)
    pubsub.subscribe(other.append)

    cancel()
    pubsub.publish(added(1))

    assert (len(one), len(other), len(pubsub)) == (0, 1, 1)


def test_canceling_twice_is_harmless(pubsub: PubSub):
    cancel = pubsub.subscribe(lambda _: None)
    pubsub.subscribe(lambda _: None)

    cancel()
    cancel()

    assert len(pubsub) == 1


def test_the_same_listener_may_subscribe_twice(pubsub: PubSub):
    heard: list[Sequence[Change]] = []
    pubsub.subscribe(heard.append)
    cancel = pubsub.subscribe(heard.append)

    pubsub.publish(added(1))
    cancel()
    pubsub.publish(added(2))

    assert [news[0].seq for news in heard] == [1, 1, 2]


@pytest.mark.parametrize("error", [RuntimeError("It failed"), PanicException("It failed")])
def test_a_failing_listener_is_logged_and_the_others_are_still_called(
    pubsub: PubSub, error: BaseException, caplog: pytest.LogCaptureFixture
):
    heard: list[Sequence[Change]] = []

    def fail(_: Sequence[Change]) -> None:
        raise error

    pubsub.subscribe(fail)
    pubsub.subscribe(heard.append)

    pubsub.publish(added(1))
    pubsub.publish(added(2))

    assert [news[0].seq for news in heard] == [1, 2]
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [str(record.exc_info[1]) for record in errors] == ["It failed"] * 2


def test_a_listener_may_subscribe_and_cancel_while_it_is_called(pubsub: PubSub):
    heard: list[int] = []
    cancels: list[Callable[[], None]] = []

    def first(_: Sequence[Change]) -> None:
        cancels[1]()
        pubsub.subscribe(lambda news: heard.append(news[0].seq))

    cancels.append(pubsub.subscribe(first))
    cancels.append(pubsub.subscribe(lambda _: heard.append(-1)))

    assert pubsub.publish(added(1)) == 1
    cancels[0]()
    pubsub.publish(added(2))
    assert heard == [2]


def test_a_canceled_subscription_keeps_no_object_alive(pubsub: PubSub):
    class Session:
        """An object that a subscription references."""

        def listen(self, news: Sequence[Change]) -> None: ...

    session = Session()
    gone = weakref.ref(session)
    cancel = pubsub.subscribe(session.listen)

    cancel()
    del session
    gc.collect()

    assert gone() is None


def test_threads_may_subscribe_publish_and_cancel_concurrently(pubsub: PubSub):
    barrier = threading.Barrier(8)
    kept: list[int] = []
    heard: list[list[int]] = [[] for _ in range(8)]
    pubsub.subscribe(lambda news: kept.append(news[0].seq))

    def work(number: int) -> None:
        barrier.wait(timeout=30)
        for i in range(50):
            cancel = pubsub.subscribe(lambda news: heard[number].append(news[0].seq))
            pubsub.publish(added(number * 1000 + i))
            cancel()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(pubsub) == 1
    assert sorted(kept) == sorted(n * 1000 + i for n in range(8) for i in range(50))
    assert all({n * 1000 + i for i in range(50)} <= set(heard[n]) for n in range(8))


def test_it_logs_subscriptions_and_the_number_of_sessions_reached(
    pubsub: PubSub, caplog: pytest.LogCaptureFixture
):
    cancel = pubsub.subscribe(lambda _: None)
    pubsub.subscribe(lambda _: None)
    pubsub.publish(added(7))
    pubsub.publish([*added(8), *added(9)])
    cancel()
    cancel()

    assert [record.getMessage() for record in caplog.records] == [
        "Session 1 subscribed. Active sessions: 1.",
        "Session 2 subscribed. Active sessions: 2.",
        "Published change 7 to 2 sessions.",
        "Published changes 8 to 9 to 2 sessions.",
        "Session 1 unsubscribed. Active sessions: 1.",
    ]


def test_what_is_no_session_is_not_counted_as_one(pubsub: PubSub, caplog: pytest.LogCaptureFixture):
    pubsub.subscribe(lambda _: None)
    cancel = pubsub.subscribe(lambda _: None, "follower")
    pubsub.publish(added(7))
    cancel()

    assert [record.getMessage() for record in caplog.records] == [
        "Session 1 subscribed. Active sessions: 1.",
        "Follower 2 subscribed. Active followers: 1.",
        "Published change 7 to 1 sessions.",
        "Follower 2 unsubscribed. Active followers: 0.",
    ]


def test_what_listeners_leave_is_done_once_after_all_of_them_have_the_changes(
    pubsub: PubSub, caplog: pytest.LogCaptureFixture
):
    acts: list[str] = []

    def wake() -> None:
        acts.append("wake")

    def fail() -> None:
        raise RuntimeError("The event loop is closed")

    def note(name: str, _news: Sequence[Change]) -> Callable[[], None]:
        acts.append(name)
        return wake

    for name in ("one", "other"):
        pubsub.subscribe(partial(note, name))
    pubsub.subscribe(lambda _: fail)
    pubsub.subscribe(lambda _: acts.append("last"))

    assert pubsub.publish(added(1)) == 4

    assert acts == ["one", "other", "last", "wake"]
    assert "What subscribers have left failed" in caplog.text
