"""Relay for processes that share an SQLite file: polls the file for commits."""

from __future__ import annotations

import sqlite3
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ...database import sqlite
from ...errors import DatabaseUnavailable
from .listening import ListeningRelay


class SQLiteRelay(ListeningRelay):
    """Polls `PRAGMA data_version`, which changes when another connection has committed.

    interval: seconds between two polls. A poll reads no table.
    """

    _errors = (sqlite3.Error, SQLAlchemyError, DatabaseUnavailable)

    def __init__(self, engine: Engine, interval: float = 0.05) -> None:
        super().__init__("the SQLite file")
        self._engine = engine
        self._interval = interval
        self._path = sqlite.path_of(engine.url)
        self._file: sqlite.Identity = (None, None)
        self._seen: int | None = None

    def announce(self) -> None:
        """Do nothing: other processes detect the commit itself."""

    def _connect(self) -> None:
        # The values of two connections can't be compared, and inside a transaction the value
        # never changes. So this relay has its own connection, outside SQLAlchemy's transactions.
        pooled = self._engine.raw_connection()
        self._file = sqlite.identity_of(pooled.info)
        self._connection = pooled.driver_connection
        pooled.detach()
        self._seen = self._data_version()

    def _receive(self, seconds: float, stopped: threading.Event) -> bool:
        stopped.wait(min(seconds, self._interval))
        if sqlite.identity(self._path) != self._file:
            raise DatabaseUnavailable("the file was replaced or removed.")
        seen, self._seen = self._seen, self._data_version()
        return self._seen != seen

    def _data_version(self) -> int:
        [(version,)] = self._connection.execute("PRAGMA data_version").fetchall()
        return int(version)
