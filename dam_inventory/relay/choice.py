"""Which relay wakes the processes that share an inventory."""

from __future__ import annotations

from sqlalchemy import Engine

from .base import Relay
from .sqlite import SQLiteRelay


def relay_of(engine: Engine) -> Relay:
    """Return the relay that the database itself is."""
    if engine.name == "postgresql":
        from .postgresql import PostgreSQLRelay

        return PostgreSQLRelay(engine)
    return SQLiteRelay(engine)
