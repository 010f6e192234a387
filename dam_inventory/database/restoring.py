"""Restores an SQLite inventory from a backup while processes are using it."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL

from ..errors import DatabaseUnavailable, DatabaseUpgraded, InvalidBackup
from . import counters
from .engine import open_database
from .file_copies import Contents, checked, connected, copy, path_of_sqlite
from .new_file import beside, expect_regular_file, own_like
from .sqlite import wal_of

_NUMBERED = [table.name for table in counters.NUMBERED]
"""Tables whose ids are never reused, not even after a restore."""


def restore(url: str, source: Path) -> Contents:
    """Replace an inventory with a backup, even while processes have the inventory open.

    The previous inventory is kept in the same folder. Raises InvalidBackup, and changes nothing,
    for a file that is not a complete inventory, or that a newer version has written.
    """
    command = f"pg_restore --clean --if-exists --single-transaction --dbname={{}} {source}"
    path = path_of_sqlite(url, command)
    _check_source(path, source)
    with beside(path) as new:
        _read_in(source, new)
        checked(new, source.name)
        _bring_up(new, source, path.name)
        _renew(new, path)
        contents = checked(new, source.name)
        return replace(contents, kept=_put(new, path))


def _check_source(path: Path, source: Path) -> None:
    if not source.is_file():
        what = "is not a file" if source.exists() else "does not exist"
        raise InvalidBackup(f"{source} can't be restored: it {what}.")
    if path.exists() and source.samefile(path):
        raise InvalidBackup(f"{source} is the database itself. Choose a backup file.")
    if not source.stat().st_size:
        raise InvalidBackup(f"{source} is empty. Nothing was changed.")
    expect_regular_file(path)
    if not path.parent.is_dir():
        raise InvalidBackup(
            f"The database can't be written: the folder {path.parent} does not exist."
        )


def _read_in(source: Path, new: Path) -> None:
    """Copy a backup, which may be in a read-only folder."""
    try:
        copy(source, new)
    except InvalidBackup:
        if wal_of(source).exists():
            raise
        # There is no write-ahead log, so the file is complete.
        copy(source, new, "ro&immutable=1")


def _bring_up(new: Path, source: Path, name: str) -> None:
    """Upgrade a copy to the newest schema. name: of the file that the copy becomes."""
    url = URL.create("sqlite", database=str(new)).render_as_string()
    try:
        open_database(url, example_dams=False, name=name).dispose()
    except (DatabaseUnavailable, DatabaseUpgraded) as error:
        raise InvalidBackup(
            f"{source} was created by a newer version of the Dam Inventory, or by another "
            "program. Nothing was changed."
        ) from error


def _renew(new: Path, path: Path) -> None:
    """Give a copy a new epoch, and the page size of the database that it replaces."""
    with connected(new) as connection:
        connection.execute("UPDATE inventory SET epoch = ?", (uuid4().hex,))
        connection.execute("PRAGMA journal_mode = DELETE")
        if size := _page_size(path):
            connection.execute(f"PRAGMA page_size = {size}")
            connection.execute("VACUUM")


def _skip(new: Path, path: Path) -> None:
    """Make a copy skip all ids that the database that it replaces has used."""
    given = _given(path)
    with connected(new) as connection:
        connection.execute("BEGIN")
        for table, number in _given(new).items():
            highest = max(number, given.get(table, 0))
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, highest))
        connection.execute("COMMIT")


def _given(path: Path) -> dict[str, int]:
    """Return the highest id that each table has ever given to a row; 0 if unknown."""
    given = dict.fromkeys(_NUMBERED, 0)
    with suppress(sqlite3.Error), connected(path) as connection:
        given |= dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    return {table: given[table] for table in _NUMBERED}


def _page_size(path: Path) -> int | None:
    """Return the page size of a database, or None if there is none or it can't be read."""
    with suppress(sqlite3.Error), connected(path) as connection:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return int(connection.execute("PRAGMA page_size").fetchone()[0])
    return None


def _put(new: Path, path: Path) -> Path | None:
    """Replace a database with a copy. Return the file that keeps the old one, None if none."""
    is_readable = _page_size(path) is not None
    kept = None
    if path.exists() and path.stat().st_size:
        moment = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:4]}"
        kept = path.with_name(f"{path.stem}.before-restore-{moment}{path.suffix}")
    if is_readable and kept is not None:
        _put_over(new, path, kept)
        return kept
    _skip(new, path)
    # No process can use a missing or unreadable database, so the file itself is replaced.
    own_like(new, path)
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").replace(f"{kept or path}{ending}.left")
    if kept is not None:
        path.replace(kept)
    new.replace(path)
    return kept


def _put_over(new: Path, path: Path, kept: Path) -> None:
    """Copy a copy over a database that may be in use, and keep what the database had.

    Nothing can be saved between the two: it would be in neither file.
    """

    def keep() -> None:
        os.close(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            copy(path, kept)
        except BaseException:
            kept.unlink()
            raise
        _skip(new, path)

    copy(new, path, before=keep)
