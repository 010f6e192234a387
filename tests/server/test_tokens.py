"""Checking the tokens that programs send."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.database.tokens import Tokens
from dam_inventory.server.auth.tokens import (
    MAX_WRONG,
    SECONDS_KNOWN,
    SECONDS_TO_TRY_AGAIN,
    TokenChecks,
    TooManyWrongTokens,
)
from tests.clock import Clock

HERE, ELSEWHERE = "203.0.113.1", "203.0.113.2"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(inventory: Inventory) -> Tokens:
    return Tokens(inventory)


@pytest.fixture
def checks(tokens: Tokens, clock: Clock) -> TokenChecks:
    return TokenChecks(tokens, clock)


def exhaust(checks: TokenChecks, address: str) -> None:
    for i in range(MAX_WRONG):
        assert checks.check(f"dam_{i}", address) is None


def test_a_right_token_is_remembered_for_a_few_seconds(
    checks: TokenChecks, tokens: Tokens, clock: Clock
):
    made = tokens.make("ann")
    assert checks.remembered(made) is None
    found = checks.check(made, HERE)

    assert found is not None
    assert found.user_name == "ann"
    assert checks.remembered(made) == found
    clock.now += SECONDS_KNOWN + 0.1
    assert checks.remembered(made) is None


def test_a_revoked_token_is_good_for_a_few_seconds_only(
    checks: TokenChecks, tokens: Tokens, clock: Clock
):
    made = tokens.make("ann")
    checks.check(made, HERE)
    tokens.revoke(1)
    clock.now += SECONDS_KNOWN + 0.1

    assert checks.remembered(made) is None
    assert checks.check(made, HERE) is None


def test_an_address_with_too_many_wrong_tokens_has_to_wait(
    checks: TokenChecks, tokens: Tokens, clock: Clock
):
    made = tokens.make("ann")
    exhaust(checks, HERE)

    with pytest.raises(TooManyWrongTokens):
        checks.check(made, HERE)
    assert checks.check(made, ELSEWHERE) is not None
    clock.now += SECONDS_TO_TRY_AGAIN
    assert checks.check("dam_x", HERE) is None


def test_a_network_of_ipv6_counts_as_one_address(checks: TokenChecks):
    for i in range(MAX_WRONG):
        checks.check(f"dam_{i}", f"2001:db8::{i:x}")

    with pytest.raises(TooManyWrongTokens):
        checks.check("dam_x", "2001:db8::ffff")


def test_a_token_that_was_right_is_not_shut_out_by_others_of_its_address(
    checks: TokenChecks, tokens: Tokens, clock: Clock
):
    made = tokens.make("ann")
    checks.check(made, HERE)
    exhaust(checks, HERE)
    clock.now += SECONDS_KNOWN + 0.1

    assert checks.check(made, HERE) is not None


def test_the_day_of_its_use_is_kept(
    checks: TokenChecks, tokens: Tokens, wait_until: Callable[..., None]
):
    checks.check(tokens.make("ann"), HERE)

    wait_until(lambda: tokens.all()[0].last_used is not None)
