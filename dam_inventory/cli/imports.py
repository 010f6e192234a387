"""`python -m dam_inventory import`."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from ..config.settings import Settings
from ..database.engine import open_database
from ..database.imports import Imported
from ..database.inventory import Inventory
from ..domain.dam import Value
from ..errors import InvalidFile
from ..formats import dam_rows, nid_csv
from ..live.relay.choice import relay_of

_Dams = Sequence[Mapping[str, Value]]
_Refused = Sequence[nid_csv.Refused]


def import_dams(options: argparse.Namespace) -> None:
    """Add the dams of a file in one transaction, and print a report."""
    settings = Settings.from_environment()
    source = "standard input" if options.file == "-" else Path(options.file).name
    # Parse everything before the transaction begins, because it blocks all other writers.
    dams, refused = _read(options.file)
    engine = open_database(settings.database_url, example_dams=settings.example_dams)
    try:
        relay = relay_of(engine, settings.relay_url)
        inventory = Inventory(engine, settings.max_dams)
        rows = (dam_rows.DamRow(number, dict(dam)) for number, dam in enumerate(dams, 2))
        with inventory.look(rows, source) as look:
            imported = inventory.import_dams(look)
        relay.announce()
        relay.close()
    finally:
        engine.dispose()
    _report(source, imported, refused)


def _read(file: str) -> tuple[_Dams, _Refused]:
    if file == "-":
        return _parse(sys.stdin.buffer)
    try:
        with Path(file).open("rb") as stream:
            return _parse(stream)
    except OSError as error:
        raise InvalidFile(f"{file} can't be read: {error.strerror}.") from error


def _parse(stream: BinaryIO) -> tuple[_Dams, _Refused]:
    dams, refused = [], []
    # disable=None: no progress bar when standard error is not a terminal.
    with tqdm(total=_size(stream), unit="B", unit_scale=True, disable=None) as bar:
        for row in nid_csv.read(stream, bar.update):
            if isinstance(row, nid_csv.Refused):
                refused.append(row)
            else:
                dams.append(row)
    return dams, refused


def _size(stream: BinaryIO) -> int | None:
    """Return the size of a file in bytes, or None for a pipe, whose size is unknown."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _report(source: str, imported: Imported, refused: _Refused) -> None:
    print(f"Imported {source}:")
    print(f"{imported.added:>9,} added")
    print(f"{imported.without_place:>9,} of them without a location")
    print(f"{imported.known:>9,} already in the inventory")
    print(f"{len(refused):>9,} refused")
    for row, reason in refused:
        print(f"Row {row:,} refused: {reason}", file=sys.stderr)
