"""Copies an inventory into an empty database, of the same system or of the other one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Table, delete, insert, select
from sqlalchemy.exc import DBAPIError

from ..config.redaction import shown
from ..errors import DatabaseUnavailable, InvalidCopy
from . import copy_target, counters, ground, queries, schema, sqlite
from .condition import expect_file
from .copy_target import TABLES, count_of
from .engine import engine_of
from .file_copies import Contents
from .models import ChangeRow, InventoryRow
from .transactions import writing

_AT_ONCE = 1_000

Showing = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Is told how many rows there are, and yields what is told how many were copied since."""


def copy(source_url: str, target_url: str, showing: Showing) -> Contents:
    """Copy a whole inventory, all or nothing, and return what was copied.

    The inventory may be in use: what is committed when the copy begins is copied. The copy gets a
    new epoch, so that no page that was open on the inventory goes on with the copy.
    Raises InvalidSettings for a URL of no supported database; InvalidCopy if the target is not
    empty, is the inventory itself, or if the source has no inventory of this version;
    DatabaseMissing if the file of the source does not exist; DatabaseUnavailable; InvalidBackup if
    the file of the target can't be created.
    """
    source, target = engine_of(source_url), engine_of(target_url, "--to")
    try:
        expect_file(source_url)
        copy_target.expect_another_file(source, target)
        reader = source.execution_options(postgresql_readonly=True)
        with _in_words(source_url), reader.connect() as read, read.begin():
            _expect_inventory(read, shown(source_url))
            with _in_words(target_url), copy_target.to_write(target) as engine:
                return _copied(read, source_url, engine, shown(target_url), showing)
    finally:
        source.dispose()
        target.dispose()


@contextmanager
def _in_words(url: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        missing = 'database "' in str(error.orig) and "does not exist" in str(error.orig)
        what = " Create an empty database first, for example with createdb." if missing else ""
        raise DatabaseUnavailable(
            f"{shown(url)} can't be read or written: {error.orig}. Nothing was copied.{what}"
        ) from error
    except CommandError as error:
        raise InvalidCopy(
            f"{shown(url)} is of a newer version of the Dam Inventory, or of another program. "
            "Nothing was copied."
        ) from error


def _expect_inventory(read: Connection, name: str) -> None:
    version = MigrationContext.configure(read).get_current_revision()
    if version is None:
        raise InvalidCopy(
            f"{name} contains no inventory. Set DAM_INVENTORY_DATABASE_URL to your inventory."
        )
    if version != schema.newest_version():
        raise InvalidCopy(
            f"{name} is an inventory of another version of the Dam Inventory. Back it up, start "
            "the newest version with it once, and copy it then."
        )


def _copied(
    read: Connection, source_url: str, engine: Engine, to: str, showing: Showing
) -> Contents:
    with writing(engine).connect() as written:
        with written.begin():
            copy_target.expect_another_database(read, written, to)
            copy_target.expect_no_other_tables(written, to)
            schema.build(written)
            copy_target.expect_empty(written, to)
            written.execute(delete(InventoryRow))
            with _in_words(source_url):
                counts = {table: count_of(read, table) for table in TABLES}
            with showing(sum(counts.values())) as done:
                for table in TABLES:
                    for rows in _rows(read, source_url, table):
                        written.execute(insert(table), rows)
                        done(len(rows))
            for table in counters.NUMBERED:
                counters.skip(written, table, counters.given(read, table))
            ground.new_epoch(written)
            for table, count in counts.items():
                if (copied := count_of(written, table)) != count:
                    raise InvalidCopy(
                        f"{to} got {copied:,} of {count:,} rows of the table {table.name}. "
                        "Nothing was copied."
                    )
            contents = Contents(queries.count(written), count_of(written, ChangeRow.__table__))
        if engine.name == "sqlite":
            sqlite.settle(written)
    return contents


def _rows(read: Connection, source_url: str, table: Table) -> Iterator[list[dict[Any, Any]]]:
    options = {"yield_per": _AT_ONCE}
    with _in_words(source_url), read.execute(select(table), execution_options=options) as rows:
        for some in rows.mappings().partitions():
            yield [dict(row) for row in some]
