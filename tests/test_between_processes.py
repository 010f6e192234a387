"""Every process hears of every change once and in order, whatever happens in between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dam_inventory.inventory import Inventory
from tests.members import Member
from tests.servers import EVERY_RELAY, PATIENCE, Server, with_relays

pytestmark = pytest.mark.slow

WaitUntil = Callable[[Callable[[], object]], None]
Start = Callable[..., list[Member]]

FORK = """
import os, sys, threading
from dam_inventory import DamDraft, Runtime, Settings

def hear(news):
    who = "parent" if os.getpid() == parent else "child"
    os.write(1, f"{who} {[one.seq for one in news]}\\n".encode())
    heard.set()

def listen():
    runtime.feed.start()
    while not runtime.feed.is_connected:
        threading.Event().wait(0.005)

def add():
    runtime.inventory.add(DamDraft("Fork", "Other", "Green River", "1941", 1, 1))
    runtime.feed.announce()
    assert heard.wait(30)

parent, heard = os.getpid(), threading.Event()
settings = Settings(database_url=sys.argv[1], relay_url=sys.argv[2], heartbeat_seconds=3600)
with Runtime(settings) as runtime:
    runtime.feed.pubsub.subscribe(hear)
    listen()
    listens, says_so = os.pipe()
    child = os.fork()
    if child:
        os.close(says_so)
        assert os.read(listens, 1)
        add()
        assert os.waitpid(child, 0)[1] == 0
        heard.clear()
        add()
    else:
        assert not runtime.feed.is_connected
        assert runtime._engine.pool.checkedin() == 0
        listen()
        os.write(says_so, b"!")
        assert heard.wait(30)
"""


@pytest.fixture
def start(
    tmp_path: Path, database_url: str, relay_url: str, wait_until: WaitUntil
) -> Iterator[Start]:
    """Start several processes on one inventory, and return them when they listen.

    Their heartbeat is so slow that it helps nobody, unless it is set otherwise.
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
    """The servers between the processes, which are started again after the test."""
    names = ["redis_server"] if relay_url else []
    names += ["postgresql"] if database_url.startswith("postgresql") else []
    servers = [request.getfixturevalue(name) for name in names]
    yield servers
    for server in servers:
        server.stop()
        server.start()


@EVERY_RELAY
def test_what_a_process_commits_before_it_is_killed_is_heard_once_by_all_others(
    start: Start, relay_url: str, wait_until: WaitUntil
):
    # Nobody announces the commit to Redis: this is what the heartbeat is for.
    victim, *others = start(3, heartbeat_seconds=0.2 if relay_url else 3600)

    victim.add_and_die("The last one")
    wait_until(lambda: all(other.heard for other in others))
    others[0].add(["The next one"])
    wait_until(lambda: all(len(other.heard) > 1 for other in others))

    assert [other.heard for other in others] == [[3, 4]] * 2


@with_relays("postgresql", "redis beside sqlite", "redis beside postgresql")
def test_servers_that_go_away_and_come_back_cost_nobody_any_news(
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
    known = {"Nothing was changed.", "Look whether the change was made before you make it again."}
    assert told <= known
    assert "Traceback" not in "".join(member.log for member in members)


@pytest.mark.long
@pytest.mark.databases("sqlite", "postgresql")
def test_eight_writers_in_four_processes_fill_the_inventory_exactly(
    start: Start, engine: Engine, wait_until: WaitUntil
):
    """Half of what they add does not fit."""
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


@EVERY_RELAY
def test_a_process_that_is_forked_off_listens_by_itself_and_leaves_its_parent_alone(
    database_url: str, relay_url: str
):
    """A server that loads the application before it forks makes a runtime before it forks."""
    done = subprocess.run(
        [sys.executable, "-c", FORK, database_url, relay_url],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
        timeout=PATIENCE,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == ["child [3]", "parent [3]", "parent [4]"]
