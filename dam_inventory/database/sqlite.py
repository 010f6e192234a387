"""The file under an SQLite engine: whether connections still are to the file that has its name.

A connection keeps to the file that it was opened on, however that is renamed, replaced or
removed; and SQLite makes a file where there is none.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from ..errors import DatabaseMissing

logger = logging.getLogger(__name__)

_KEY = "file"

Node = tuple[int, int]
Identity = tuple[Node | None, Node | None]
"""Device and inode of the file and of its write-ahead log; None for one that is not there."""


def path_of(url: URL) -> Path:
    """Return where the file of an SQLite URL is."""
    name = url.database or ""
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:").partition("?")[0])
    return Path(name).absolute()


def wal_of(path: Path) -> Path:
    """Return where the write-ahead log of a file is."""
    return path.with_name(path.name + "-wal")


def identity(path: Path) -> Identity:
    """Return what tells a file from another one of the same name."""
    return _node(path), _node(wal_of(path))


def watch(engine: Engine) -> None:
    """Let an engine use no connection to a file that has been replaced, and never make a file.

    Asked for a connection while there is no file, it raises DatabaseMissing.
    """
    path = path_of(engine.url)
    known: Identity = (None, None)

    def connect(_dialect: Any, record: Any, arguments: Sequence[Any], options: Any) -> Any:
        # Before it is opened: should it be replaced meanwhile, the connection counts as the old.
        node = record.info[_KEY] = _node(path)
        if node is None:
            raise missing(path)
        _part_from_log_of_another(path, node, known)
        name = str(arguments[0])
        if not name.startswith("file:"):
            # Not "rwc", which makes a file where there is none.
            name = f"file:{quote(name)}?mode=rw"
        return sqlite3.connect(name, **{**options, "uri": True})

    def note(_connection: Any, record: Any) -> None:
        nonlocal known
        known = record.info[_KEY] = (record.info[_KEY], _node(wal_of(path)))

    def look(_connection: Any, record: Any, _proxy: Any) -> None:
        if _node(path) is None:
            raise missing(path)
        if record.info.get(_KEY) != identity(path):
            # The pool makes a new connection, and forgets the others.
            raise InvalidatePoolError()

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", look)


def settle(connection: Connection) -> None:
    """Move all that was committed into the file itself, as far as nobody is reading.

    Files are copied, moved and replaced by people who do not know of the log beside them.
    connection: one that is in no transaction.
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
        logger.debug("The log was not emptied into the file: %s", error)


def _part_from_log_of_another(path: Path, node: Node, known: Identity) -> None:
    """Put aside the write-ahead log of a file that was replaced: SQLite would add it to the new."""
    before, its_wal = known
    wal = wal_of(path)
    if before not in (None, node) and its_wal is not None and _node(wal) == its_wal:
        with suppress(OSError):
            wal.replace(wal.with_name(f"{wal.name}.of-replaced-file"))
            path.with_name(path.name + "-shm").unlink()


def identity_of(info: Mapping[Any, Any]) -> Identity:
    """Return the identity of the file that a pooled connection, by its `info`, was opened on."""
    return cast(Identity, info[_KEY])


def missing(path: Path) -> DatabaseMissing:
    """Return what to raise where there is no file."""
    return DatabaseMissing(
        f"The database file {path.name} is missing. "
        "Put it back, or restore a backup: python -m dam_inventory restore FILE."
    )


def _node(path: Path) -> Node | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
