"""Relay for processes that share a PostgreSQL database: LISTEN and NOTIFY."""

from __future__ import annotations

import threading
import time
from uuid import uuid4

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ...database.postgresql import CHANNEL
from .listening import ListeningRelay

_ANSWER_SECONDS = 2.0
_POOLED = (
    "no notice arrives, as behind a pooler in transaction mode; changes of other processes arrive "
    "with the heartbeat"
)


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
        self._expect_notices()

    def _expect_notices(self) -> None:
        """Raise an error if no notice arrives: a pooler in transaction mode forgets who listens."""
        own = f"{CHANNEL}_{uuid4().hex}"
        self._connection.execute(f"LISTEN {own}")
        with self._engine.begin() as another:
            another.exec_driver_sql(f"NOTIFY {own}")
        end = time.monotonic() + _ANSWER_SECONDS
        while not self._has_notice(own, end - time.monotonic()):
            if time.monotonic() > end:
                raise psycopg.OperationalError(_POOLED)
        self._connection.execute(f"UNLISTEN {own}")

    def _has_notice(self, channel: str, seconds: float) -> bool:
        # As a list: until it is used up, the iterator keeps the connection for itself.
        notices = list(self._connection.notifies(timeout=max(seconds, 0.0), stop_after=1))
        return any(notice.channel == channel for notice in notices)

    def _receive(self, seconds: float, stopped: threading.Event) -> bool:
        return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))
