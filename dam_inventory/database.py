"""An engine and an up-to-date schema from a URL."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import time
import weakref
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, event, insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from . import postgresql
from .errors import DatabaseUnavailable, InvalidSettings
from .models import Change, Dam
from .urls import shown

BUSY_TIMEOUT = 30_000
"""Milliseconds that a writer waits for another one, such as an import in another process."""

EXAMPLE_DAMS = (
    # Places: U.S. Geological Survey's Geographic Names; dates: Bureau of Reclamation.
    {
        "dam_name": "Deer Creek",
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "1941",
        "latitude": 40.406624,
        "longitude": -111.529133,
    },
    {
        "dam_name": "Jordanelle",
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "1993",
        "latitude": 40.598168,
        "longitude": -111.424055,
    },
)


def open_database(url: str, *, example_dams: bool = True) -> Engine:
    """Return an engine on a database whose schema is the newest, creating what is missing.

    Two processes may do so at once: the second waits for the first.
    example_dams: whether a database that is new starts with EXAMPLE_DAMS.
    Raises InvalidSettings for a URL of another database system, or without the driver for it,
    DatabaseUnavailable when the database can't be reached, opened or written.
    """
    engine = _engine(make_url(url))
    try:
        _upgrade(engine, example_dams)
    except DBAPIError as error:
        engine.dispose()
        raise DatabaseUnavailable(
            f"The database {shown(url)} can't be opened: {error.orig}."
        ) from error
    except CommandError as error:
        engine.dispose()
        raise DatabaseUnavailable(
            f"The database {shown(url)} was made by another version "
            f"of the Dam Inventory, or by another program: {error}."
        ) from error
    _forget_connections_after_fork(engine)
    return engine


def writing(engine: Engine) -> Engine:
    """Return the engine whose transactions take the writer's lock before they read anything."""
    if engine.name == "postgresql":
        return postgresql.writing(engine)
    return engine.execution_options(takes_writers_lock=True)


def is_upgraded(engine: Engine) -> bool:
    """Return whether a newer version has upgraded the schema; False where nothing answers."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() not in known
    except DBAPIError:
        return False


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that an INSERT has made."""
    return int(cast(tuple[int], result.inserted_primary_key)[0])


def _engine(url: URL) -> Engine:
    named = f'DAM_INVENTORY_DATABASE_URL is "{shown(url.render_as_string())}", but'
    if url.drivername == postgresql.DRIVER:
        try:
            return postgresql.postgresql_engine(url, BUSY_TIMEOUT)
        except ImportError as error:
            raise InvalidSettings(
                f"{named} the driver psycopg is missing: pip install 'dam-inventory[postgresql]'."
            ) from error
    in_memory = ":memory:" in (url.database or ":memory:") or "memory" in url.query.values()
    if url.get_backend_name() != "sqlite" or in_memory:
        raise InvalidSettings(
            f"{named} must name an SQLite file, like sqlite:///dam_inventory.db, "
            "or a PostgreSQL database, like postgresql+psycopg://user@host/dams."
        )
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _forget_connections_after_fork(engine: Engine) -> None:
    """Let a process that is forked off connect anew: its parent goes on using what it has."""
    known = weakref.ref(engine)

    def forget() -> None:
        if (engine := known()) is not None:
            engine.dispose(close=False)

    if hasattr(os, "register_at_fork"):  # Windows has no forks
        os.register_at_fork(after_in_child=forget)


def _prepare_connection(dbapi_connection: Any, _record: Any) -> None:
    # The driver would otherwise start transactions itself, late and without the lock.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    _switch_to_wal(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _switch_to_wal(cursor: sqlite3.Cursor) -> None:
    end = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait here, as it does elsewhere, while another process is writing.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    locks = connection.get_execution_options().get("takes_writers_lock", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if locks else "BEGIN")


def _config() -> Config:
    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    return config


def _upgrade(engine: Engine, example_dams: bool) -> None:
    config = _config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with writing(engine).begin() as connection:
        is_new = MigrationContext.configure(connection).get_current_revision() is None
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if is_new and example_dams:
            _add_example_dams(connection)


def _add_example_dams(connection: Connection) -> None:
    now = dt.datetime.now(dt.UTC)
    for dam in EXAMPLE_DAMS:
        added = connection.execute(insert(Dam).values(**dam, added_at=now))
        connection.execute(
            insert(Change).values(
                at=now,
                kind="DamAdded",
                dam_id=inserted_id(added),
                dam_name=dam["dam_name"],
                details={},
            )
        )
