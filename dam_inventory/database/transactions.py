"""What statements and transactions need, on either database system."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from sqlalchemy import CursorResult, Engine
from sqlalchemy.exc import DBAPIError

from . import postgresql


def writing(engine: Engine) -> Engine:
    """Return an engine whose transactions take the writer's lock before they read anything."""
    if engine.name == "postgresql":
        return postgresql.writing(engine)
    return engine.execution_options(takes_writers_lock=True)


def has_no_table(error: DBAPIError) -> bool:
    """Return whether a statement failed because a table or a column does not exist."""
    if isinstance(error.orig, sqlite3.Error):
        return "no such table" in str(error.orig) or "no such column" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in ("42P01", "42703")


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that an INSERT has added."""
    return int(cast(tuple[int], result.inserted_primary_key)[0])
