"""Copies of the file of an SQLite inventory, made while processes are using it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from ..errors import DatabaseUnavailable, InvalidBackup
from .engine import BUSY_TIMEOUT
from .new_file import is_full
from .sqlite import path_of

_PAGES = 8
"""How much a restore copies in one step. An inventory has more pages: each table has one."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a backup: the number of dams, without removed ones, and of changes.

    kept: the file that keeps the previous inventory after a restore, or None.
    """

    dams: int
    changes: int
    kept: Path | None = None


def path_of_sqlite(url: str, command: str) -> Path:
    """Return the path of an SQLite database.

    Raises InvalidBackup for PostgreSQL, with the command to use instead.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return path_of(parsed)
    shown = URL.create(
        "postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database
    )
    raise InvalidBackup(
        "This command is for SQLite only. For PostgreSQL, run the command below. It asks for the "
        f"password, or reads it from PGPASSWORD.\n{command.format(shown.render_as_string())}"
    )


def connected(path: Path, mode: str = "rw") -> closing[sqlite3.Connection]:
    name = f"file:{quote(str(path.absolute()))}?mode={mode}"
    seconds = BUSY_TIMEOUT / 1000
    return closing(sqlite3.connect(name, uri=True, isolation_level=None, timeout=seconds))


def copy(
    source: Path, target: Path, mode: str = "ro", before: Callable[[], None] | None = None
) -> None:
    """Copy a database over another one, as one transaction of the target.

    before: called when nobody else can write to the target any more, and it is still as it was.
    It may change the source. Raises the error of SQLite if the disk of the target is full.
    """
    end = time.monotonic() + BUSY_TIMEOUT / 1000
    is_locked = False

    def look(status: int, _remaining: int, _total: int) -> None:
        nonlocal is_locked
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() > end:
                raise TimeoutError
        elif before is not None and not is_locked:
            # The first step has locked the target, and only the last one commits.
            is_locked = True
            before()

    try:
        with connected(source, mode) as read, connected(target) as written:
            if before is not None:
                # In this mode the target can be read while it is locked.
                written.execute("PRAGMA journal_mode = WAL")
            written.execute("PRAGMA synchronous = FULL")
            pages = -1 if before is None else _PAGES
            read.backup(written, pages=pages, progress=look, sleep=0.05)
    except TimeoutError:
        raise DatabaseUnavailable(
            "Another process kept the database locked for too long. Nothing was changed. Try again."
        ) from None
    except sqlite3.Error as error:
        if is_full(error):
            raise
        raise InvalidBackup(f"{source} can't be copied: {error}. Nothing was changed.") from error


def checked(new: Path, name: str) -> Contents:
    """Return the contents of a copy, which becomes one file.

    Raises InvalidBackup if the copy is damaged or is not an inventory; the error of SQLite if its
    disk is full.
    """
    try:
        with connected(new) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            [(verdict,), *_] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            if verdict != "ok":
                raise InvalidBackup(f"{name} is damaged: {verdict}. Nothing was changed.")
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "dams", "changes"} <= tables:
                raise InvalidBackup(f"{name} does not contain an inventory. Nothing was changed.")
            columns = {row[1] for row in connection.execute("PRAGMA table_info(dams)")}
            present = " WHERE removed_at IS NULL" if "removed_at" in columns else ""
            [(dams,)] = connection.execute(f"SELECT count(*) FROM dams{present}")  # noqa: S608
            [(changes,)] = connection.execute("SELECT count(*) FROM changes")
    except sqlite3.Error as error:
        if is_full(error):
            raise
        raise InvalidBackup(f"{name} can't be read: {error}. Nothing was changed.") from error
    return Contents(dams, changes)
