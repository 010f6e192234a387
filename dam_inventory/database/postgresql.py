"""PostgreSQL engine: its transactions give `Inventory` the same guarantees as SQLite's."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event

from ..errors import DatabaseUnavailable

DRIVER = "postgresql+psycopg"
CHANNEL = "dam_inventory"
"""The channel that every writing transaction notifies when it commits."""

INSUFFICIENT_PRIVILEGE = "42501"
"""The SQLSTATE of what a role may not do."""

_WRITERS_LOCK = 0x64616D73  # "dams"; advisory locks are local to one database

# Parameters of libpq; a URL may override them. With the defaults, a lost server or network means
# minutes of waiting to connect, and hours for an answer. Source of names and units: PostgreSQL's
# documentation, "Parameter Key Words".
_CONNECT = {
    "application_name": "dam_inventory",
    "client_encoding": "utf8",
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}


def postgresql_engine(url: URL, busy_timeout: int) -> Engine:
    """Return an engine whose transactions read a consistent snapshot of the database.

    busy_timeout: how long a writer waits for another one, in milliseconds.
    Raises ImportError if psycopg is not installed.
    """
    connect = {name: value for name, value in _CONNECT.items() if name not in url.query}
    engine = create_engine(
        url,
        # A pooler in transaction mode gives each transaction another connection of the server,
        # which does not know what the previous one has prepared.
        connect_args={**connect, "prepare_threshold": None},
        isolation_level="REPEATABLE READ",
        # Detects connections that a restart of the server has closed before they are used.
        pool_pre_ping=True,
    )

    def prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.autocommit = True
        # What the server or the role is set to may differ. Fewer digits would change numbers. The
        # last one frees the writer's lock if a writer hangs.
        dbapi_connection.execute(
            "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1;"
            "SET standard_conforming_strings = on; SET bytea_output = 'hex';"
            f"SET idle_in_transaction_session_timeout = {2 * busy_timeout}"
        )
        dbapi_connection.autocommit = False

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", partial(_begin, busy_timeout))
    event.listen(engine, "commit", _commit)
    event.listen(engine, "handle_error", _explain)
    return engine


def writing(engine: Engine) -> Engine:
    """Return an engine whose transactions take the writer's lock before they read anything."""
    # READ COMMITTED: at higher levels PostgreSQL takes its snapshot before it gets the lock.
    return engine.execution_options(isolation_level="READ COMMITTED", takes_writers_lock=True)


def _begin(busy_timeout: int, connection: Connection) -> None:
    connection.info["is_committing"] = False
    if connection.get_execution_options().get("takes_writers_lock", False):
        # PostgreSQL sends the notification at commit; a rollback discards it. Local, because with
        # a pooler the next transaction may have another connection of the server.
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {busy_timeout};"
            f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK}); NOTIFY {CHANNEL}"
        )


def _commit(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.info["is_committing"] = options.get("takes_writers_lock", False)


def _explain(context: ExceptionContext) -> None:
    if context.sqlalchemy_exception is None:
        return
    error = context.original_exception
    # The first line is the message; the others are hints for people who write SQL.
    error.args = (" ".join(str(error).partition("\n")[0].split()).rstrip("."),)
    connection = context.connection
    if connection is not None and context.is_disconnect and connection.info.get("is_committing"):
        raise DatabaseUnavailable(
            "The connection to the database was lost during the commit. "
            "Check whether your change was saved before you try again."
        )
