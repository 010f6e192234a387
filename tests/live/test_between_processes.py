"""Every process gets every change once and in order, whatever happens between processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from tests.members import Member
from tests.servers import EVERY_RELAY, Server, with_relays

pytestmark = pytest.mark.slow

WaitUntil = Callable[[Callable[[], object]], None]
Start = Callable[..., list[Member]]


@pytest.fixture
def start(
    tmp_path: Path, database_url: str, relay_url: str, wait_until: WaitUntil
) -> Iterator[Start]:
    """Start several processes on one inventory, and return them when they listen.

    By default their heartbeat is too slow to have an effect.
    """
    members: list[Member] = []

    def start(number: int, **settings: Any) -> list[Member]:
        known = {"database_url": database_url, "relay_url": relay_url, "heartbeat_seconds": 3600}
        for i in range(number):
            members.append(Member(tmp_path / f"log_{i}", **{**known, **settings}))
        wait_until(lambda: all(member.is_connected for member in members))
        return members

    yield start
    for member in members:
        member.close()


@pytest.fixture
def lost(
    request: pytest.FixtureRequest, database_url: str, relay_url: str
) -> Iterator[list[Server]]:
    """The servers between the processes; they are restarted after the test."""
    names = ["redis_server"] if relay_url else []
    names += ["postgresql"] if database_url.startswith("postgresql") else []
    servers = [request.getfixturevalue(name) for name in names]
    yield servers
    for server in servers:
        server.stop()
        server.start()


@EVERY_RELAY
def test_all_processes_get_the_commits_of_a_killed_process_exactly_once(
    start: Start, relay_url: str, wait_until: WaitUntil
):
    # No process announces the commit to Redis; the heartbeat finds it.
    victim, *others = start(3, heartbeat_seconds=0.2 if relay_url else 3600)

    victim.add_and_die("The last one")
    wait_until(lambda: all(other.heard for other in others))
    others[0].add(["The next one"])
    wait_until(lambda: all(len(other.heard) > 1 for other in others))

    assert [other.heard for other in others] == [[3, 4]] * 2


@with_relays("postgresql", "redis beside sqlite", "redis beside postgresql")
def test_no_change_is_lost_when_servers_stop_and_restart(
    start: Start, engine: Engine, lost: list[Server], wait_until: WaitUntil
):
    members = start(4)
    for i, member in enumerate(members):
        member.add([f"Dam {i} {j}" for j in range(25)], again=True)
    wait_until(lambda: all(len(member.heard) >= 10 for member in members))

    for server in lost:
        server.stop()
    wait_until(lambda: all("Lost the connection to" in member.log for member in members))
    for server in lost:
        server.start()

    outcomes = [member.added() for member in members]
    inventory = Inventory(engine)
    log = [change.seq for change in inventory.changes_since(2)]
    wait_until(lambda: all(len(member.heard) >= len(log) for member in members))
    assert [member.heard for member in members] == [log] * 4
    assert {seq for seqs, _ in outcomes for seq in seqs} <= set(log)
    assert inventory.count() == 2 + len(log) == len(inventory.snapshot())
    told = {sentence.rpartition(". ")[2] for _, sentences in outcomes for sentence in sentences}
    known = {
        "Nothing was saved.",
        "Try again.",
        "Check whether your change was saved before you try again.",
    }
    assert told <= known
    assert "Traceback" not in "".join(member.log for member in members)


@pytest.mark.long
@pytest.mark.databases("sqlite", "postgresql")
def test_eight_writers_in_four_processes_fill_the_inventory_to_its_limit(
    start: Start, engine: Engine, wait_until: WaitUntil
):
    """Half of the dams that they add do not fit."""
    members = start(4, max_dams=1000)
    for i, member in enumerate(members):
        member.add([f"Dam {i} {j}" for j in range(500)], threads=2)

    outcomes = [member.added() for member in members]
    wait_until(lambda: all(len(member.heard) >= 998 for member in members))

    assert [member.heard for member in members] == [list(range(3, 1001))] * 4
    assert sorted(seq for seqs, _ in outcomes for seq in seqs) == list(range(3, 1001))
    refused = [sentence for _, sentences in outcomes for sentence in sentences]
    assert len(refused) == 2000 - 998
    assert {sentence.partition(", ")[2] for sentence in refused} == {
        "because the inventory is full."
    }
    assert Inventory(engine).count() == 1000
