"""Processes that share an SQLite file: the file itself tells that it was written."""

from __future__ import annotations

import sqlite3
import threading
import time

from sqlalchemy import Engine, PoolProxiedConnection

from ..errors import DatabaseUnavailable


class SQLiteRelay:
    """Asks `PRAGMA data_version`, which changes when another connection has committed.

    interval: seconds between two questions. One costs some ten microseconds and reads no table.
    """

    def __init__(self, engine: Engine, interval: float = 0.25) -> None:
        self._engine = engine
        self._interval = interval
        # The answers of two connections can't be compared, and inside a transaction the answer
        # stays the same: hence one connection of its own, without SQLAlchemy's transactions.
        self._connection: PoolProxiedConnection | None = None
        self._seen: int | None = None

    def announce(self) -> None:
        """Do nothing: the commit itself is what others see."""

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        end = time.monotonic() + timeout
        while time.monotonic() < end and not stopped.wait(self._interval):
            version = self._data_version()
            if version != self._seen:
                self._seen = version
                return

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._seen = None

    def _data_version(self) -> int:
        try:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            [(version,)] = cursor.fetchall()
            return int(version)
        except sqlite3.Error as error:
            self.close()
            raise DatabaseUnavailable(f"The database does not answer: {error}.") from error
