"""`python -m dam_inventory import`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import make_url

from ..config.settings import Settings
from ..database.engine import open_database
from ..database.imports import ALL_FIELDS, Choice, Imported
from ..database.inventory import Inventory
from ..database.look import OUTCOMES, Look
from ..database.sqlite import path_of
from ..errors import InvalidFile
from ..formats import dam_blocks, scratch
from ..formats.mapping import Mapping, suggest
from ..formats.registry import open_table
from ..formats.table import Table
from ..formats.values import DecimalMark
from ..live.relay.choice import wake_others
from .import_report import Report, lines
from .progress import progress
from .targets import expect_other_file
from .terminal import UNTOLD, complain, complaining

# A unit may have a colon, too: EPSG:26912.
_COLUMN = re.compile(r"(\w*)(?::(.*?))?(?::([.,]))?")

NOTHING_DONE = 1
SOME_NOT_READ = 3


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `import` to its parser."""
    command.add_argument(
        "file", metavar="FILE", help="the file with the dams, plain or packed; - for standard input"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="only say what an import would do; change nothing"
    )
    command.add_argument(
        "--update", action="store_true", help="also update known dams with the values of the file"
    )
    command.add_argument(
        "--fields", metavar="NAMES", type=_fields, default=ALL_FIELDS,
        help="with --update: only these fields, separated by commas, such as hazard_potential",
    )  # fmt: skip
    command.add_argument(
        "--overwrite-edited", action="store_true",
        help="with --update: also values that somebody has edited since the last import",
    )  # fmt: skip
    command.add_argument(
        "--without-weak", action="store_true",
        help="with --update: leave alone the dams that are known on weak evidence",
    )  # fmt: skip
    command.add_argument(
        "--bring-back",
        action="store_true",
        help="restore dams that were removed here",
    )
    command.add_argument(
        "--map", metavar="COLUMN=FIELD[:UNIT][:MARK]", action="append", default=[], dest="columns",
        help='take a column for a field, such as "Year_Comp=date_built" or "H=nid_height_ft:m"; '
        'a decimal mark may follow, as in "H=nid_height_ft:m:,"; '
        '"COLUMN=" keeps it as another fact. Files with the same header are read the same way',
    )  # fmt: skip
    command.add_argument(
        "--report", metavar="FILE", type=Path, help="write each row, with what became of it, as CSV"
    )
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=import_dams)


def import_dams(options: argparse.Namespace) -> int:
    """Import a file, or look at it; print a report, and return the exit code."""
    settings = Settings.from_environment()
    file = options.file
    source = "standard input" if file == "-" else Path(file).name or file
    stream = sys.stdin.buffer if file == "-" else Path(file)
    if options.report:
        expect_other_file(options.report, settings.database_url, "" if file == "-" else file)
    with (
        progress("Reading", "B", _size(file)) as read,
        open_table(stream, source, read) as table,
        scratch.folder() as folder,
    ):
        url = settings.database_url
        if options.dry_run and _is_missing(url):
            url = f"sqlite:///{folder}/dams.db"
        engine = open_database(url, example_dams=settings.example_dams)
        try:
            inventory = Inventory(engine, settings.max_dams)
            mapping = _mapping(inventory, table, options.columns)
            with _looked(inventory, table, mapping, source) as look:
                if options.report:
                    _write(options.report, look)
                imported = None
                if not options.dry_run:
                    imported = _imported(inventory, look, _choice(options))
                    # The dams are in the inventory, whatever fails now.
                    with complaining(UNTOLD):
                        wake_others(engine, settings.relay_url)
                    with complaining("What the columns are taken for is not remembered"):
                        if options.columns:
                            inventory.remember_mapping(mapping)
                Report(table, mapping, look, imported).print(as_json=options.json)
                return _code(look, imported)
        finally:
            engine.dispose()


def _is_missing(database_url: str) -> bool:
    """Return whether opening a database would create its file."""
    url = make_url(database_url)
    return url.get_backend_name() == "sqlite" and not path_of(url).exists()


def _size(file: str) -> int | None:
    """Return the size of a file in bytes; None for a pipe, whose size is unknown."""
    path = Path(file)
    return path.stat().st_size if path.is_file() else None


def _mapping(inventory: Inventory, table: Table, columns: Sequence[str]) -> Mapping:
    mapping = suggest(table, inventory.mapping(table.headings))
    for one in columns:
        heading, is_there, field = one.rpartition("=")
        if not is_there:
            raise InvalidFile(f'--map needs COLUMN=FIELD, not "{one}".')
        choice = _COLUMN.fullmatch(field.strip())
        name, unit, mark = choice.groups("") if choice else (field, "", "")
        mapping = mapping.with_column(heading.strip(), name or None, unit, cast(DecimalMark, mark))
    return mapping


@contextmanager
def _reporting_interruption() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        complain("Nothing was imported.")
        raise


def _choice(options: argparse.Namespace) -> Choice:
    return Choice(
        options.fields if options.update else frozenset(),
        overwrite_edited=options.overwrite_edited,
        accept_weak=not options.without_weak,
        bring_back=options.bring_back,
    )


def _looked(inventory: Inventory, table: Table, mapping: Mapping, source: str) -> Look:
    with _reporting_interruption():
        return inventory.look(dam_blocks.read(table, mapping), source, taken=mapping.taken)


def _imported(inventory: Inventory, look: Look, choice: Choice) -> Imported:
    with _reporting_interruption(), progress("Writing", " dams", None) as written:
        return inventory.import_dams(look, choice, on_progress=written)


def _fields(text: str) -> frozenset[str]:
    names = {name.strip() for name in text.split(",")} - {""}
    if unknown := sorted(names - ALL_FIELDS):
        raise argparse.ArgumentTypeError(f'a dam has no field "{unknown[0]}"')
    return frozenset(names)


def _write(path: Path, look: Look) -> None:
    try:
        # A byte-order mark: without it, Excel reads UTF-8 as Windows-1252.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            file.writelines(lines(look))
    except OSError as error:
        raise InvalidFile(f"{path} can't be written: {error.strerror}.") from error


def _code(look: Look, imported: Imported | None) -> int:
    if not look.counts["refused"]:
        return 0
    is_any_read = any(look.counts[name] for name in OUTCOMES if name not in ("refused", "unread"))
    return SOME_NOT_READ if is_any_read else NOTHING_DONE
