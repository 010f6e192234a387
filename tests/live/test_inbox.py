"""The queue between the publisher's thread and a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from dam_inventory.domain.changes import Change, DamAdded
from dam_inventory.live.inbox import Inbox


def added(seq: int) -> Change:
    return DamAdded(seq, dt.datetime.now(dt.UTC), None, seq, f"Dam {seq}")


def test_one_callback_is_scheduled_for_all_that_arrives_before_it_runs():
    scheduled: list[Callable[[], None]] = []
    delivered: list[list[Change]] = []
    inbox = Inbox(scheduled.append, lambda: delivered.append(inbox.take()))

    inbox.put([added(1)])
    inbox.put([added(2), added(3)])
    [callback] = scheduled
    callback()

    assert [[one.seq for one in news] for news in delivered] == [[1, 2, 3]]


def test_what_could_not_be_scheduled_comes_with_the_next_change():
    delivered: list[list[Change]] = []
    outcomes = [RuntimeError("The event loop is closed"), None]

    def schedule(callback: Callable[[], None]) -> None:
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome
        callback()

    inbox = Inbox(schedule, lambda: delivered.append(inbox.take()))
    with pytest.raises(RuntimeError, match="closed"):
        inbox.put([added(1)])

    inbox.put([added(2)])

    assert [[one.seq for one in news] for news in delivered] == [[1, 2]]


def test_what_runs_first_sees_the_changes_and_leaves_them_to_the_turn():
    scheduled: list[Callable[[], None]] = []
    seen: list[list[int]] = []

    def schedule(turn: Callable[[], None], first: Callable[[], None]) -> Callable[[], None]:
        scheduled.extend([first, turn])
        return scheduled.clear

    inbox = Inbox(schedule, lambda: seen.append([one.seq for one in inbox.take()]))
    inbox.first = lambda: seen.append([one.seq for one in inbox.peek()])

    left = inbox.put([added(1), added(2)])
    for callback in scheduled:
        callback()

    assert seen == [[1, 2], [1, 2]]
    assert left == scheduled.clear
    assert inbox.take() == []
