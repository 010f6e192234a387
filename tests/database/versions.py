"""Databases with an older version of the schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

import dam_inventory

_MIGRATIONS = Path(dam_inventory.__file__).parent / "database" / "migrations"


def migrate(database_url: str, version: str) -> None:
    """Create, upgrade or downgrade the tables of a database, to a version of the schema."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        found = MigrationContext.configure(connection).get_current_revision()
        move = command.upgrade if found is None or found < version else command.downgrade
        move(config, version)
    engine.dispose()
