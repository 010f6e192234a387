"""The contract of relays, tested for each relay with its real server."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dam_inventory.cli.main import main
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.transactions import writing
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import InvalidSettings
from dam_inventory.live.relay.base import Relay
from dam_inventory.live.relay.choice import relay_of
from dam_inventory.live.relay.sqlite import SQLiteRelay
from tests.servers import EVERY_RELAY, Server, with_relays

Wait = Callable[[], threading.Event]
WaitUntil = Callable[[Callable[[], object]], None]

ADD = """
import sys
from dam_inventory import DamDraft, Runtime, Settings
with Runtime(Settings(database_url=sys.argv[1], relay_url=sys.argv[2])) as runtime:
    runtime.inventory.add(DamDraft("From afar", "Other", "Green River", "1941", 1, 1))
    runtime.feed.announce()
"""
LONG = 60.0


def ends(wait: Callable[[], None]) -> bool:
    """Return whether a wait ends well before LONG has passed."""
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    thread.join(timeout=LONG / 3)
    return not thread.is_alive()


@pytest.fixture
def made(engine: Engine, relay_url: str) -> Iterator[Callable[[], Relay]]:
    """Create a relay; two of them behave like the relays of two processes."""
    relays: list[Relay] = []

    def made() -> Relay:
        relays.append(relay_of(engine, relay_url))
        if isinstance(relays[-1], SQLiteRelay):
            relays[-1] = SQLiteRelay(engine, interval=0.005)
        return relays[-1]

    yield made
    for relay in relays:
        relay.close()


@pytest.fixture
def relay(made: Callable[[], Relay]) -> Relay:
    return made()


@pytest.fixture
def waiting(relay: Relay) -> Iterator[Wait]:
    """Start a thread that waits; the returned event is set when it wakes."""
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
def listening(waiting: Wait) -> Wait:
    """Like `waiting`, after a first wait, which returns when the relay has connected."""
    assert waiting().wait(timeout=30)
    return waiting


@pytest.fixture
def add(inventory: Inventory, made: Callable[[], Relay], draft: Callable[..., DamDraft]):
    """Add a dam like another process."""
    other = made()

    def add() -> None:
        inventory.add(draft())
        other.announce()

    return add


@pytest.fixture
def server(request: pytest.FixtureRequest, engine: Engine, relay_url: str) -> Iterator[Server]:
    """The server of the relay; it is restarted after the test."""
    server: Server = request.getfixturevalue("redis_server" if relay_url else "postgresql")
    yield server
    server.stop()
    server.start()


@pytest.mark.slow
@EVERY_RELAY
def test_a_commit_in_another_process_wakes_the_relay(
    listening: Wait, database_url: str, relay_url: str
):
    woken = listening()
    assert not woken.wait(timeout=0.05)

    subprocess.run(
        [sys.executable, "-W", "error", "-c", ADD, database_url, relay_url],
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )

    assert woken.wait(timeout=30)


@pytest.mark.slow
@with_relays("redis beside sqlite")
def test_a_restored_backup_wakes_the_relay(
    listening: Wait, database_url: str, relay_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", database_url)
    monkeypatch.setenv("DAM_INVENTORY_RELAY_URL", relay_url)
    assert main(["backup", str(tmp_path / "copy.backup")]) == 0
    woken = listening()

    assert main(["restore", str(tmp_path / "copy.backup")]) == 0

    assert woken.wait(timeout=30)


@pytest.mark.slow
@EVERY_RELAY
def test_an_import_on_the_command_line_wakes_the_relay(
    listening: Wait, database_url: str, relay_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", database_url)
    monkeypatch.setenv("DAM_INVENTORY_RELAY_URL", relay_url)
    woken = listening()

    assert main(["import", str(Path(__file__).parents[1] / "data" / "nid_2018.csv")]) == 0

    assert woken.wait(timeout=30)


@EVERY_RELAY
def test_a_commit_while_no_one_waits_wakes_the_next_wait(listening: Wait, add: Callable[[], None]):
    add()

    assert listening().wait(timeout=30)


@EVERY_RELAY
def test_reads_do_not_wake_the_relay(listening: Wait, inventory: Inventory):
    woken = listening()

    inventory.snapshot()
    inventory.changes_since(0)

    assert not woken.wait(timeout=0.1)


@EVERY_RELAY
def test_a_rollback_does_not_wake_the_relay(listening: Wait, engine: Engine):
    woken = listening()

    with writing(engine).connect() as connection:
        connection.execute(text("DELETE FROM dams"))
        connection.rollback()

    assert not woken.wait(timeout=0.1)


@EVERY_RELAY
def test_wait_returns_after_its_timeout(relay: Relay):
    def wait_twice() -> None:
        for _ in range(2):  # the first connects
            relay.wait(0.01, threading.Event())

    assert ends(wait_twice)


@EVERY_RELAY
def test_wait_returns_when_it_is_stopped(relay: Relay):
    stopped = threading.Event()
    relay.wait(LONG, stopped)
    threading.Timer(0.01, stopped.set).start()

    assert ends(lambda: relay.wait(LONG, stopped))


@EVERY_RELAY
def test_the_first_wait_connects_and_logs_it(relay: Relay, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    assert not relay.is_connected

    relay.wait(LONG, threading.Event())
    assert relay.is_connected

    relay.close()
    assert not relay.is_connected
    [message] = caplog.messages
    assert message.startswith("Listening for changes from other processes through ")


@EVERY_RELAY
def test_announcing_and_closing_twice_are_harmless(relay: Relay, engine: Engine):
    relay.announce()
    relay.announce()
    relay.close()
    relay.close()

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM dams")).scalar() == 2


@with_relays("postgresql", "redis beside sqlite")
def test_a_lost_server_is_logged_once_and_a_reconnect_wakes_the_relay(
    listening: Wait,
    relay: Relay,
    server: Server,
    wait_until: WaitUntil,
    caplog: pytest.LogCaptureFixture,
):
    """Changes may have been missed, so a reconnect must wake the relay."""
    caplog.set_level(logging.DEBUG, "dam_inventory")
    woken = listening()

    server.stop()
    assert woken.wait(timeout=30)  # The log may be unavailable too.
    woken = listening()
    wait_until(lambda: "Can't connect to" in caplog.text)
    assert not relay.is_connected
    assert not woken.wait(timeout=0.05)
    server.start()

    assert woken.wait(timeout=30)
    assert relay.is_connected
    lost, regained = (one for one in caplog.records if one.levelno > logging.DEBUG)
    assert (lost.levelno, regained.levelno) == (logging.WARNING, logging.INFO)
    assert lost.getMessage().startswith("Lost the connection to ")
    assert regained.getMessage().startswith(
        "Listening again for changes from other processes through "
    )
    assert not listening().wait(timeout=0.05)


@with_relays("redis beside sqlite")
def test_a_server_that_hangs_does_not_count_as_connected(
    listening: Wait, relay: Relay, server: Server, wait_until: WaitUntil
):
    woken = listening()

    with server.hanging():
        assert woken.wait(timeout=30)
        assert not relay.is_connected
        listening()

    wait_until(lambda: relay.is_connected)


@with_relays("postgresql", "redis beside sqlite")
def test_without_a_server_wait_times_out_and_announce_returns_at_once(
    listening: Wait, relay: Relay, made: Callable[[], Relay], server: Server
):
    server.stop()

    assert ends(lambda: relay.wait(0.01, threading.Event()))
    assert ends(relay.announce)
    assert ends(made().announce)


@with_relays("redis beside sqlite")
def test_a_failed_announcement_is_repeated_when_redis_is_back(
    listening: Wait,
    relay: Relay,
    made: Callable[[], Relay],
    server: Server,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("dam_inventory.live.relay.redis._QUIET_SECONDS", 3600)
    other = made()
    other.wait(LONG, threading.Event())
    woken = listening()
    server.stop()
    other.announce()
    server.start()
    assert woken.wait(timeout=30)  # because it has reconnected
    woken = listening()
    assert not woken.wait(timeout=0.05)

    assert ends(lambda: other.wait(LONG, threading.Event()))  # until it has reconnected too
    assert ends(lambda: other.wait(LONG, threading.Event()))  # until it has announced

    assert woken.wait(timeout=30)
    [told] = [one for one in caplog.messages if one.startswith("Can't announce a change")]
    assert "Redis at redis://127.0.0.1" in told


@with_relays("redis beside sqlite")
def test_a_restart_of_redis_does_not_lose_the_next_announcement(
    relay: Relay, server: Server, caplog: pytest.LogCaptureFixture
):
    relay.announce()
    server.stop()
    server.start()

    relay.announce()

    assert caplog.messages == []


@with_relays("redis beside sqlite")
def test_after_a_failure_announcements_pause_for_a_while(
    relay: Relay, server: Server, caplog: pytest.LogCaptureFixture
):
    server.stop()

    for _ in range(5):
        relay.announce()

    assert len(caplog.records) == 1


@with_relays("redis beside sqlite")
def test_inventories_that_share_a_redis_can_have_separate_channels(
    listening: Wait, engine: Engine, relay_url: str
):
    other = relay_of(engine, relay_url.replace("/0", "/1"))
    woken = listening()

    other.announce()

    assert not woken.wait(timeout=0.1)
    other.close()


def test_a_failed_sqlite_connection_is_opened_again(
    engine: Engine, caplog: pytest.LogCaptureFixture
):
    relay = SQLiteRelay(engine, interval=0.001)
    relay.wait(LONG, threading.Event())
    relay._connection.close()

    assert ends(lambda: relay.wait(LONG, threading.Event()))
    assert not relay.is_connected
    assert ends(lambda: relay.wait(LONG, threading.Event()))

    assert relay.is_connected
    assert "Lost the connection to the SQLite file; trying again" in caplog.text
    relay.close()


@pytest.mark.parametrize(
    "url", ["localhost:6379", "redis://:secret@localhost:port", "redis://localhost?colour=red"]
)
def test_an_invalid_redis_url_is_refused_without_showing_its_password(engine: Engine, url: str):
    with pytest.raises(InvalidSettings, match="must be a Redis URL") as raised:
        relay_of(engine, url)

    assert "secret" not in str(raised.value)


def test_without_the_redis_driver_the_error_says_what_to_install(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.delitem(sys.modules, "dam_inventory.live.relay.redis", raising=False)

    with pytest.raises(InvalidSettings, match=r"pip install 'dam-inventory\[redis\]'\."):
        relay_of(engine, "redis://localhost")


@pytest.mark.slow
def test_drivers_are_imported_only_if_they_are_needed(database_url: str):
    command = (
        "import sys; from dam_inventory import Runtime, Settings; "
        "Runtime(Settings(database_url=sys.argv[1])).close(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", command, database_url],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )

    assert {"psycopg", "redis"} & set(done.stdout.split()) == set()
