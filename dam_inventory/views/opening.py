"""Opens an inventory where there is no server: in a notebook or a script."""

from __future__ import annotations

import os
from typing import Unpack

from ..config.setting_types import SettingTypes
from ..config.settings import Settings, url_of
from ..runtime import Runtime
from .app import DamInventoryApp


def open_inventory(
    database: str | os.PathLike[str] = "dam_inventory.db", **settings: Unpack[SettingTypes]
) -> DamInventoryApp:
    """Open an inventory, and return its dashboard. Close it, or use it as a context manager.

    In a notebook, a cell that is run again closes what it opened before.

    database: an SQLAlchemy URL, or the path of an SQLite file, which is created if there is none.
    settings: see `Settings`, such as `title="Utah"`; without `database_url`.
    Raises TypeError for an unknown setting, ValueError for a value that is not allowed, and
    DamInventoryError if the database can't be opened.
    """
    if "database_url" in settings:
        raise TypeError("Give the database as the first argument, not as database_url.")
    settings["database_url"] = url_of(database)
    runtime = Runtime(Settings(**settings))
    try:
        return DamInventoryApp(runtime, owns_runtime=True)
    except BaseException:
        runtime.close()
        raise
