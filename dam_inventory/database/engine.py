"""Opens a database from its URL: creates the engine, and creates or upgrades the schema."""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Engine,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from ..config.redaction import shown
from ..errors import DatabaseUnavailable, InvalidSettings
from . import postgresql, sqlite
from .models import ChangeRow, DamRow, InventoryRow

logger = logging.getLogger(__name__)

BUSY_TIMEOUT = 30_000
"""How long a writer waits for another one, such as an import in another process, in ms."""

HOW_TO_COPY = (
    "To copy a database that is in use, run: python -m dam_inventory backup FILE. "
    "To restore a backup, run: python -m dam_inventory restore FILE. "
    "To start with a new inventory, move the file away."
)

EXAMPLE_DAMS = (
    # Coordinates: U.S. Geological Survey, Geographic Names; dates: Bureau of Reclamation.
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
    """Return an engine on a database; create or upgrade the database if needed.

    Two processes may do this at the same time: the second waits for the first.
    example_dams: whether a new database starts with EXAMPLE_DAMS.
    Raises InvalidSettings for an unsupported database system or a missing driver;
    DatabaseUnavailable when the database can't be reached, opened or written, or is an SQLite
    file with other content than an inventory.
    """
    engine = _engine(make_url(url))
    try:
        if engine.name == "sqlite":
            _make_file(sqlite.path_of(engine.url), example_dams)
        _upgrade(engine, example_dams, may_create=engine.name != "sqlite")
    except DBAPIError as error:
        engine.dispose()
        raise DatabaseUnavailable(
            f"The database {shown(url)} can't be opened: {error.orig}."
        ) from error
    except CommandError as error:
        engine.dispose()
        raise DatabaseUnavailable(
            f"The database {shown(url)} was created by another version "
            f"of the Dam Inventory, or by another program: {error}."
        ) from error
    except DatabaseUnavailable:
        engine.dispose()
        raise
    return engine


def revive(engine: Engine) -> bool:
    """Reconnect to a database that can't be read, and return whether to read it again.

    Upgrades an older schema, which a restored backup may have. Does not change a database
    without an inventory.
    """
    engine.dispose()
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        if found is None or found == _scripts()[1]:
            return False
        _upgrade(engine, example_dams=False, may_create=False)
    except (DBAPIError, CommandError, DatabaseUnavailable):
        return False
    logger.warning("Upgraded the database schema from version %s.", found)
    return True


def writing(engine: Engine) -> Engine:
    """Return an engine whose transactions take the writer's lock before they read anything."""
    if engine.name == "postgresql":
        return postgresql.writing(engine)
    return engine.execution_options(takes_writers_lock=True)


def is_upgraded(engine: Engine) -> bool:
    """Return whether a newer version has upgraded the schema; False if it can't be read."""
    config, _ = _scripts()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError:
        return False
    return found is not None and found not in known


def has_no_table(error: DBAPIError) -> bool:
    """Return whether a statement failed because a table or a column does not exist."""
    if isinstance(error.orig, sqlite3.Error):
        return "no such table" in str(error.orig) or "no such column" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in ("42P01", "42703")


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that an INSERT has added."""
    return int(cast(tuple[int], result.inserted_primary_key)[0])


def _engine(url: URL) -> Engine:
    named = f'DAM_INVENTORY_DATABASE_URL is "{shown(url.render_as_string())}", but'
    if url.drivername == postgresql.DRIVER:
        try:
            return postgresql.postgresql_engine(url, BUSY_TIMEOUT)
        except ImportError as error:
            raise InvalidSettings(
                f"{named} the driver psycopg is not installed. "
                "Run: pip install 'dam-inventory[postgresql]'."
            ) from error
    in_memory = ":memory:" in (url.database or ":memory:") or "memory" in url.query.values()
    if url.get_backend_name() != "sqlite" or in_memory:
        raise InvalidSettings(
            f"{named} must name an SQLite file, like sqlite:///dam_inventory.db, "
            "or a PostgreSQL database, like postgresql+psycopg://user@host/dams."
        )
    return sqlite_engine(url)


def sqlite_engine(url: URL) -> Engine:
    """Return an engine on an existing SQLite file, with the settings of `open_database`."""
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    sqlite.watch(engine)
    return engine


def _prepare_connection(dbapi_connection: Any, _record: Any) -> None:
    # Otherwise the driver starts transactions itself, too late and without the lock.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    _switch_to_wal(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA schema_version").fetchone()  # opens the write-ahead log
    cursor.close()


def _switch_to_wal(cursor: sqlite3.Cursor) -> None:
    end = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # The busy timeout does not apply here: SQLite fails while another process writes.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    locks = connection.get_execution_options().get("takes_writers_lock", False)
    # SQLite's page cache would hide that another program has overwritten the file.
    connection.exec_driver_sql("PRAGMA shrink_memory")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if locks else "BEGIN")


def _make_file(path: Path, example_dams: bool) -> None:
    """Create a new inventory if there is no file or an empty one; no file is left on failure.

    Raises DatabaseUnavailable when only the write-ahead log has content: it belongs to a
    database whose file was lost.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = None
    if size:
        return
    wal = sqlite.wal_of(path)
    if wal.exists() and wal.stat().st_size:
        raise DatabaseUnavailable(
            f"The database file {path.name} is {'missing' if size is None else 'empty'}, but its "
            f"write-ahead log {wal.name} has content. The two belong together. {HOW_TO_COPY}"
        )
    new = path.with_name(f"{path.name}.new-{uuid4().hex[:8]}")
    try:
        new.touch()
        engine = sqlite_engine(URL.create("sqlite", database=str(new)))
        try:
            _upgrade(engine, example_dams and size is None, may_create=True)
        finally:
            engine.dispose()
        _put_in_place(new, path, example_dams)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The database {path.name} can't be opened: unable to open database file in "
            f"{path.parent} ({error.strerror})."
        ) from error
    finally:
        for one in (new, sqlite.wal_of(new)):
            with suppress(OSError):
                one.unlink()


