"""Backup and restore of an SQLite inventory while processes are using it."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from ..errors import DatabaseUnavailable, DatabaseUpgraded, InvalidBackup
from . import counters
from .engine import BUSY_TIMEOUT, open_database
from .new_file import beside, link, own_like
from .sqlite import missing, path_of, wal_of

_NUMBERED = [table.name for table in counters.NUMBERED]
"""Tables whose ids are never reused, not even after a restore."""

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


def backup(url: str, target: Path, *, force: bool = False) -> Contents:
    """Write a consistent copy of an inventory to one file that only its owner can read.

    force: overwrite an existing file. Raises InvalidBackup for a target that exists, can't be
    written, or is the database itself; raises DatabaseMissing if there is no database.
    """
    path = _sqlite_path(url, f"pg_dump --format=custom --file={target} {{}}")
    if not path.exists():
        raise missing(path)
    _check_target(path, target, force=force)
    with beside(target) as new:
        _copy(path, new)
        contents = _checked(new, path.name)
        if force:
            new.replace(target)
        else:
            link(new, target)
    return contents


def restore(url: str, source: Path) -> Contents:
    """Replace an inventory with a backup, even while processes have the inventory open.

    The previous inventory is kept in the same folder. Raises InvalidBackup, and changes nothing,
    for a file that is not a complete inventory, or that a newer version has written.
    """
    command = f"pg_restore --clean --if-exists --single-transaction --dbname={{}} {source}"
    path = _sqlite_path(url, command)
    _check_source(path, source)
    with beside(path) as new:
        _read_in(source, new)
        _checked(new, source.name)
        _bring_up(new, source)
        _renew(new, path)
        contents = _checked(new, source.name)
        return replace(contents, kept=_put(new, path))


def _sqlite_path(url: str, command: str) -> Path:
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


def _check_target(path: Path, target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise InvalidBackup(f"{target} is a directory. Choose a file name for the backup.")
    if target.exists() and target.samefile(path):
        raise InvalidBackup(f"{target} is the database itself. Choose another file.")
    if target.exists() and not force:
        raise InvalidBackup(
            f"{target} already exists. Choose another file, or add --force to overwrite it."
        )
    if not target.absolute().parent.is_dir():
        raise InvalidBackup(
            f"{target} can't be written: the folder {target.parent} does not exist."
        )


def _check_source(path: Path, source: Path) -> None:
    if not source.is_file():
        what = "is not a file" if source.exists() else "does not exist"
        raise InvalidBackup(f"{source} can't be restored: it {what}.")
    if path.exists() and source.samefile(path):
        raise InvalidBackup(f"{source} is the database itself. Choose a backup file.")
    if not source.stat().st_size:
        raise InvalidBackup(f"{source} is empty. Nothing was changed.")
    if not path.parent.is_dir():
        raise InvalidBackup(
            f"The database can't be written: the folder {path.parent} does not exist."
        )


def _connected(path: Path, mode: str = "rw") -> closing[sqlite3.Connection]:
    name = f"file:{quote(str(path.absolute()))}?mode={mode}"
    seconds = BUSY_TIMEOUT / 1000
    return closing(sqlite3.connect(name, uri=True, isolation_level=None, timeout=seconds))


def _copy(
    source: Path, target: Path, mode: str = "ro", before: Callable[[], None] | None = None
) -> None:
    """Copy a database over another one, as one transaction of the target.

    before: called when nobody else can write to the target any more, and it is still as it was.
    It may change the source.
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
        with _connected(source, mode) as read, _connected(target) as written:
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
        raise InvalidBackup(f"{source} can't be copied: {error}. Nothing was changed.") from error


def _read_in(source: Path, new: Path) -> None:
    """Copy a backup, which may be in a read-only folder."""
    try:
        _copy(source, new)
    except InvalidBackup:
        if wal_of(source).exists():
            raise
        # There is no write-ahead log, so the file is complete.
        _copy(source, new, "ro&immutable=1")


def _checked(new: Path, name: str) -> Contents:
    """Return the contents of a copy, which becomes one file.

    Raises InvalidBackup if the copy is damaged or is not an inventory.
    """
    try:
        with _connected(new) as connection:
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
        raise InvalidBackup(f"{name} can't be read: {error}. Nothing was changed.") from error
    return Contents(dams, changes)


def _bring_up(new: Path, source: Path) -> None:
    """Upgrade a copy to the newest schema."""
    url = URL.create("sqlite", database=str(new)).render_as_string()
    try:
        open_database(url, example_dams=False).dispose()
    except (DatabaseUnavailable, DatabaseUpgraded) as error:
        raise InvalidBackup(
            f"{source} was created by a newer version of the Dam Inventory, or by another "
            "program. Nothing was changed."
        ) from error


def _renew(new: Path, path: Path) -> None:
    """Give a copy a new epoch, and the page size of the database that it replaces."""
    with _connected(new) as connection:
        connection.execute("UPDATE inventory SET epoch = ?", (uuid4().hex,))
        connection.execute("PRAGMA journal_mode = DELETE")
        if size := _page_size(path):
            connection.execute(f"PRAGMA page_size = {size}")
            connection.execute("VACUUM")


def _skip(new: Path, path: Path) -> None:
    """Make a copy skip all ids that the database that it replaces has used."""
    given = _given(path)
    with _connected(new) as connection:
        connection.execute("BEGIN")
        for table, number in _given(new).items():
            highest = max(number, given.get(table, 0))
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, highest))
        connection.execute("COMMIT")


def _given(path: Path) -> dict[str, int]:
    """Return the highest id that each table has ever given to a row; 0 if unknown."""
    given = dict.fromkeys(_NUMBERED, 0)
    with suppress(sqlite3.Error), _connected(path) as connection:
        given |= dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    return {table: given[table] for table in _NUMBERED}


def _page_size(path: Path) -> int | None:
    """Return the page size of a database, or None if there is none or it can't be read."""
    with suppress(sqlite3.Error), _connected(path) as connection:
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
            _copy(path, kept)
        except BaseException:
            kept.unlink()
            raise
        _skip(new, path)

    _copy(new, path, before=keep)
