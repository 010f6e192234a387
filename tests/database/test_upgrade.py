"""Upgrading a database of the first version keeps every row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamAdded, DamsImported
from dam_inventory.domain.dam import DamDraft
from tests.database.versions import migrate

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MOMENT = dt.datetime(2024, 6, 1, 12, 30, 15, 123456, tzinfo=dt.UTC)
IMPORT = {"first_id": 2, "last_id": 301, "count": 300, "source": "dams.csv"}


@pytest.fixture
def rows(database_url: str) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a database that only the first migration has created."""
    migrate(database_url, "0001")
    engine = create_engine(database_url)
    with engine.begin() as connection:
        add = text(
            "INSERT INTO dams (dam_name, river, latitude, longitude, added_by, added_at) "
            "VALUES (:name, 'Möhne', :latitude, -111.5, 'anna', :at)"
        )
        at = MOMENT if engine.name == "postgresql" else str(MOMENT)
        connection.execute(
            add, [{"name": f"Dam {i}", "latitude": i / 7, "at": at} for i in range(301)]
        )
        log = text(
            "INSERT INTO changes (at, kind, dam_id, dam_name, details) "
            "VALUES (:at, :kind, :dam_id, :dam_name, :details)"
        )
        added = {"kind": "DamAdded", "dam_id": 1, "dam_name": "Dam 0", "details": "{}"}
        many = {"kind": "DamsImported", "dam_id": None, "dam_name": None}
        many["details"] = json.dumps(IMPORT)
        connection.execute(log, [{"at": at, **added}, {"at": at, **many}])
    found = read(engine, {"dams": "id", "changes": "seq"})
    engine.dispose()
    return found


def read(
    engine: Engine, tables: dict[str, str], columns: dict[str, list[str]] | None = None
) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of tables, sorted by a column: all columns, or the named ones."""
    found = {}
    with engine.connect() as connection:
        for table, order in tables.items():
            named = (columns or {}).get(table) or [
                column["name"] for column in inspect(connection).get_columns(table)
            ]
            quoted = ", ".join(f'"{name}"' for name in named)
            query = text(f"SELECT {quoted} FROM {table} ORDER BY {order}")
            found[table] = [tuple(named), *map(tuple, connection.execute(query))]
    return found


def test_an_upgrade_keeps_every_row(
    rows: dict[str, list[tuple[object, ...]]], database_url: str, opened: Callable[..., Engine]
):
    engine = opened(database_url)

    before = {table: list(map(str, found[0])) for table, found in rows.items()}
    assert read(engine, {"dams": "id", "changes": "seq"}, before) == rows
    assert len(rows["dams"]) == 302


@pytest.mark.usefixtures("rows")
def test_the_inventory_works_after_an_upgrade(
    database_url: str, opened: Callable[..., Engine], draft: Callable[..., DamDraft]
):
    inventory = Inventory(opened(database_url))

    assert inventory.changes_since(0) == [
        DamAdded(1, MOMENT, None, 1, "Dam 0"),
        DamsImported(2, MOMENT, None, **IMPORT),
    ]
    change = inventory.add(draft("Heron Lake"))
    assert (change.seq, change.dam_id) == (3, 302)
    snapshot = inventory.snapshot()
    assert (len(snapshot), snapshot.revision) == (302, 3)
    assert snapshot.value(0, "added_at") == MOMENT
