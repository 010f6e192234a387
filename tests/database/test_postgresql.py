"""Behavior that is specific to PostgreSQL; most tests of the inventory run on it too."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from dam_inventory.config.settings import Settings
from dam_inventory.database import engine as database
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.transactions import writing
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import DatabaseUnavailable, InvalidSettings
from dam_inventory.live import change_feed
from dam_inventory.live.change_feed import Condition
from dam_inventory.runtime import Runtime
from dam_inventory.session.store import DamStore
from tests.servers import PostgreSQL

pytestmark = pytest.mark.databases("postgresql")

Draft = Callable[..., DamDraft]
Opened = Callable[..., Engine]


class Wire:
    """A proxy between clients and a server that disconnects when a client sends `cut_at`.

    is_heard: whether the server still receives `cut_at`, so that only its response is lost.
    carries: while it is not set, all that is said is kept, and arrives later.
    """

    def __init__(self, port: int) -> None:
        self.cut_at: bytes | None = None
        self.is_heard = True
        self.carries = threading.Event()
        self.carries.set()
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.carries.set()
        self._listener.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with self._listener, suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
                for ends in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_client: bool) -> None:
        with source, target, suppress(OSError):
            while said := source.recv(65536):
                self.carries.wait()
                is_cut = is_client and self.cut_at is not None and self.cut_at in said
                if is_cut:
                    source.shutdown(socket.SHUT_RDWR)  # first, so that no response arrives
                if self.is_heard or not is_cut:
                    target.sendall(said)
                if is_cut:
                    break
            for end in (source, target):  # closing alone would not end the other thread's wait
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(postgresql: PostgreSQL) -> Iterator[Wire]:
    wire = Wire(postgresql.port)
    yield wire
    wire.close()


@pytest.fixture
def far(engine: Engine, opened: Opened, database_url: str, wire: Wire) -> Inventory:
    """An inventory behind a connection that can be cut."""
    url = make_url(database_url).set(port=wire.port)
    inventory = Inventory(opened(url.render_as_string(hide_password=False)))
    inventory.count()
    return inventory


@pytest.fixture
def _stopped(postgresql: PostgreSQL, engine: Engine) -> Iterator[None]:
    """PostgreSQL is stopped after the database was opened."""
    postgresql.stop()
    yield
    postgresql.start()


@pytest.mark.usefixtures("_stopped")
def test_a_lost_server_is_reported_in_one_sentence_without_a_password(
    inventory: Inventory, draft: Draft, caplog: pytest.LogCaptureFixture
):
    for ask in (inventory.snapshot, lambda: inventory.add(draft()), inventory.count):
        with pytest.raises(DatabaseUnavailable) as raised:
            ask()

        sentence = str(raised.value)
        assert sentence == "The database does not respond. Nothing was saved."
    assert "connection refused" in caplog.text.lower()
    assert "pass/of@anna" not in caplog.text


def test_after_a_restart_of_the_server_the_first_request_succeeds(
    inventory: Inventory, draft: Draft, postgresql: PostgreSQL
):
    inventory.add(draft("Before"))
    postgresql.stop()
    postgresql.start()

    assert inventory.add(draft("After")).dam_name == "After"
    assert inventory.count() == 4


@pytest.mark.usefixtures("_stopped")
def test_a_missing_server_at_startup_is_reported_in_one_sentence(database_url: str):
    with pytest.raises(DatabaseUnavailable, match="can't be opened: connection failed") as raised:
        open_database(database_url)

    assert "\n" not in str(raised.value)
    assert "pass" not in str(raised.value)


def test_a_wrong_password_is_not_shown(database_url: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    url = make_url(database_url).set(password="wrong/secret").render_as_string(hide_password=False)

    with pytest.raises(DatabaseUnavailable, match="authentication failed") as raised:
        open_database(url)

    assert "secret" not in str(raised.value)
    assert "secret" not in caplog.text


def test_without_the_driver_the_error_says_what_to_install(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(InvalidSettings) as raised:
        open_database(database_url)

    assert str(raised.value).endswith("pip install 'dam-inventory[postgresql]'.")
    assert "***" in str(raised.value)


def test_a_writer_takes_the_lock_before_it_reads_and_others_time_out(
    opened: Opened, engine: Engine, database_url: str, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    other = Inventory(opened(database_url))

    with writing(engine).begin():
        with pytest.raises(DatabaseUnavailable, match="locked by other work"):
            other.add(draft())
        assert other.count() == 2

    assert other.add(draft()).dam_id == 3


def test_a_reader_sees_a_consistent_snapshot_until_it_is_done(
    engine: Engine, inventory: Inventory, draft: Draft
):
    count = text("SELECT count(*) FROM dams")
    with engine.connect() as reader:
        before = reader.execute(count).scalar()
        inventory.add(draft())

        assert reader.execute(count).scalar() == before


def test_a_writer_sees_the_commits_of_earlier_writers(
    opened: Opened, engine: Engine, database_url: str, draft: Draft
):
    """Its snapshot of the database must not be older than its lock."""
    other = Inventory(opened(database_url), max_dams=3)
    refused: list[Exception] = []

    def add() -> None:
        try:
            other.add(draft("One too many"))
        except Exception as error:
            refused.append(error)

    waiting = threading.Thread(target=add)
    with writing(engine).begin() as connection:
        waiting.start()
        lock = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        while not connection.execute(lock).scalar():
            pass
        connection.execute(
            text("INSERT INTO dams (dam_name, added_at) VALUES ('The last one', now())")
        )
    waiting.join(timeout=30)

    assert ["full" in str(error) for error in refused] == [True]
    assert other.count() == 3


def test_a_connection_lost_before_the_commit_changes_nothing_and_reports_it(
    far: Inventory, wire: Wire, inventory: Inventory, draft: Draft
):
    far.add(draft("Before"))
    wire.cut_at, wire.is_heard = b"INSERT", False

    with pytest.raises(DatabaseUnavailable, match=r"Nothing was saved\.$"):
        far.add(draft())

    assert (inventory.count(), len(inventory.changes_since(0))) == (3, 3)


@pytest.mark.parametrize("is_heard", [True, False], ids=["it was made", "it was not made"])
def test_a_connection_lost_during_the_commit_is_reported_as_uncertain(
    far: Inventory, wire: Wire, inventory: Inventory, draft: Draft, is_heard: bool, wait_until
):
    wire.cut_at, wire.is_heard = b"COMMIT\0", is_heard

    with pytest.raises(DatabaseUnavailable) as raised:
        far.add(draft())

    assert "Check whether your change was saved" in str(raised.value)
    assert "Nothing was saved" not in str(raised.value)
    wire.cut_at = None
    wait_until(lambda: far.count() == 2 + is_heard)
    assert len(inventory.changes_since(2)) == int(is_heard)


def test_while_the_network_is_silent_pages_say_so_and_afterwards_nothing_is_missing(
    database_url: str,
    inventory: Inventory,
    wire: Wire,
    draft: Draft,
    wait_until: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(change_feed, "_SECONDS_OF_SILENCE", 1.0)
    url = make_url(database_url).set(port=wire.port).render_as_string(hide_password=False)
    with Runtime(Settings(database_url=url, heartbeat_seconds=0.2)) as runtime:
        store = DamStore(runtime.inventory, runtime.feed)
        wait_until(lambda: runtime.feed.is_connected)

        wire.carries.clear()
        wait_until(lambda: store.condition is Condition.UNAVAILABLE)
        inventory.add(draft("Added meanwhile"))
        with ThreadPoolExecutor(1) as thread:
            adding = thread.submit(runtime.inventory.add, draft("Saved late"))
            assert len(store.dams) == 2
            wire.carries.set()

            assert adding.result(30).seq == 4

        wait_until(lambda: store.condition is Condition.CURRENT)
        wait_until(lambda: len(store.news.waiting) == 2)
        store.reload()
        assert store.dams["dam_name"].tolist()[2:] == ["Added meanwhile", "Saved late"]
        store.close()


def test_a_read_only_database_can_be_read_and_refuses_writes(
    opened: Opened, engine: Engine, database_url: str, draft: Draft
):
    with engine.begin() as connection:
        name = engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    inventory = Inventory(opened(database_url))

    with pytest.raises(DatabaseUnavailable, match=r"read-only .*\. Nothing was saved\."):
        inventory.add(draft())
    assert inventory.count() == len(inventory.snapshot()) == 2


def test_connection_parameters_in_the_url_take_precedence(opened: Opened, database_url: str):
    engine = opened(f"{database_url}?application_name=dams_of_anna")

    with engine.connect() as connection:
        assert connection.execute(text("SHOW application_name")).scalar() == "dams_of_anna"


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_names_are_kept_whatever_the_encoding_of_the_database(
    postgresql: PostgreSQL, encoding: str, opened: Opened, draft: Draft
):
    with postgresql.database(encoding) as url:
        inventory = Inventory(engine := opened(url))
        inventory.add(draft("Möhnetalsperre"))

        assert inventory.snapshot().frame["dam_name"].tolist()[2] == "Möhnetalsperre"
        engine.dispose()


@pytest.mark.parametrize(
    "setting",
    [
        "datestyle = 'SQL, DMY'",
        "extra_float_digits = -5",
        "timezone = 'Asia/Kathmandu'",
        "bytea_output = 'escape'",
        "standard_conforming_strings = off",
        "default_transaction_isolation = 'serializable'",
        "intervalstyle = 'iso_8601'",
    ],
)
def test_what_a_database_is_set_to_changes_nothing(
    opened: Opened, engine: Engine, database_url: str, draft: Draft, setting: str
):
    with engine.connect() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{engine.url.database}" SET {setting}')
        connection.commit()
    engine.dispose()
    inventory = Inventory(opened(database_url))

    dam = draft("Heron \\ Lake", latitude=36.123456789012345, longitude=-106.7, website=None)
    added = inventory.add(dam)

    [found] = inventory.changes_since(2)
    assert (found.at, found.dam_name) == (added.at, "Heron \\ Lake")
    snapshot = inventory.snapshot()
    assert snapshot.value(2, "latitude") == 36.123456789012345
    assert snapshot.value(2, "added_at") == added.at


def test_tables_may_be_in_a_schema_of_their_own(
    opened: Opened, postgresql: PostgreSQL, draft: Draft
):
    with postgresql.database() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE SCHEMA dams")
            name = engine.url.database
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET search_path = dams')
            connection.commit()
        engine.dispose()

        inventory = Inventory(opened(url))

        assert inventory.add(draft()).seq == 3
        assert Inventory(opened(url)).count() == 3
        inventory._engine.dispose()
