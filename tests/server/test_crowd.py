"""Limits on connections: which may stay when there are many, and which are closed."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from dam_inventory.server.limits import crowd as module
from dam_inventory.server.limits.crowd import (
    MAX_BYTES_OF_BODIES,
    MAX_PER_ADDRESS,
    MAX_REQUESTS,
    Crowd,
)
from dam_inventory.server.limits.crowd import network as network_of


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(100_000)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("127.0.0.1", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("", None),
        ("unknown", None),
    ],
)
def test_an_address_counts_for_its_network_and_a_local_proxy_for_none(
    address: str, network: str | None
):
    assert network_of(address) == network


def test_connections_per_address_are_limited_and_others_are_still_accepted(crowd: Crowd):
    stay = [crowd.enter(number, "192.0.2.7") for number in range(MAX_PER_ADDRESS + 1)]

    assert stay == [True] * MAX_PER_ADDRESS + [False]
    assert crowd.enter("another", "192.0.2.8")
    crowd.leave(0)
    assert crowd.enter("again", "192.0.2.7")


def test_websockets_per_address_are_limited_too(crowd: Crowd):
    stay = [crowd.open(number, "192.0.2.7") for number in range(MAX_PER_ADDRESS + 1)]

    assert stay == [True] * MAX_PER_ADDRESS + [False]
    crowd.close(0)
    assert crowd.open("again", "192.0.2.7")


def test_connections_through_a_local_proxy_are_not_limited_per_address(crowd: Crowd):
    assert all(crowd.enter(number, None) for number in range(2 * MAX_PER_ADDRESS))


def test_a_quarter_of_the_descriptors_is_left_for_the_database():
    crowd = Crowd(200)
    for number in range(150):
        assert not crowd.is_full
        (crowd.open if number % 2 else crowd.enter)(number, None)

    assert crowd.is_full


def test_connections_are_limited_regardless_of_descriptors(crowd: Crowd):
    for number in range(MAX_REQUESTS):
        crowd.enter(number, None)

    assert crowd.is_full


def test_the_longest_idle_connection_is_closed_first_and_no_busy_one(crowd: Crowd):
    for name in ("half a request", "at work", "between two requests"):
        crowd.enter(name, None)
    crowd.work("at work")
    crowd.work("between two requests")
    crowd.wait("between two requests")

    gone = []
    while (one := crowd.longest_idle()) is not None:
        gone.append(one)
        crowd.leave(one)

    assert gone == ["half a request", "between two requests"]


def test_the_connection_with_the_largest_unfinished_body_is_closed(crowd: Crowd):
    half = MAX_BYTES_OF_BODIES // 2
    for name in ("short", "long", "whole"):
        crowd.enter(name, None)

    assert crowd.receive("whole", half) is None
    crowd.work("whole")
    assert crowd.receive("short", 10) is None
    assert crowd.receive("long", half) is None
    assert crowd.receive("long", half) == "long"
    crowd.leave("long")
    assert crowd.receive("short", 10) is None


@pytest.mark.slow
def test_a_process_raises_its_descriptors_to_the_system_limit():
    program = (
        "import resource; from dam_inventory.server.limits.crowd import raise_descriptors;"
        "print(raise_descriptors(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    done = subprocess.run(
        [sys.executable, "-c", program],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard)),
        capture_output=True,
        text=True,
        check=True,
        cwd=module.__file__.rpartition("/dam_inventory/")[0],
    )

    assert done.stdout.split() == [str(hard)] * 3
