"""Delays of password checks: a client that guesses waits, the owner of a name hardly does."""

from __future__ import annotations

import pytest

from dam_inventory.server.auth.attempts import (
    MAX_IN_LINE,
    MAX_PER_ADDRESS,
    MAX_PER_NAME,
    Attempt,
    Failures,
    Line,
    TooManyAttempts,
    network,
)
from tests.clock import Clock

ATTACKER, PERSON = "203.0.113.9", "198.51.100.1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> Line:
    return Line(clock)


def attack(line: Line, clock: Clock, address: str, count: int, name: str = "") -> None:
    """Record a number of attempts that failed just now."""
    for number in range(count):
        attempt = Attempt(address, name or f"{number} of {address}", clock.now)
        line.note(attempt, is_right=False)


def refused(line: Line, address: str, name: str = "somebody") -> TooManyAttempts:
    with pytest.raises(TooManyAttempts) as raised:
        line.enter(address, name)
    return raised.value


def test_attempts_are_checked_in_order_of_arrival(line: Line):
    first, second = line.enter(PERSON, "ann")[0], line.enter(ATTACKER, "bob")[0]

    assert [line.next(), line.next(), line.next()] == [first, second, None]


def test_a_flood_from_one_address_delays_another_address_by_one_check_only(
    line: Line,
):
    for number in range(MAX_PER_ADDRESS):
        line.enter(ATTACKER, f"name {number}")
    for number in range(500):
        assert refused(line, ATTACKER, f"another {number}").is_own
    person, _ = line.enter(PERSON, "ann")
    assert len(line) == MAX_PER_ADDRESS + 1

    first = line.next()
    assert first is not None
    line.note(first, is_right=False)

    assert line.next() is person


def test_one_name_can_not_take_all_places_of_an_address(line: Line):
    for _ in range(MAX_PER_NAME):
        line.enter(PERSON, "ann")

    assert refused(line, PERSON, "ann").is_own
    line.enter(PERSON, "bob")


def test_a_canceled_attempt_frees_its_place(line: Line):
    attempts = [line.enter(PERSON, f"name {number}")[0] for number in range(MAX_PER_ADDRESS)]
    assert refused(line, PERSON)

    line.leave(attempts[1])
    line.leave(attempts[1])
    line.enter(PERSON, "ann")

    assert attempts[1] not in [line.next() for _ in range(MAX_PER_ADDRESS)]


def test_the_line_is_bounded_for_any_number_of_addresses(line: Line):
    for number in range(MAX_IN_LINE):
        line.enter(f"203.0.113.{number}", "ann")

    assert not refused(line, PERSON).is_own
    assert len(line) == MAX_IN_LINE


def test_an_address_with_fewer_failures_takes_the_place_of_the_one_with_the_most(
    line: Line, clock: Clock
):
    for number in range(MAX_IN_LINE):
        attack(line, clock, f"203.0.113.{number}", 1 + (number == 7))
    waiting = [line.enter(f"203.0.113.{number}", "ann")[0] for number in range(MAX_IN_LINE)]

    person, displaced = line.enter(PERSON, "ann")

    assert displaced is waiting[7]
    clock.now += 1  # the name's own delay
    assert line.next() is person


def test_from_twenty_failures_on_each_attempt_of_an_address_waits_longer(line: Line, clock: Clock):
    attack(line, clock, ATTACKER, 20)
    waits = []
    for number in range(5):
        attempt, _ = line.enter(ATTACKER, f"one more {number}")
        waits.append(attempt.ready - clock.now)
        line.next()
        line.leave(attempt)
        line.note(attempt, is_right=False)

    assert waits == [0.5, 1, 2, 4, 8]
    assert line.enter(PERSON, "ann")[0].ready == clock.now


def test_an_address_that_keeps_guessing_is_slowed_down(line: Line, clock: Clock):
    for number in range(100):
        attempt, _ = line.enter(ATTACKER, str(number))
        clock.now += line.seconds() or 0.0
        assert line.next() is attempt
        clock.now += 0.25
        line.note(attempt, is_right=False)

    assert clock.now - 1000 > 300


def test_failures_are_forgotten_after_five_minutes(line: Line, clock: Clock):
    attack(line, clock, ATTACKER, 60)

    clock.now += 300

    assert line.enter(ATTACKER, "ann")[0].ready == clock.now


def test_the_owner_of_a_guessed_name_waits_half_a_second_at_most(line: Line, clock: Clock):
    for number in range(100):
        attack(line, clock, f"203.0.113.{number}", 3, name="ann")

    attempt, _ = line.enter(PERSON, "ann")

    assert attempt.ready - clock.now == 0.5
    assert line.enter(PERSON, "bob")[0].ready == clock.now


def test_the_right_password_ends_the_delay_of_a_name(line: Line, clock: Clock):
    attack(line, clock, ATTACKER, 15, name="ann")
    line.note(Attempt(PERSON, "ann", clock.now), is_right=True)

    assert line.enter(PERSON, "ann")[0].ready == clock.now


def test_a_delayed_attempt_does_not_block_others(line: Line, clock: Clock):
    attack(line, clock, ATTACKER, 20)
    line.enter(ATTACKER, "ann")
    person, _ = line.enter(PERSON, "bob")

    assert line.next() is person
    assert line.next() is None
    assert line.seconds() == 0.5


def test_a_refusal_says_when_to_try_again(line: Line, clock: Clock):
    attack(line, clock, ATTACKER, 40)
    for number in range(MAX_PER_ADDRESS):
        line.enter(ATTACKER, f"name {number}")
    for number in range(MAX_PER_ADDRESS):
        line.enter(PERSON, f"name {number}")

    assert refused(line, ATTACKER).seconds == 8
    assert refused(line, PERSON).seconds == 1
    assert str(refused(line, PERSON)) == "Too many attempts. Wait a moment and try again."


def test_the_number_of_remembered_keys_is_bounded(clock: Clock):
    failures = Failures(clock, forgets=5, most=100)
    failures.add("of long ago")

    for number in range(1000):
        failures.add(str(number))

    assert len(failures) == 100
    assert (failures.of("of long ago"), failures.of("999")) == (0, 1)


def test_a_long_name_is_cut_before_it_is_remembered(line: Line):
    attempt, _ = line.enter(PERSON, "a" * 1_000_000)

    assert len(attempt.name) == 200


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:1:2:3", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("/run/socket", "/run/socket"),
        ("", ""),
    ],
)
def test_an_ipv6_address_stands_for_its_network(address: str, expected: str):
    assert network(address) == expected
