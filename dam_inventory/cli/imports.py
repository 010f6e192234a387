"""`python -m dam_inventory import`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from ..config.settings import Settings
from ..database.engine import open_database
from ..database.imports import Imported
from ..database.inventory import Inventory
from ..database.look import Look
from ..formats import dam_rows
from ..formats.mapping import suggest
from ..formats.registry import open_table
from ..live.relay.choice import relay_of


def import_dams(options: argparse.Namespace) -> None:
    """Add the dams of a file in one transaction, and print a report."""
    settings = Settings.from_environment()
    file = options.file
    source = "standard input" if file == "-" else Path(file).name or file
    stream = sys.stdin.buffer if file == "-" else Path(file)
    # disable=None: no progress bar when standard error is not a terminal.
    with (
        tqdm(total=_size(file), unit="B", unit_scale=True, disable=None) as bar,
        open_table(stream, source, bar.update) as table,
    ):
        rows = dam_rows.read(table, suggest(table))
        engine = open_database(settings.database_url, example_dams=settings.example_dams)
        try:
            relay = relay_of(engine, settings.relay_url)
            inventory = Inventory(engine, settings.max_dams)
            with inventory.look(rows, source) as look:
                imported = inventory.import_dams(look)
                _report(look, imported)
            relay.announce()
            relay.close()
        finally:
            engine.dispose()


def _size(file: str) -> int | None:
    """Return the size of a file in bytes; None for a pipe, whose size is unknown."""
    path = Path(file)
    return path.stat().st_size if path.is_file() else None


def _report(look: Look, imported: Imported) -> None:
    print(f"Imported {look.source}:")
    print(f"{imported.added:>9,} added")
    print(f"{imported.without_place:>9,} of them without a location")
    print(f"{imported.known:>9,} already in the inventory")
    print(f"{look.counts['refused']:>9,} refused")
    for one in look.entries("refused", most=look.counts["refused"]):
        print(f"Row {one.row:,} refused: {one.reason}", file=sys.stderr)
