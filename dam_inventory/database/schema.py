"""The tables of a database: created, filled with two example dams, and upgraded by Alembic."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from ..config.redaction import shown
from ..errors import DatabaseUnavailable
from . import sqlite
from .models import ChangeRow, DamRow, InventoryRow
from .transactions import inserted_id, writing

logger = logging.getLogger(__name__)

HOW_TO_COPY = (
    "To copy a database that is in use, run: python -m dam_inventory backup FILE. "
    "To restore a backup, run: python -m dam_inventory restore FILE. "
    "To start with a new inventory, move the file away."
)

EXAMPLE_DAMS = (
    # Coordinates: U.S. Geological Survey, Geographic Names; dates: Bureau of Reclamation.
    {
        "dam_name": "Deer Creek",
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "1941",
        "latitude": 40.406624,
        "longitude": -111.529133,
    },
    {
        "dam_name": "Jordanelle",
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "1993",
        "latitude": 40.598168,
        "longitude": -111.424055,
    },
)


def version_of(engine: Engine) -> str | None:
    """Return the version of the schema of a database, or None if it has no inventory."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    """Return the version of the schema that this program needs."""
    return str(ScriptDirectory.from_config(_scripts()).get_current_head())


def is_upgraded(engine: Engine) -> bool:
    """Return whether a newer version has upgraded the schema; False if it can't be read."""
    try:
        found = version_of(engine)
    except (SQLAlchemyError, DatabaseUnavailable):  # also if no connection is left
        return False
    return found is not None and not is_known(found)


def is_known(version: str) -> bool:
    """Return whether this program can upgrade from a version of the schema, or needs it."""
    scripts = ScriptDirectory.from_config(_scripts()).walk_revisions()
    return version in {one.revision for one in scripts}


def upgrade(engine: Engine, example_dams: bool, *, may_create: bool, name: str = "") -> None:
    """Create or upgrade the tables, unless they are of the newest version; log an upgrade.

    name: as for `open_database`.
    Raises DatabaseUnavailable if there is no inventory and `may_create` is False.
    """
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found == newest_version() and connection.execute(select(InventoryRow)).first():
            return
    with writing(engine).begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        is_new = found is None
        if is_new and not may_create:
            raise no_inventory(sqlite.path_of(engine.url))
        build(connection)
        if is_new and example_dams:
            _add_example_dams(connection)
    if is_new and engine.name != "sqlite":
        logger.info("The database was empty. Created a new inventory%s.", content(example_dams))
    if not is_new and found != newest_version():
        # A warning: commands, which configure no log, print it to standard error, too.
        logger.warning(
            "Upgraded the tables of %s from version %s to %s.",
            name or _name(engine), found, newest_version(),
        )  # fmt: skip


def _name(engine: Engine) -> str:
    if engine.name == "sqlite":
        return sqlite.path_of(engine.url).name
    return shown(engine.url.render_as_string())


def no_inventory(path: Path) -> DatabaseUnavailable:
    """Return the error for an SQLite file with other content than an inventory."""
    return DatabaseUnavailable(
        f"The file {path.name} has content, but does not contain an inventory. It was created by "
        f"another program, or it is an incomplete copy. {HOW_TO_COPY}"
    )


def build(connection: Connection) -> None:
    """Create or upgrade the tables, within a transaction that holds the writer's lock.

    Raises CommandError if the tables are of a version that this program does not know.
    """
    config = _scripts()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.execute(select(InventoryRow)).first() is None:
        # All tables were emptied.
        connection.execute(insert(InventoryRow).values(id=uuid4().hex, epoch=uuid4().hex))


def _scripts() -> Config:
    """Return Alembic's configuration."""
    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    return config


def _add_example_dams(connection: Connection) -> None:
    now = dt.datetime.now(dt.UTC)
    for dam in EXAMPLE_DAMS:
        added = connection.execute(insert(DamRow).values(**dam, added_at=now))
        connection.execute(
            insert(ChangeRow).values(
                at=now,
                kind="DamAdded",
                dam_id=inserted_id(added),
                dam_name=dam["dam_name"],
                details={},
            )
        )


def content(example_dams: bool) -> str:
    """Return the words for what a new inventory contains."""
    return " with two example dams" if example_dams else " without dams"
