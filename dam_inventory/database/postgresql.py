"""PostgreSQL, so that its transactions are what `Inventory` expects of SQLite's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event

from ..errors import DatabaseUnavailable

DRIVER = "postgresql+psycopg"
CHANNEL = "dam_inventory"
"""Where every writing transaction notifies, at its commit."""

_WRITERS_LOCK = 0x64616D73  # "dams"; one database's locks do not meet another's

# libpq's parameters, which a URL may set otherwise. The defaults wait for ever for a server whose
# machine or network is gone: minutes to connect, hours for an answer. Sources of names and units:
# PostgreSQL's documentation, "Parameter Key Words".
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
    """Return an engine whose transactions see one moment of the database, until all are read.

    busy_timeout: milliseconds that a writer waits for another one.
    Raises ImportError when psycopg is not installed.
    """
    engine = create_engine(
        url,
        connect_args={name: value for name, value in _CONNECT.items() if name not in url.query},
        isolation_level="REPEATABLE READ",
        # Connections that a restart of the server has ended are found before they are used.
        pool_pre_ping=True,
    )

    def prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.autocommit = True
        # Moments come back in the session's time zone. A writer that hangs gives its lock back.
        dbapi_connection.execute(
            f"SET TIME ZONE 'UTC'; SET lock_timeout = {busy_timeout};"
            f"SET idle_in_transaction_session_timeout = {2 * busy_timeout}"
        )
        dbapi_connection.autocommit = False

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "handle_error", _explain)
    return engine


def writing(engine: Engine) -> Engine:
    """Return the engine whose transactions take the writer's lock before they read anything."""
    # READ COMMITTED, because of the others PostgreSQL takes the picture before it has the lock.
    return engine.execution_options(isolation_level="READ COMMITTED", takes_writers_lock=True)


def _begin(connection: Connection) -> None:
    connection.info["is_committing"] = False
    if connection.get_execution_options().get("takes_writers_lock", False):
        # The notice goes out with the commit, and with a rollback not at all.
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK}); NOTIFY {CHANNEL}"
        )


def _commit(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.info["is_committing"] = options.get("takes_writers_lock", False)


def _explain(context: ExceptionContext) -> None:
    if context.sqlalchemy_exception is None:
        return
    error = context.original_exception
    # PostgreSQL's first line is the message; the others advise those who write SQL.
    error.args = (" ".join(str(error).partition("\n")[0].split()).rstrip("."),)
    connection = context.connection
    if connection is not None and context.is_disconnect and connection.info.get("is_committing"):
        raise DatabaseUnavailable(
            "The connection to the database was lost at the moment of the commit. "
            "Look whether the change was made before you make it again."
        )
