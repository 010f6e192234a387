"""What a database must be to get a copy of an inventory."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, FromClause, func, inspect, select, text

from ..errors import InvalidCopy
from . import schema, sqlite
from .engine import size_of, sqlite_engine
from .models import Base, ChangeRow, DamRow, InventoryRow
from .new_file import beside, link, own_like

TABLES = Base.metadata.sorted_tables
"""All tables, each after those that it refers to."""


def expect_another_file(source: Engine, target: Engine) -> None:
    """Raise InvalidCopy if both are the same SQLite file, or one is kept beside the other."""
    if source.name == target.name == "sqlite":
        path, to = sqlite.path_of(source.url), sqlite.path_of(target.url)
        if path.exists() and to.exists() and path.samefile(to):
            raise _is_itself(str(to))
        if sqlite.is_beside(to, path):
            raise InvalidCopy(f"{to} belongs to the inventory itself. Choose another file.")


@contextmanager
def to_write(target: Engine) -> Iterator[Engine]:
    """Yield the engine to write with: for a missing or empty file, that of a new file.

    The new file gets its name at the end, unless something fails. Raises InvalidBackup if it can't
    be written, DatabaseUnavailable if its file system keeps no locks.
    """
    if target.name != "sqlite":
        yield target
        return
    path = sqlite.path_of(target.url)
    sqlite.expect_locks(path)
    if size := size_of(path):
        yield target
        return
    with beside(path) as new:
        engine = sqlite_engine(URL.create("sqlite", database=str(new)))
        try:
            yield engine
        finally:
            engine.dispose()
        own_like(new, path)
        if size == 0 and size_of(path) == 0:
            new.replace(path)
        else:
            link(new, path)


def expect_another_database(read: Connection, written: Connection, to: str) -> None:
    """Raise InvalidCopy if both connections are to one PostgreSQL database, whatever its name."""
    if not read.dialect.name == written.dialect.name == "postgresql":
        return
    # Such a lock is known throughout one database, and nowhere else.
    key = {"key": secrets.randbits(62)}
    read.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
    if not written.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), key).scalar():
        raise _is_itself(to)


def expect_no_other_tables(written: Connection, to: str) -> None:
    """Raise InvalidCopy if a database without an inventory has tables that are in its way."""
    found = {*inspect(written).get_table_names()}
    if "alembic_version" in found:
        return
    others = found if written.dialect.name == "sqlite" else found & Base.metadata.tables.keys()
    if others:
        raise InvalidCopy(
            f"{to} has tables of another program, such as {min(others)}. Choose a new database."
        )


def expect_empty(written: Connection, to: str) -> None:
    """Raise InvalidCopy, with what to do, if an inventory has dams, changes or other rows."""
    own = InventoryRow.__tablename__
    full = [table for table in TABLES if table.name != own and count_of(written, table)]
    if not full:
        return
    is_file = written.dialect.name == "sqlite"
    how = "Move the file away" if is_file else "Drop that database and create it again, empty"
    if _has_only_examples(written):
        raise InvalidCopy(
            f"{to} has only the two example dams: it was opened once before it got a copy. {how}, "
            "then copy again."
        )
    number, changes = (count_of(written, one.__table__) for one in (DamRow, ChangeRow))
    has = f"{number:,} dams and {changes:,} changes"
    if full[0].name not in ("dams", "changes", "hydrographs"):
        has = f"rows in its table {full[0].name}"
    raise InvalidCopy(
        f"{to} already has {has}. Nothing was copied. Choose a new database, or, if you do not "
        f"need that one: {how[0].lower()}{how[1:]}, then copy again."
    )


def _has_only_examples(written: Connection) -> bool:
    examples = [one["dam_name"] for one in schema.EXAMPLE_DAMS]
    query = select(DamRow.dam_name).order_by(DamRow.id).limit(len(examples) + 1)
    is_unchanged = count_of(written, ChangeRow.__table__) == len(examples)
    return is_unchanged and [*written.execute(query).scalars()] == examples


def count_of(connection: Connection, table: FromClause) -> int:
    """Return the number of rows of a table."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _is_itself(to: str) -> InvalidCopy:
    return InvalidCopy(f"{to} is the inventory itself. Choose another database for the copy.")
