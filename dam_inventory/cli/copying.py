"""`python -m dam_inventory copy`."""

from __future__ import annotations

import argparse
from functools import partial

from ..config.redaction import shown
from ..config.settings import Settings
from ..database import copying
from .progress import progress
from .terminal import complain


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `copy` to its parser."""
    command.add_argument(
        "--to", metavar="URL", required=True,
        help="the SQLAlchemy URL of an empty database, or of an SQLite file that does not exist",
    )  # fmt: skip
    command.set_defaults(run=copy)


def copy(options: argparse.Namespace) -> None:
    """Copy the inventory to another database, and print what was copied."""
    try:
        url = Settings.from_environment().database_url
        done = copying.copy(url, options.to, partial(progress, "Copying", " rows"))
    except KeyboardInterrupt:
        complain("Nothing was copied.")
        raise
    print(f"Copied {done.dams:,} dams and {done.changes:,} changes to {shown(options.to)}.")
