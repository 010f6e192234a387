"""The command line: `python -m dam_inventory import FILE`, `backup`, `restore`, `password`."""

from __future__ import annotations

import argparse
import getpass
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from .config.settings import Settings
from .database import backup
from .database.engine import open_database
from .database.imports import Imported
from .database.inventory import Inventory
from .domain.dam import Value
from .errors import DamInventoryError, InvalidFile, InvalidSettings
from .formats import nid_csv
from .live.relay.choice import relay_of
from .server.auth import passwords

_Dams = Sequence[Mapping[str, Value]]
_Refused = Sequence[nid_csv.Refused]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 after an error, 130 after Ctrl+C."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except DamInventoryError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dam_inventory",
        description="Manage the inventory at DAM_INVENTORY_DATABASE_URL, "
        "and the passwords of its users.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    command = commands.add_parser(
        "import",
        help="import dams from a CSV file of the National Inventory of Dams (NID)",
        description="Add the dams of a file that are not in the inventory yet, in one transaction.",
    )
    command.add_argument(
        "file",
        metavar="FILE",
        help="CSV file with NID column names, plain or gzipped; - for standard input",
    )
    command.set_defaults(run=_import)
    command = commands.add_parser(
        "backup",
        help="copy the inventory to a file, even while it is in use",
        description="Write a consistent copy of the whole inventory to one file.",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="the backup file to write")
    command.add_argument("--force", action="store_true", help="overwrite FILE if it exists")
    command.set_defaults(run=_backup)
    command = commands.add_parser(
        "restore",
        help="replace the inventory with a backup, even while it is in use",
        description="Replace the inventory with a backup. The previous inventory is kept in the "
        "same folder. Open pages show the restored dams at once.",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="a file written by `backup`")
    command.set_defaults(run=_restore)
    command = commands.add_parser(
        "password",
        help="add a user, or change a user's password",
        description="Ask for a password and write its hash to DAM_INVENTORY_PASSWORDS_FILE.",
    )
    command.add_argument("name", metavar="NAME", help="the user's login name")
    command.set_defaults(run=_password)
    return parser


def _import(options: argparse.Namespace) -> None:
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


def _backup(options: argparse.Namespace) -> None:
    url = Settings.from_environment().database_url
    done = backup.backup(url, options.file, force=options.force)
    print(f"Backed up {done.dams:,} dams and {done.changes:,} changes to {options.file}.")


def _restore(options: argparse.Namespace) -> None:
    done = backup.restore(Settings.from_environment().database_url, options.file)
    print(f"Restored {done.dams:,} dams and {done.changes:,} changes from {options.file}.")
    if done.kept is not None:
        print(f"The previous inventory is kept in {done.kept}.")


def _password(options: argparse.Namespace) -> None:
    path = Settings.from_environment().passwords_file
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {options.name}: ")
        if getpass.getpass("Repeat the password: ") != password:
            raise InvalidSettings("The passwords do not match. Nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    passwords.set_password(path, options.name, password)
    print(f"{options.name} can now log in. The hash of the password is in {path}.")


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


if __name__ == "__main__":
    sys.exit(main())
