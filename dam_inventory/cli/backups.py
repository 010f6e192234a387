"""`python -m dam_inventory backup` and `restore`."""

from __future__ import annotations

import argparse

from ..config.settings import Settings
from ..database import backup, restoring
from ..database.engine import engine_of
from ..live.relay.choice import wake_others
from .terminal import UNTOLD, complaining


def back_up(options: argparse.Namespace) -> None:
    """Copy the inventory to a file, and print what the file holds."""
    url = Settings.from_environment().database_url
    done = backup.backup(url, options.file, force=options.force)
    print(f"Backed up {done.dams:,} dams and {done.changes:,} changes to {options.file}.")


def restore(options: argparse.Namespace) -> None:
    """Replace the inventory with a backup, and print what was restored."""
    settings = Settings.from_environment()
    done = restoring.restore(settings.database_url, options.file)
    with complaining(UNTOLD):
        wake_others(engine_of(settings.database_url), settings.relay_url)
    print(f"Restored {done.dams:,} dams and {done.changes:,} changes from {options.file}.")
    if done.kept is not None:
        print(f"The previous inventory is kept in {done.kept}.")
