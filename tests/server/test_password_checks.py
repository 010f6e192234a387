"""Passwords are checked one at a time, for clients that still wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from dam_inventory.server.auth.attempts import (
    MAX_IN_LINE,
    MAX_PER_ADDRESS,
    TooManyAttempts,
)
from dam_inventory.server.auth.password_checks import PasswordChecks

PATIENCE = 30


class Passwords:
    """The right password is "right"; a check blocks until the test lets it end."""

    def __init__(self) -> None:
        self.checked: list[str] = []
        self.may_end = threading.Semaphore(0)

    def __call__(self, name: str, password: str) -> bool:
        self.checked.append(name)
        assert self.may_end.acquire(timeout=PATIENCE)
        if password == "breaks":
            raise OSError("The memory is full.")
        return password == "right"


@pytest.fixture
def known() -> Passwords:
    return Passwords()


def run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), PATIENCE))


def test_each_attempt_gets_its_own_result(known: Passwords):
    known.may_end.release(2)

    async def work() -> None:
        checks = PasswordChecks(known)
        ann, bob = checks.begin("::1", "ann", "right"), checks.begin("::2", "bob", "wrong")
        assert (await ann, await bob) == (True, False)

    run(work)
    assert known.checked == ["ann", "bob"]


def test_a_canceled_attempt_is_not_checked(known: Passwords):
    async def work() -> None:
        checks = PasswordChecks(known)
        begun = checks.begin("10.0.0.1", "begun", "wrong")
        gone = [
            checks.begin(f"10.0.1.{number}", f"gone {number}", "wrong")
            for number in range(MAX_IN_LINE)
        ]
        for one in gone:
            one.cancel()
        await asyncio.sleep(0)
        begun.cancel()
        last = checks.begin("10.0.0.2", "last", "right")
        known.may_end.release(2)
        assert await last

    run(work)
    assert known.checked == ["begun", "last"]


def test_a_displaced_attempt_raises_too_many_attempts(known: Passwords):
    async def work() -> None:
        checks = PasswordChecks(known)
        first = checks.begin("10.0.0.1", "ann", "wrong")
        known.may_end.release()
        assert not await first
        checks.begin("10.0.0.2", "begun", "wrong")
        failed = checks.begin("10.0.0.1", "ann", "wrong")
        others = [checks.begin(f"10.0.1.{number}", "bob", "wrong") for number in range(MAX_IN_LINE)]
        with pytest.raises(TooManyAttempts):
            await failed
        assert not any(one.done() for one in others)
        known.may_end.release(MAX_IN_LINE + 1)
        await asyncio.gather(*others)

    run(work)


def test_without_a_free_place_an_attempt_is_refused_at_once(known: Passwords):
    async def work() -> None:
        checks = PasswordChecks(known)
        answers = [
            checks.begin("10.0.0.1", str(number), "wrong") for number in range(MAX_PER_ADDRESS + 1)
        ]
        with pytest.raises(TooManyAttempts):
            checks.begin("10.0.0.1", "one more", "wrong")
        known.may_end.release(MAX_PER_ADDRESS + 1)
        await asyncio.gather(*answers)

    run(work)
    assert "one more" not in known.checked


def test_a_failing_check_raises_its_error_and_the_next_one_begins(known: Passwords):
    known.may_end.release(2)

    async def work() -> None:
        checks = PasswordChecks(known)
        broken, next_one = checks.begin("::1", "ann", "breaks"), checks.begin("::2", "bob", "right")
        with pytest.raises(OSError, match="The memory is full"):
            await broken
        assert await next_one

    run(work)


def test_a_delayed_attempt_is_checked_eventually(known: Passwords):
    known.may_end.release(100)

    async def work() -> None:
        checks = PasswordChecks(known)
        for _ in range(7):
            await checks.begin("::1", "ann", "wrong")
        assert await checks.begin("::2", "ann", "right")  # after 0.2 seconds

    run(work)
