"""Sessions whose page never opened, and addresses whose page was closed for what it sent."""

from __future__ import annotations

import asyncio

import pytest

from dam_inventory.server.limits.admission import (
    MAX_FRESH,
    SECONDS_AFTER_REFUSAL,
    SECONDS_TO_OPEN,
    FreshSessions,
    Penalties,
)


class Session:
    """The part of a Bokeh session that is used."""

    def __init__(self, number: int) -> None:
        self.id = str(number)
        self.has_expired = False

    def request_expiration(self) -> None:
        self.has_expired = True


def test_too_many_sessions_without_a_websocket_end_the_oldest_ones():
    sessions = [Session(number) for number in range(MAX_FRESH + 10)]
    fresh = FreshSessions()
    for number, one in enumerate(sessions):
        fresh.add(one, now=float(number))
        if number == 3:
            fresh.open(one.id)

    expired = [number for number, one in enumerate(sessions) if one.has_expired]
    assert expired == [0, 1, 2, *range(4, 10)]
    assert len(fresh) == MAX_FRESH


def test_a_page_keeps_its_time_to_open_during_a_rush():
    sessions = [Session(number) for number in range(2 * MAX_FRESH)]
    fresh = FreshSessions()
    for one in sessions:
        fresh.add(one, now=SECONDS_TO_OPEN - 1.0)

    assert not any(one.has_expired for one in sessions)


def test_ended_sessions_are_not_kept():
    fresh = FreshSessions()
    for number in range(2 * MAX_FRESH):
        fresh.add(Session(number), now=float(number))

    assert len(fresh) <= MAX_FRESH


def test_an_address_waits_after_one_of_its_pages_was_closed():
    now = [100.0]
    penalties = Penalties(lambda: now[0])

    penalties.give("10.0.0.1")

    assert penalties.left("10.0.0.1") == SECONDS_AFTER_REFUSAL
    assert penalties.left("10.0.0.2") == 0.0
    now[0] += SECONDS_AFTER_REFUSAL
    assert penalties.left("10.0.0.1") == 0.0


def test_nobody_can_keep_others_behind_the_same_address_waiting_forever():
    now, slept = [100.0], []
    penalties = Penalties(lambda: now[0])

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds
        penalties.give("10.0.0.1")

    penalties.give("10.0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(penalties.served("10.0.0.1"))

    assert slept == [SECONDS_AFTER_REFUSAL]


def test_the_penalties_of_very_many_addresses_are_not_kept():
    penalties = Penalties(lambda: 100.0)

    for number in range(2000):
        penalties.give(str(number))

    assert penalties.left("0") == 0.0
    assert penalties.left("1999") == SECONDS_AFTER_REFUSAL
