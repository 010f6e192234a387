"""Access: the transactions of a process on the database: many readers, one writer at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from ..errors import DatabaseUnavailable, DatabaseUpgraded, InventoryReplaced
from . import ground, sqlite
from .engine import BUSY_TIMEOUT
from .outages import CROWDED, IMPORTING, Outages
from .schema import is_upgraded
from .transactions import writing

_UPGRADED = (
    "A newer version of the Dam Inventory has upgraded the database. Nothing was saved. "
    "Restart this server with the newer version."
)


class Access:
    """Begins transactions, from any thread, and turns what the database reports into our errors.

    Each transaction is all or nothing. It raises DatabaseUnavailable when the database can't be
    reached, is locked by another writer for too long, is full, or is read-only; and
    DatabaseUpgraded when a newer version has changed its tables.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self._file = sqlite.path_of(engine.url) if engine.name == "sqlite" else None
        self._turn = threading.Lock()
        self._is_importing = False
        self._outages = Outages()
        self.write_fault = ""
        """Why the latest change could not be saved because of the database; "" if it could."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that reads."""
        with self._transaction(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self, *, imports: bool = False) -> Iterator[Connection]:
        """Begin a transaction that takes the writer's lock before it reads anything.

        imports: whether it takes long, because it imports a file; then others are told so.
        Raises InventoryReplaced when the database file was replaced in the meantime.
        """
        # Only one writer at a time waits for the database's lock. Waiting writers would hold
        # their connections, and soon none would be left for readers.
        if not self._turn.acquire(timeout=BUSY_TIMEOUT / 1000):
            raise DatabaseUnavailable(IMPORTING if self._is_importing else CROWDED)
        try:
            self._is_importing = imports
            with self._noting_faults(), self._transaction(self._writing) as connection:
                yield connection
                info, last = connection.info, ground.newest(connection) if self._file else None
            if self._file and sqlite.identity_of(info) != sqlite.identity(self._file):
                self._look_for(last)
        finally:
            self._turn.release()

    @contextmanager
    def _noting_faults(self) -> Iterator[None]:
        try:
            yield
        except DatabaseUnavailable as error:
            self.write_fault = str(error)
            raise
        self.write_fault = ""

    def _look_for(self, last: ground.Newest | None) -> None:
        """Raise InventoryReplaced unless the current database file contains a change."""
        if last is None:
            return
        with suppress(DatabaseUnavailable), self._transaction(self._engine) as connection:
            if ground.has(connection, *last):
                return
        raise InventoryReplaced(
            "The database file was replaced or removed while your change was being saved, and the "
            "change is lost. Make it again after this page has updated."
        )

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.connect() as connection:
                with connection.begin():
                    yield connection
                if self._file and engine is self._writing:
                    sqlite.settle(connection)
        except DBAPIError as error:
            if is_upgraded(self._engine):
                raise DatabaseUpgraded(_UPGRADED) from error
            raise self._outages.told(error) from error
        except NoConnectionLeft as error:
            raise DatabaseUnavailable(CROWDED) from error
