"""Looks at a database without changing it: whether the next start of a server can use it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from ..config.redaction import shown
from ..errors import DatabaseMissing, DatabaseUnavailable, DatabaseUpgraded
from . import schema, sqlite
from .engine import engine_of, not_opened
from .models import Base

State = Literal["none", "older", "current", "newer"]
"""Whether a database has tables, and whether this program upgrades, uses or refuses them."""

LOCKED = "another process keeps it locked, as an import does"

_NAMES = [table.name for table in Base.metadata.sorted_tables]
_OURS = "(SELECT to_regclass(quote_ident(one)) FROM unnest(CAST(:names AS text[])) AS one)"
_LACKING = text(
    "SELECT privilege, relname FROM pg_class, "  # noqa: S608  (its own words only)
    "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege "
    f"WHERE oid IN {_OURS} AND NOT has_table_privilege(oid, privilege) "
    # deptype "a": a sequence that numbers the rows of one of these tables.
    "UNION SELECT 'USAGE', relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid "
    f"WHERE deptype = 'a' AND refobjid IN {_OURS} AND "
    # CASE, because AND may ask the second question first, which fails for what is no sequence.
    "CASE relkind WHEN 'S' THEN NOT has_sequence_privilege(pg_class.oid, 'USAGE') ELSE false END "
    "ORDER BY 1, 2"
)
_MAY_CREATE = text("SELECT has_schema_privilege(current_schema(), 'CREATE')")
_OWNS = text(
    "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class "  # noqa: S608
    f"WHERE oid IN {_OURS}"
)
_READ_ONLY = text("SELECT current_setting('transaction_read_only') = 'on'")


@contextmanager
def looking_at(url: str) -> Iterator[Engine]:
    """Yield an engine on an existing database that creates, upgrades and converts nothing.

    Raises InvalidSettings for a URL of no supported database, or a missing driver;
    DatabaseUnavailable when the database can't be reached or read.
    """
    engine = engine_of(url)
    if engine.name == "sqlite":
        engine = _untouched(sqlite.path_of(engine.url))
    try:
        yield engine
    except DBAPIError as error:
        raise not_opened(engine, url, error) from error
    finally:
        engine.dispose()


def _untouched(path: Path) -> Engine:
    if os.access(path, os.W_OK):
        return sqlite.untouched(path, "rw")
    # Else SQLite would leave files beside the database, which the server's user may not write.
    return sqlite.untouched(path, "ro" if sqlite.wal_of(path).exists() else "ro&immutable=1")


def state_of(engine: Engine) -> State:
    """Return the state of the tables of a database. Raises DBAPIError."""
    found = schema.version_of(engine)
    if found is None:
        return "none"
    if found == schema.newest_version():
        return "current"
    return "older" if schema.is_known(found) else "newer"


@contextmanager
def opened_to_read(url: str) -> Iterator[Engine]:
    """Yield an engine on an inventory of the newest version, for a command that only reads.

    Raises DatabaseMissing if there is no inventory; DatabaseUpgraded if a newer version made it;
    DatabaseUnavailable if an older version did, or it can't be read; InvalidSettings.
    """
    expect_file(url)
    named = f"The database {shown(url)}"
    with looking_at(url) as engine:
        state = state_of(engine)
        if state == "none" and engine.name == "sqlite":
            raise schema.no_inventory(sqlite.path_of(engine.url))
        if state == "none":
            raise DatabaseMissing(f"{named} contains no inventory.")
        if state == "newer":
            raise DatabaseUpgraded(
                f"{named} was created by a newer version of the Dam Inventory. Install that one."
            )
        if state == "older":
            raise DatabaseUnavailable(
                f"{named} was created by an older version of the Dam Inventory. The next start of "
                "a server upgrades it."
            )
        yield engine


def expect_file(url: str) -> None:
    """Raise DatabaseMissing for an SQLite file that does not exist: opening would create it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not sqlite.path_of(parsed).exists():
        raise DatabaseMissing(
            f"{sqlite.path_of(parsed)} does not exist. Set DAM_INVENTORY_DATABASE_URL to your "
            "inventory."
        )


def write_fault(path: Path) -> str:
    """Return why an SQLite database can't be written now, "" if it can. Nothing is written."""
    if not os.access(path, os.W_OK):
        return "its permissions do not allow it"
    engine = sqlite.untouched(path, "rw")
    try:
        with closing(engine.raw_connection()) as pooled:
            pooled.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
            pooled.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
    except sqlite3.Error as error:
        is_busy = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
        return LOCKED if is_busy else str(error)
    finally:
        engine.dispose()
    return ""


def free_bytes(folder: Path) -> int:
    """Return how many bytes there is room for in the file system of a folder."""
    return shutil.disk_usage(folder).free


def lacking(engine: Engine) -> list[str]:
    """Return what a PostgreSQL user may not do with the tables, such as "INSERT ON dams"."""
    with engine.connect() as connection:
        rows = connection.execute(_LACKING, {"names": _NAMES})
        return [f"{privilege} ON {name}" for privilege, name in rows]


def may_create(engine: Engine) -> bool:
    """Return whether a PostgreSQL user may create the tables, and change those that exist."""
    with engine.connect() as connection:
        owns = connection.execute(_OWNS, {"names": _NAMES}).scalar()
        return owns is not False and bool(connection.execute(_MAY_CREATE).scalar())


def is_read_only(engine: Engine) -> bool:
    """Return whether a PostgreSQL server, such as a standby, takes no changes."""
    with engine.connect() as connection:
        return bool(connection.execute(_READ_ONLY).scalar())
