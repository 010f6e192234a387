"""What a next version might have: one more column of dams, one more kind of change."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, fields
from pathlib import Path

from alembic.config import Config
from sqlalchemy import text

from dam_inventory.database import change_log, schema
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain import change_rows, changes, messages

_MORE = Path(__file__).parent / "data" / "next_version"

BEFORE = schema.newest_version()
"""The version of the schema of today."""


@dataclass(frozen=True, slots=True)
class DamRated(changes.DamChange):
    """A user rated a dam."""

    rating: int


def become() -> None:
    """Make this process one of the next version."""
    names = frozenset(one.name for one in fields(DamRated))
    change_rows._KINDS[DamRated.__name__] = DamRated
    change_rows._NAMES[DamRated] = names, names
    messages._WORDS[DamRated] = ('"{name}" has been rated{by}', "{number:,} dams have been rated")
    today = schema._scripts

    def scripts() -> Config:
        config = today()
        versions = Path(str(config.get_main_option("script_location"))) / "versions"
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", os.pathsep.join(map(str, (versions, _MORE))))
        return config

    schema._scripts = scripts


def rate(inventory: Inventory, dam_id: int, rating: int) -> None:
    """Rate a dam."""
    name = str(inventory.snapshot().value(inventory.snapshot().row_of(dam_id) or 0, "dam_name"))
    with inventory.writing() as connection:
        connection.execute(
            text("UPDATE dams SET rating = :rating WHERE id = :id"),
            {"rating": rating, "id": dam_id},
        )
        now = dt.datetime.now(dt.UTC)
        facts = {"dam_id": dam_id, "dam_name": name, "rating": rating}
        change_log.record(connection, DamRated, now, None, **facts)
