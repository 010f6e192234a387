"""Opens a database from its URL: creates the engine, and creates or upgrades the schema."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from alembic.util import CommandError
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from ..config.redaction import shown
from ..errors import DatabaseUnavailable, DatabaseUpgraded, InvalidSettings
from . import postgresql, schema, sqlite

logger = logging.getLogger(__name__)

BUSY_TIMEOUT = 30_000
"""How long a writer waits for another one, such as an import in another process, in ms."""


_OPTIONS = frozenset({"cache", "immutable", "mode", "nolock", "psow", "timeout", "uri", "vfs"})
"""What the URL of an SQLite file may say. Source: SQLite's documentation, "Uniform Resource
Identifiers"; `timeout` and `uri` are Python's."""

_EXPECTED = (
    "must name an SQLite file, like sqlite:///dam_inventory.db, "
    "or a PostgreSQL database, like postgresql://user@host/dams."
)


def open_database(url: str, *, example_dams: bool = True, name: str = "") -> Engine:
    """Return an engine on a database; create or upgrade the database if needed.

    Two processes may do this at the same time: the second waits for the first.
    example_dams: whether a new database starts with `schema.EXAMPLE_DAMS`. name: what the log calls
    the database; without it, the name of its file, or its URL.
    Raises InvalidSettings for an unsupported database system or a missing driver;
    DatabaseUnavailable when the database can't be reached, opened or written, or is an SQLite
    file with other content than an inventory; DatabaseUpgraded when a newer version made it.
    """
    engine = engine_of(url)
    try:
        if engine.name == "sqlite":
            sqlite.expect_locks(sqlite.path_of(engine.url))
            _make_file(sqlite.path_of(engine.url), example_dams)
        schema.upgrade(engine, example_dams, may_create=engine.name != "sqlite", name=name)
    except DBAPIError as error:
        engine.dispose()
        raise not_opened(engine, url, error) from error
    except CommandError as error:
        engine.dispose()
        raise DatabaseUpgraded(
            f"The database {shown(url)} was created by a newer version "
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
        found = schema.version_of(engine)
        if found is None or found == schema.newest_version():
            return False
        schema.upgrade(engine, example_dams=False, may_create=False)
    except (DBAPIError, CommandError, DatabaseUnavailable):
        return False
    return True


def not_opened(engine: Engine, url: str, error: DBAPIError) -> DatabaseUnavailable:
    """Return the error for a database that can't be opened, with what to do if that is known."""
    is_refused = getattr(error.orig, "sqlstate", None) == postgresql.INSUFFICIENT_PRIVILEGE
    advice = f" {how_to_create(engine.url.username)}" if is_refused else ""
    return DatabaseUnavailable(
        f"The database {shown(url)} can't be opened: {str(error.orig).rstrip('.')}.{advice}"
    )


def how_to_create(user: str | None) -> str:
    """Return what to do if a PostgreSQL user may not create tables."""
    return (
        "The first start, and that of a new version, creates and changes tables. "
        f'Start once as the owner of the tables, or run: GRANT CREATE ON SCHEMA public TO "{user}".'
    )


def engine_of(text: str, name: str = "DAM_INVENTORY_DATABASE_URL") -> Engine:
    """Return an engine on a database, whatever is in it; nothing is created or upgraded.

    text: its URL. name: what the person calls it, for messages.
    Raises InvalidSettings for an unsupported database system or a missing driver.
    """
    named = f'{name} is "{shown(text)}", but'
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # Without the cause, which may contain a password.
        raise InvalidSettings(f"{named} {_EXPECTED}") from None
    if url.drivername in ("postgres", "postgresql", postgresql.DRIVER):
        url = url.set(drivername=postgresql.DRIVER)
        try:
            return postgresql.postgresql_engine(url, BUSY_TIMEOUT)
        except ImportError as error:
            raise InvalidSettings(
                f"{named} the driver psycopg is not installed. "
                "Run: pip install 'dam-inventory[postgresql]'."
            ) from error
    in_memory = ":memory:" in (url.database or ":memory:") or "memory" in url.query.values()
    if url.drivername not in ("sqlite", "sqlite+pysqlite") or in_memory:
        raise InvalidSettings(f"{named} {_EXPECTED}")
    if "?" in text and not (url.query and url.query.keys() <= _OPTIONS):
        raise InvalidSettings(
            f"{named} a question mark ends the name of an SQLite file. Rename the file."
        )
    if url.query.get("nolock") not in (None, "0") or url.query.get("vfs") == "unix-none":
        raise InvalidSettings(
            f"{named} it turns locks off: two processes would overwrite what the other has saved."
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

    Raises DatabaseUnavailable like `size_of`.
    """
    if size := size_of(path):
        return
    new = path.with_name(f"{path.name}.new-{uuid4().hex[:8]}")
    try:
        new.touch()
        engine = sqlite_engine(URL.create("sqlite", database=str(new)))
        try:
            schema.upgrade(engine, example_dams and size is None, may_create=True)
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


def size_of(path: Path) -> int | None:
    """Return the size of a database file in bytes, None if there is no file.

    Raises DatabaseUnavailable for a device, a pipe or a socket; also when only the write-ahead log
    has content: it belongs to a database whose file was lost.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise DatabaseUnavailable(
                f"{path} is not a regular file, so it can't be a database. Choose another file."
            )
        size = status.st_size
    except FileNotFoundError:
        size = None
    wal = sqlite.wal_of(path)
    if not size and wal.exists() and wal.stat().st_size:
        raise DatabaseUnavailable(
            f"The database file {path.name} is {'missing' if size is None else 'empty'}, but its "
            f"write-ahead log {wal.name} has content. The two belong together. {schema.HOW_TO_COPY}"
        )
    return size


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
    logger.info(
        "%s did not exist. Created a new inventory%s.", path.name, schema.content(example_dams)
    )
