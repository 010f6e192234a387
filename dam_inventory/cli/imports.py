"""`python -m dam_inventory import`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from ..config.settings import Settings
from ..database.engine import open_database
from ..database.imports import Imported
from ..database.inventory import Inventory
from ..domain.dam import Value
from ..formats import dam_rows
from ..formats.mapping import suggest
from ..formats.registry import open_table
from ..live.relay.choice import relay_of

_Dams = Sequence[Mapping[str, Value]]
_Refused = Sequence[dam_rows.Refused]


def import_dams(options: argparse.Namespace) -> None:
    """Add the dams of a file in one transaction, and print a report."""
    settings = Settings.from_environment()
    source = "standard input" if options.file == "-" else Path(options.file).name
    # Parse everything before the transaction begins, because it blocks all other writers.
    dams, refused = _read(options.file)
    engine = open_database(settings.database_url, example_dams=settings.example_dams)
    try:
        relay = relay_of(engine, settings.relay_url)
        imported = Inventory(engine, settings.max_dams).import_dams(dams, source)
        relay.announce()
        relay.close()
    finally:
        engine.dispose()
    _report(source, imported, refused)


def _read(file: str) -> tuple[_Dams, _Refused]:
    dams, refused = [], []
    stream = sys.stdin.buffer if file == "-" else Path(file)
    name = "standard input" if file == "-" else file
    # disable=None: no progress bar when standard error is not a terminal.
    with (
        tqdm(total=_size(file), unit="B", unit_scale=True, disable=None) as bar,
        open_table(stream, name, bar.update) as table,
    ):
        for row in dam_rows.read(table, suggest(table)):
            if isinstance(row, dam_rows.Refused):
                refused.append(row)
            else:
                dams.append(row.values)
    return dams, refused


def _size(file: str) -> int | None:
    """Return the size of a file in bytes; None for a pipe, whose size is unknown."""
    path = Path(file)
    return path.stat().st_size if path.is_file() else None


def _report(source: str, imported: Imported, refused: _Refused) -> None:
    print(f"Imported {source}:")
    print(f"{imported.added:>9,} added")
    print(f"{imported.without_place:>9,} of them without a location")
    print(f"{imported.known:>9,} already in the inventory")
    print(f"{len(refused):>9,} refused")
    for row, reason in refused:
        print(f"Row {row:,} refused: {reason}", file=sys.stderr)
