"""Spool: the rows of a file and what was found about them, outside the memory of the process."""

from __future__ import annotations

import marshal
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from ..errors import DamInventoryError

AT_ONCE = 500
"""So many rows are written or read before somebody may cancel."""

# `place` is the position of a dam in the file, from 0. `blocks` holds the values of all dams, some
# at once; `first` is the place of the first one. `found` holds one line for each row that could be
# read; `former` is 1 for an identity that a dam had before it was edited.
_TABLES = """
CREATE TABLE rows (
    place INTEGER PRIMARY KEY, row INTEGER, dam_name TEXT,
    federal TEXT, nid TEXT, structure TEXT, name TEXT, latitude REAL, longitude REAL, region TEXT,
    exported_id INTEGER
);
CREATE TABLE blocks (first INTEGER PRIMARY KEY, size INTEGER, columns BLOB);
CREATE TABLE known (
    dam_id INTEGER, removed INTEGER, former INTEGER,
    federal TEXT, nid TEXT, structure TEXT, name TEXT, latitude REAL, longitude REAL, region TEXT
);
CREATE TABLE found (
    place INTEGER PRIMARY KEY, outcome TEXT, dam_id INTEGER, evidence TEXT, differences TEXT
);
CREATE TABLE matched (place INTEGER PRIMARY KEY, outcome TEXT, dam_id INTEGER, evidence TEXT);
CREATE TABLE alike (
    known TEXT, removed INTEGER, outcome TEXT, evidence TEXT, PRIMARY KEY (known, removed)
);
CREATE TABLE refused (place INTEGER PRIMARY KEY, row INTEGER, reason TEXT);
CREATE TABLE unread (
    place INTEGER PRIMARY KEY, row INTEGER, dam_name TEXT, heading TEXT, value TEXT, reason TEXT
);
"""
KEYS = ("federal", "nid", "name")
"""The columns of an identity by which rows and dams are compared with one another."""

_WITHOUT_REFERENCES = 2
"""A version of marshal that does not look for values that it has met before."""


class Kept(NamedTuple):
    """A block as a spool keeps it.

    first: the place of its first dam. size: the number of dams. columns: as in Block.
    """

    first: int
    size: int
    columns: dict[str, list[Any]]


class Spool:
    """A temporary database of its own, which SQLite deletes when it is closed.

    It may be used in any thread, by one at a time. Once it is closed, all but `close` raises
    DamInventoryError.
    """

    def __init__(self) -> None:
        # Without a name, SQLite keeps the tables in a file that nobody else can open, and that is
        # gone even if this process is killed.
        self._database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._is_closed = False
        self._last = Kept(0, 0, {})
        self._database.executescript(f"PRAGMA cache_size = -4000; {_TABLES}")

    def index_rows(self) -> None:
        """Prepare the table `rows` for comparisons; call this when it is complete."""
        for key in KEYS:
            self.execute(f"CREATE INDEX rows_{key} ON rows ({key})")

    def index_known(self) -> None:
        """Prepare the table `known` for comparisons; call this when it is complete."""
        for key in KEYS:
            self.execute(f"CREATE INDEX known_{key} ON known ({key})")

    def index_found(self) -> None:
        """Forget what was only needed to find it, and prepare `found` for reading."""
        self._forget_known()
        self.execute("CREATE INDEX found_outcome ON found (outcome, place)")

    def clear(self) -> None:
        """Forget what was found."""
        self._forget_known()
        for statement in ("DROP INDEX IF EXISTS found_outcome", "DELETE FROM found"):
            self.execute(statement)

    def settle(self) -> None:
        """Move what was written to `matched` to `found`."""
        self.execute("INSERT INTO found SELECT *, NULL FROM matched")
        self.execute("DELETE FROM matched")

    def _forget_known(self) -> None:
        for key in KEYS:
            self.execute(f"DROP INDEX IF EXISTS known_{key}")
        self.execute("DELETE FROM known")

    def close(self) -> None:
        """Delete everything."""
        with self._lock:
            self._is_closed = True
            self._database.close()

    def write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each row, in one transaction."""
        with self._open() as database:
            database.execute("BEGIN")
            database.executemany(statement, rows)
            database.execute("COMMIT")

    def write_block(self, first: int, size: int, columns: Mapping[str, Sequence[Any]]) -> None:
        """Keep the values of dams. first: the place of the first one. columns: as in a Block."""
        # Only this process writes and reads them; JSON takes several times as long.
        packed = marshal.dumps(dict(columns), _WITHOUT_REFERENCES)
        self.execute("INSERT INTO blocks VALUES (?,?,?)", first, size, packed)

    def blocks(self, query: str) -> Iterator[tuple[Kept, list[Any]]]:
        """Yield the blocks with dams that a query finds, and what it says of them.

        query: selects the place of a dam first; it ends with a condition.
        """
        for first, size in self.read("SELECT first, size FROM blocks ORDER BY first"):
            found = self.read(
                f"{query} AND place >= ? AND place < ? ORDER BY place", first, first + size
            )
            if found:
                yield self._block(first), found

    def dam(self, place: int) -> dict[str, Any]:
        """Return the known values of a dam, `other_facts` as JSON."""
        if not self._last.first <= place < self._last.first + self._last.size:
            [(first,)] = self.read("SELECT max(first) FROM blocks WHERE first <= ?", place)
            self._last = self._block(first)
        position = place - self._last.first
        values = {field: column[position] for field, column in self._last.columns.items()}
        return {field: value for field, value in values.items() if value is not None}

    def _block(self, first: int) -> Kept:
        [(size, packed)] = self.read("SELECT size, columns FROM blocks WHERE first = ?", first)
        return Kept(first, size, marshal.loads(packed))  # noqa: S302

    def execute(self, statement: str, *values: Any) -> None:
        """Execute one statement."""
        with self._open() as database:
            database.execute(statement, values)

    def read(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query that has few."""
        with self._open() as database:
            return database.execute(query, values).fetchall()

    def stream(self, query: str, *values: Any, at_once: int = AT_ONCE) -> Iterator[list[Any]]:
        """Yield the rows of a query, some at a time."""
        with self._open() as database:
            cursor = database.execute(query, values)
        while True:
            with self._open():
                some = cursor.fetchmany(at_once)
            if not some:
                return
            yield some

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._is_closed:
                raise DamInventoryError("The file is closed. Choose it again.")
            yield self._database


def chunks(items: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Yield items, some at a time."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
