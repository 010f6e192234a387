"""How many requests a client may send."""

from __future__ import annotations

import pytest

from dam_inventory.server.api import rates
from dam_inventory.server.api.rates import Rates
from tests.clock import Clock


def test_a_client_may_send_so_many_at_once_and_then_as_they_come():
    clock = Clock()
    counted = Rates(60, clock)
    assert [counted.take("a") for _ in range(61)] == [0] * 60 + [1]
    clock.now += 1.0
    assert [counted.take("a"), counted.take("a")] == [0, 1]
    clock.now += 1_000.0
    assert [counted.take("a") for _ in range(61)] == [0] * 60 + [1]


def test_clients_do_not_count_for_one_another():
    counted = Rates(1, Clock())
    assert [counted.take("a"), counted.take("b"), counted.take("a")] == [0, 0, 60]


def test_who_is_refused_does_not_wait_longer_for_asking_again():
    clock = Clock()
    counted = Rates(6, clock)
    for _ in range(100):
        counted.take("a")
    clock.now += 10.0
    assert counted.take("a") == 0


def test_only_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rates, "MAX_CLIENTS", 3)
    counted = Rates(1, Clock())
    for client in "abcd":
        counted.take(client)
    assert len(counted) == 3
    assert counted.take("d") == 60
    assert counted.take("a") == 0
