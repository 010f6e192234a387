"""Relay for processes that share a PostgreSQL database: LISTEN and NOTIFY."""

from __future__ import annotations

import threading

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ...database.postgresql import CHANNEL
from .listening import ListeningRelay


class PostgreSQLRelay(ListeningRelay):
    """Listens to the notifications of all writing transactions (see `database.postgresql`)."""

    _errors = (psycopg.Error, SQLAlchemyError)

    def __init__(self, engine: Engine) -> None:
        super().__init__("PostgreSQL")
        self._engine = engine

    def announce(self) -> None:
        """Do nothing: the transaction itself sends the notification."""

    def _connect(self) -> None:
        pooled = self._engine.raw_connection()
        self._connection = pooled.driver_connection
        pooled.detach()
        # Notifications do not arrive inside a transaction.
        self._connection.autocommit = True
        self._connection.execute(f"LISTEN {CHANNEL}")

    def _receive(self, seconds: float, stopped: threading.Event) -> bool:
        return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))
