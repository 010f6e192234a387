"""The contract of whatever wakes other processes, and what is special about SQLite's."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dam_inventory.draft import DamDraft
from dam_inventory.inventory import Inventory
from dam_inventory.relay.base import Relay
from dam_inventory.relay.choice import relay_of
from dam_inventory.relay.sqlite import SQLiteRelay

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ADD = """
import sys
from dam_inventory.database import open_database
from dam_inventory.draft import DamDraft
from dam_inventory.inventory import Inventory
engine = open_database(sys.argv[1])
Inventory(engine).add(DamDraft("From afar", "Other", "Green River", "1941", 1, 1))
engine.dispose()
"""
LONG = 60.0


def ends(wait: Callable[[], None]) -> bool:
    """Return whether a wait ends well before LONG is over."""
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    thread.join(timeout=LONG / 3)
    return not thread.is_alive()


@pytest.fixture
def relay(engine: Engine) -> Iterator[Relay]:
    is_sqlite = engine.name == "sqlite"
    relay = SQLiteRelay(engine, interval=0.005) if is_sqlite else relay_of(engine)
    yield relay
    relay.close()


@pytest.fixture
def waiting(relay: Relay) -> Iterator[Callable[[], threading.Event]]:
    """Let one thread wait; the event that is returned says that it was woken."""
    stopped, asked, woken = threading.Event(), threading.Semaphore(0), []

    def run() -> None:
        while asked.acquire() and not stopped.is_set():
            relay.wait(LONG, stopped)
            woken[-1].set()

    thread = threading.Thread(target=run)
    thread.start()

    def wait() -> threading.Event:
        woken.append(threading.Event())
        asked.release()
        return woken[-1]

    yield wait
    stopped.set()
    asked.release()
    thread.join(timeout=30)
    assert not thread.is_alive()


@pytest.fixture
def listening(waiting: Callable[[], threading.Event]) -> Callable[[], threading.Event]:
    """Like `waiting`, after the first wait, which may return at once."""
    assert waiting().wait(timeout=30)
    return waiting


def test_a_commit_of_another_process_wakes(
    listening: Callable[[], threading.Event], database_url: str
):
    woken = listening()
    assert not woken.wait(timeout=0.05)

    subprocess.run(
        [sys.executable, "-c", ADD, database_url],
        check=True,
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )

    assert woken.wait(timeout=30)


def test_a_commit_while_nobody_waits_wakes_the_next_who_does(
    listening: Callable[[], threading.Event], inventory: Inventory, draft: Callable[..., DamDraft]
):
    inventory.add(draft())

    assert listening().wait(timeout=30)


def test_reading_wakes_nobody(listening: Callable[[], threading.Event], inventory: Inventory):
    woken = listening()

    inventory.snapshot()
    inventory.changes_since(0)

    assert not woken.wait(timeout=0.1)


def test_waiting_ends_after_its_time(relay: Relay):
    def wait_twice() -> None:
        for _ in range(2):  # the first may be woken by what was before
            relay.wait(0.01, threading.Event())

    assert ends(wait_twice)


def test_waiting_ends_when_it_is_stopped(relay: Relay):
    stopped = threading.Event()
    stopped.set()

    assert ends(lambda: relay.wait(LONG, stopped))


def test_announcing_and_closing_twice_do_no_harm(relay: Relay, engine: Engine):
    relay.announce()
    relay.close()
    relay.close()

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM dams")).scalar() == 2


def test_a_connection_that_fails_is_told_and_made_again(
    relay: Relay, caplog: pytest.LogCaptureFixture
):
    """Nobody knows what happened meanwhile, so whoever is connected again must be woken."""
    relay.wait(LONG, threading.Event())
    relay._connection.close()

    assert ends(lambda: relay.wait(LONG, threading.Event()))

    assert relay.is_connected
    assert "Lost the connection to " in caplog.text
