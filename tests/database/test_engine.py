"""Opening a database: the engine and the schema."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, QueuePool, create_engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from dam_inventory.database import engine as database
from dam_inventory.database import schema, sqlite
from dam_inventory.database.engine import BUSY_TIMEOUT, open_database
from dam_inventory.database.models import ChangeRow, DamRow
from dam_inventory.database.transactions import writing
from dam_inventory.errors import DatabaseUnavailable, DatabaseUpgraded, InvalidSettings
from tests.database.versions import migrate

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Opened = Callable[..., Engine]

OPEN_WHEN_TOLD = """
import sys
from dam_inventory.database.engine import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(sys.argv[1]).dispose()
"""


def values(engine: Engine, statement: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.execute(text(statement)).scalars())


def test_a_new_database_contains_the_two_example_dams(engine: Engine):
    with engine.connect() as connection:
        dams = connection.execute(
            select(
                DamRow.dam_name, DamRow.river, DamRow.date_built, DamRow.latitude, DamRow.longitude
            )
        )

        assert [tuple(dam) for dam in dams] == [
            ("Deer Creek", "Provo River", "1941", 40.406624, -111.529133),
            ("Jordanelle", "Provo River", "1993", 40.598168, -111.424055),
        ]


def test_the_two_example_dams_are_in_the_log(engine: Engine):
    with engine.connect() as connection:
        changes = connection.execute(
            select(ChangeRow.seq, ChangeRow.kind, ChangeRow.dam_id, ChangeRow.dam_name)
        )

        assert [tuple(change) for change in changes] == [
            (1, "DamAdded", 1, "Deer Creek"),
            (2, "DamAdded", 2, "Jordanelle"),
        ]


def test_a_new_database_may_start_empty(opened: Opened, database_url: str):
    engine = opened(database_url, example_dams=False)

    assert values(engine, "SELECT count(*) FROM dams UNION ALL SELECT count(*) FROM changes") == [
        0,
        0,
    ]


def test_a_database_that_was_emptied_gets_no_example_dams(
    opened: Opened, database_url: str, engine: Engine
):
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM dams"))

    again = opened(database_url)

    assert values(again, "SELECT count(*) FROM dams") == [0]


@pytest.mark.slow
def test_processes_can_open_a_new_database_at_the_same_time(opened: Opened, database_url: str):
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN_WHEN_TOLD, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()

    assert [process.communicate(timeout=60)[1] for process in processes] == ["", ""]
    engine = opened(database_url)
    assert values(engine, "SELECT dam_name FROM dams") == ["Deer Creek", "Jordanelle"]
    assert values(engine, "SELECT seq FROM changes") == [1, 2]


@pytest.mark.databases("sqlite")
def test_it_waits_for_another_writing_process(opened: Opened, database_url: str, tmp_path: Path):
    """SQLite fails at once with "locked" if a file is switched to WAL during a write."""
    opened(database_url).dispose()
    other = sqlite3.connect(tmp_path / "dams.db", isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN IMMEDIATE")
    engines: list[Engine] = []
    thread = threading.Thread(target=lambda: engines.append(opened(database_url)))

    thread.start()
    thread.join(timeout=0.2)
    is_waiting = thread.is_alive()
    other.execute("COMMIT")
    thread.join(timeout=30)

    assert is_waiting
    assert values(engines[0], "SELECT count(*) FROM dams") == [2]
    other.close()


@pytest.mark.databases("sqlite")
def test_every_connection_is_prepared_for_several_processes(engine: Engine):
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            pragmas = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "foreign_keys", "busy_timeout")
            }

            assert pragmas == {
                "journal_mode": "wal",
                "foreign_keys": 1,
                "busy_timeout": BUSY_TIMEOUT,
            }


@pytest.mark.databases("sqlite")
def test_a_writing_transaction_takes_the_lock_before_it_reads(
    opened: Opened, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    with writing(engine).begin():
        monkeypatch.setattr(database, "BUSY_TIMEOUT", 10)
        with engine.connect() as reader:
            assert reader.execute(text("SELECT count(*) FROM dams")).scalar() == 2
        second = opened(str(engine.url))
        with pytest.raises(OperationalError, match="locked"), writing(second).begin():
            pass


def test_a_failed_schema_upgrade_is_rolled_back(
    opened: Opened, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise IntegrityError("INSERT", None, Exception("the disk is full"))

    monkeypatch.setattr(schema, "_add_example_dams", fail)
    with pytest.raises(DatabaseUnavailable, match="the disk is full"):
        open_database(database_url)
    monkeypatch.undo()

    engine = opened(database_url)
    assert values(engine, "SELECT count(*) FROM dams") == [2]


def test_an_upgrade_is_told_once_with_both_versions(
    opened: Opened, database_url: str, caplog: pytest.LogCaptureFixture
):
    migrate(database_url, "0007")
    for _ in range(2):
        opened(database_url)

    told = [one.getMessage() for one in caplog.records if one.name == schema.__name__]
    is_file = database_url.startswith("sqlite")
    name = "dams.db" if is_file else re.sub(r"(?<=//)(\w+):[^@]*@", r"\1:***@", database_url)
    assert told == [
        f"Upgraded the tables of {name} from version 0007 to {schema.newest_version()}."
    ]


@pytest.mark.databases("sqlite")
def test_a_new_database_is_not_called_upgraded(
    opened: Opened, database_url: str, caplog: pytest.LogCaptureFixture
):
    opened(database_url)

    assert "Upgraded" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://anna:secret@example.org/dams",
        "sqlite+aiosqlite:///dams.db",
        "mysql://anna:secret@example.org/dams",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:dams?mode=memory&cache=shared&uri=true",
    ],
)
def test_another_database_system_is_refused_without_showing_the_password(url: str):
    with pytest.raises(InvalidSettings) as raised:
        open_database(url)

    assert str(raised.value).startswith('DAM_INVENTORY_DATABASE_URL is "')
    assert str(raised.value).endswith(
        "must name an SQLite file, like sqlite:///dam_inventory.db, "
        "or a PostgreSQL database, like postgresql://user@host/dams."
    )
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("name", ["what?.db", "what?", "what?x=1", "what.db?mode=ro&x=1"])
def test_a_question_mark_in_the_name_of_a_file_is_refused_and_no_file_is_made(
    name: str, tmp_path: Path
):
    with pytest.raises(InvalidSettings, match="a question mark ends the name of an SQLite file"):
        open_database(f"sqlite:///{tmp_path}/{name}")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_the_driver_of_postgresql_need_not_be_named(
    opened: Callable[..., Engine], database_url: str, scheme: str
):
    engine = opened(database_url.replace("postgresql+psycopg", scheme))

    assert values(engine, "SELECT count(*) FROM dams") == [2]


def test_a_file_that_can_not_be_created_is_refused(tmp_path: Path):
    with pytest.raises(DatabaseUnavailable, match="unable to open database file"):
        open_database(f"sqlite:///{tmp_path}/missing/dams.db")


@pytest.mark.databases("sqlite")
def test_another_kind_of_file_is_refused_and_kept(database_url: str, tmp_path: Path):
    letter = b"Dear Anna, this is not a database at all. " * 100
    (tmp_path / "dams.db").write_bytes(letter)

    with pytest.raises(DatabaseUnavailable, match="not a database"):
        open_database(database_url)
    assert (tmp_path / "dams.db").read_bytes() == letter


def test_a_database_of_a_newer_version_is_refused(database_url: str, engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of the future'"))

    with pytest.raises(DatabaseUpgraded, match="a newer version of the Dam Inventory"):
        open_database(database_url)


def test_without_a_connection_left_a_database_counts_as_not_upgraded(engine: Engine):
    """Otherwise, what asks after a lost connection in a crowd would fail for another reason."""
    crowded = create_engine(
        engine.url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0
    )
    with crowded.connect():
        assert not schema.is_upgraded(crowded)
    crowded.dispose()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("fault", [None, errno.ENOLCK, errno.ENOSYS])
def test_a_file_system_without_locks_is_refused(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int | None
):
    """One that forgets each lock, and some that refuse them."""

    def lock(*_: object) -> None:
        if fault is not None:
            raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(sqlite.fcntl, "fcntl", lock)

    with pytest.raises(DatabaseUnavailable, match=r"keeps no locks, .* use PostgreSQL\."):
        open_database(database_url)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("option", ["vfs=unix-none", "nolock=1"])
def test_an_address_that_turns_locks_off_is_refused(option: str, tmp_path: Path):
    with pytest.raises(InvalidSettings, match="it turns locks off"):
        open_database(f"sqlite:///file:{tmp_path}/dams.db?{option}&uri=true")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.databases("sqlite")
def test_a_file_that_another_process_writes_is_opened(database_url: str, opened: Opened):
    with writing(opened(database_url)).begin():
        engine = opened(database_url)

    with writing(engine).begin():
        assert values(engine, "SELECT count(*) FROM dams") == [2]
