"""Detects that the file of an SQLite engine was replaced or removed.

A connection keeps using the file that it opened, even after the file is renamed, replaced or
removed. And by default SQLite creates a missing file.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import sqlite3
import struct
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import NullPool

from ..errors import DatabaseMissing, DatabaseUnavailable

logger = logging.getLogger(__name__)

_KEY = "file"
_BESIDE = ("-wal", "-shm", "-journal")
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)

Node = tuple[int, int]
Identity = tuple[Node | None, Node | None]
"""Device and inode of the file and of its write-ahead log; None for a file that is missing."""


def path_of(url: URL) -> Path:
    """Return the absolute path of an SQLite URL's file."""
    name = url.database or ""
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:").partition("?")[0])
    return Path(name).absolute()


def expect_locks(path: Path) -> None:
    """Raise DatabaseUnavailable if the file system of a database keeps no locks.

    Some network file systems do not: then what one process has confirmed, another overwrites.
    Source: SQLite's documentation, "How To Corrupt An SQLite Database File".
    """
    operation = getattr(fcntl, "F_OFD_SETLK", None)
    if operation is None:
        return
    # Locks of the open file, because a process may always lock once more what it has locked.
    whole = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with (
            tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name) as first,
            Path(first.name).open("r+b") as second,
        ):
            fcntl.fcntl(first, operation, whole)
            try:
                fcntl.fcntl(second, operation, whole)
            except BlockingIOError:
                return
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            return  # Nothing can be written there.
    raise DatabaseUnavailable(
        f"The file system of {path} keeps no locks, so two processes would overwrite what the "
        "other has saved. Put the database on a disk of this machine, or use PostgreSQL."
    )


def wal_of(path: Path) -> Path:
    """Return the path of a database's write-ahead log."""
    return path.with_name(path.name + "-wal")


def is_beside(target: Path, path: Path) -> bool:
    """Return whether a path is one of the files that SQLite keeps beside a database.

    It may not exist yet: SQLite takes what has the name of a journal for one of the database.
    """
    # SQLite names them after the file behind a link.
    names = (f"{one}{ending}" for one in (path, path.resolve()) for ending in _BESIDE)
    others = [Path(name).resolve() for name in names]
    if target.resolve() in others:
        return True
    return target.exists() and any(one.exists() and target.samefile(one) for one in others)


def identity(path: Path) -> Identity:
    """Return the identity of a file, which differs from that of a replacement of the same name."""
    return _node(path), _node(wal_of(path))


def watch(engine: Engine) -> None:
    """Stop an engine from using connections to a replaced file, and from creating a file.

    While the file is missing, the engine raises DatabaseMissing instead of connecting.
    """
    path = path_of(engine.url)
    known: Identity = (None, None)

    def connect(_dialect: Any, record: Any, arguments: Sequence[Any], options: Any) -> Any:
        # Before opening the file: if it is replaced in between, the connection counts as old.
        node = record.info[_KEY] = _node(path)
        if node is None:
            raise missing(path)
        _part_from_log_of_another(path, node, known)
        name = str(arguments[0])
        if not name.startswith("file:"):
            # Not "rwc", which would create a missing file.
            name = f"file:{quote(name)}?mode=rw"
        return sqlite3.connect(name, **{**options, "uri": True})

    def note(_connection: Any, record: Any) -> None:
        nonlocal known
        known = record.info[_KEY] = (record.info[_KEY], _node(wal_of(path)))

    def look(_connection: Any, record: Any, _proxy: Any) -> None:
        if _node(path) is None:
            raise missing(path)
        if record.info.get(_KEY) != identity(path):
            # Makes the pool discard its connections and open a new one.
            raise InvalidatePoolError()

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", look)


def untouched(path: Path, mode: str = "ro") -> Engine:
    """Return an engine on an existing file that does not change its journal, as `watch`'s may.

    mode: "rw" to try whether the file can be written; "ro&immutable=1" if no process uses it.
    """
    name = f"file:{quote(str(path))}?mode={mode}"
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=lambda: sqlite3.connect(name, uri=True, isolation_level=None),
        poolclass=NullPool,
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def settle(connection: Connection) -> None:
    """Move committed data from the write-ahead log to the file, unless a reader prevents it.

    People copy, move and replace the file without knowing about the write-ahead log.
    connection: must not be in a transaction.
    """
    driver = connection.connection.driver_connection
    if driver is None:
        return
    try:
        [(patience,)] = driver.execute("PRAGMA busy_timeout").fetchall()
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            driver.execute(f"PRAGMA busy_timeout = {patience}")
    except sqlite3.Error as error:
        logger.debug("Could not move the write-ahead log to the file: %s", error)


def _part_from_log_of_another(path: Path, node: Node, known: Identity) -> None:
    """Rename the write-ahead log of a replaced file: SQLite would apply it to the new file."""
    before, its_wal = known
    wal = wal_of(path)
    if before not in (None, node) and its_wal is not None and _node(wal) == its_wal:
        with suppress(OSError):
            wal.replace(wal.with_name(f"{wal.name}.of-replaced-file"))
            path.with_name(path.name + "-shm").unlink()


def identity_of(info: Mapping[Any, Any]) -> Identity:
    """Return the identity of the file that a pooled connection has opened, from its `info`."""
    return cast(Identity, info[_KEY])


def missing(path: Path) -> DatabaseMissing:
    """Return the error for a missing file."""
    return DatabaseMissing(
        f"The database file {path.name} is missing. "
        "Put it back, or restore a backup with: python -m dam_inventory restore FILE."
    )


def _node(path: Path) -> Node | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
