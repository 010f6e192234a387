"""The highest id that each table has given to a row, so that no id is used twice."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select, text

from .models import Base

NUMBERED = [
    table
    for table in Base.metadata.sorted_tables
    if table.dialect_options["sqlite"]["autoincrement"]
]
"""The tables whose ids are never reused."""


def given(connection: Connection, table: Table) -> int:
    """Return the highest id that a table of NUMBERED has given, 0 if none, within a transaction."""
    [column] = table.primary_key
    highest = connection.execute(select(func.max(column))).scalar() or 0
    if connection.dialect.name == "sqlite":
        query = "SELECT seq FROM sqlite_sequence WHERE name = :table"
    else:
        query = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass)"
    names = {"table": table.name, "column": column.name}
    return max(highest, connection.execute(text(query), names).scalar() or 0)


def skip(connection: Connection, table: Table, number: int) -> None:
    """Make a table of NUMBERED give only ids above a number, and above those that it has given."""
    [column] = table.primary_key
    names = {"table": table.name, "column": column.name, "number": number}
    names["number"] = highest = max(number, given(connection, table))
    if not highest:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), names)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:table, :number)"), names)
    else:
        sequence = "pg_get_serial_sequence(:table, :column)"
        connection.execute(text(f"SELECT setval({sequence}, :number)"), names)
