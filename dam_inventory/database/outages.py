"""What a failed statement means to a person; its details are for the log."""

from __future__ import annotations

import logging
import sqlite3
import time

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from ..errors import DamInventoryError, DatabaseMissing, DatabaseUnavailable
from .postgresql import INSUFFICIENT_PRIVILEGE
from .transactions import has_no_table

logger = logging.getLogger(__name__)

SILENT = "The database does not respond. Nothing was saved."
LOCKED = "The database is locked by other work. Nothing was saved."
CROWDED = "The database is busy: too many requests are waiting. Nothing was saved. Try again."
IMPORTING = (
    "A file is being imported, which takes a while. Nothing was saved. Try again when it is done."
)
FULL = "The database or its disk is full. Nothing was saved."
READ_ONLY = "The database is read-only for this server. Nothing was saved."
DAMAGED = "The database file is damaged. Nothing was saved."
MISSING = "The database contains no inventory. Nothing was saved."
UNEXPECTED = "Unexpected error of the database. It has been logged. Nothing was saved."

_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
# PostgreSQL's documentation, appendix "PostgreSQL Error Codes".
_OF_POSTGRESQL = {
    "25006": READ_ONLY,  # read_only_sql_transaction
    INSUFFICIENT_PRIVILEGE: READ_ONLY,
    "53100": FULL,  # disk_full
    "53300": CROWDED,  # too_many_connections
    "55P03": LOCKED,  # lock_not_available
    "57014": LOCKED,  # query_canceled, by a timeout
}
_SECONDS_BETWEEN = 60.0


class Outages:
    """Turns errors of the database into sentences, and logs what it said, at most once a minute.

    Sentences name no host, file or statement: visitors read them.
    """

    def __init__(self) -> None:
        self._logged: dict[str, float] = {}

    def told(self, error: DBAPIError) -> DamInventoryError:
        """Return the error for the person whose transaction failed."""
        sentence = _sentence(error)
        now = time.monotonic()
        if now - self._logged.get(sentence, -_SECONDS_BETWEEN) >= _SECONDS_BETWEEN:
            self._logged[sentence] = now
            is_ours = sentence == UNEXPECTED
            logger.log(
                logging.ERROR if is_ours else logging.WARNING,
                "The database reported an error: %s.",
                str(error.orig).rstrip("."),
                exc_info=error if is_ours else None,
            )
        if sentence == UNEXPECTED:
            return DamInventoryError(sentence)
        return (DatabaseMissing if sentence == MISSING else DatabaseUnavailable)(sentence)


def _sentence(error: DBAPIError) -> str:
    if has_no_table(error):
        return MISSING
    if isinstance(error.orig, sqlite3.Error):
        known = _OF_SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    else:
        known = _OF_POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "")
    if known is not None:
        return known
    # A lost connection, a server that starts or ends, a file that can't be opened.
    is_outage = isinstance(error, OperationalError | InterfaceError)
    return SILENT if is_outage or error.connection_invalidated else UNEXPECTED