def _put_in_place(new: Path, path: Path, example_dams: bool) -> None:
    """Move the new file to its final name, unless another process has created the file."""
    with suppress(FileNotFoundError):
        if path.stat().st_size:
            return
        shutil.copymode(path, new)
        new.replace(path)
        logger.warning("%s was empty. Created a new inventory without dams.", path.name)
        return
    try:
        os.link(new, path)
    except FileExistsError:
        return
    logger.info("%s did not exist. Created a new inventory%s.", path.name, _with(example_dams))


def _scripts() -> tuple[Config, str]:
    """Return Alembic's configuration and the newest version of the schema."""
    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    return config, str(ScriptDirectory.from_config(config).get_current_head())


def _upgrade(engine: Engine, example_dams: bool, *, may_create: bool) -> None:
    config, newest = _scripts()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found == newest and connection.execute(select(InventoryRow)).first():
            return
    with writing(engine).begin() as connection:
        is_new = MigrationContext.configure(connection).get_current_revision() is None
        if is_new and not may_create:
            raise DatabaseUnavailable(
                f"The file {sqlite.path_of(engine.url).name} has content, but does not contain an "
                "inventory. It was created by another program, or it is an incomplete copy. "
                f"{HOW_TO_COPY}"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.execute(select(InventoryRow)).first() is None:
            # All tables were emptied.
            connection.execute(insert(InventoryRow).values(id=uuid4().hex, epoch=uuid4().hex))
        if is_new and example_dams:
            _add_example_dams(connection)
    if is_new and engine.name != "sqlite":
        logger.info("The database was empty. Created a new inventory%s.", _with(example_dams))


def _add_example_dams(connection: Connection) -> None:
    now = dt.datetime.now(dt.UTC)
    for dam in EXAMPLE_DAMS:
        added = connection.execute(insert(DamRow).values(**dam, added_at=now))
        connection.execute(
            insert(ChangeRow).values(
                at=now,
                kind="DamAdded",
                dam_id=inserted_id(added),
                dam_name=dam["dam_name"],
                details={},
            )
        )


def _with(example_dams: bool) -> str:
    return " with two example dams" if example_dams else " without dams"
