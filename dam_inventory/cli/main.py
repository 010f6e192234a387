"""The command line: `python -m dam_inventory serve`, `import FILE`, `backup` and others."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import DamInventoryError
from . import check, copying, exports, histories, imports, takeover, tokens
from . import serve as server
from .backups import back_up, restore
from .passwords import set_password
from .terminal import complain, discard_output, ends_with_its_reader, prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    The code is 0, or what the command returns; 1 after an error, 130 after Ctrl+C. Wrong
    arguments end the process with 2. docs/commands.md lists all of them.
    """
    prepare()
    try:
        options = parser().parse_args(arguments)
    except SystemExit:
        with ends_with_its_reader():
            sys.stdout.flush()  # of `--help`, while a closed pipe is still handled
        raise
    try:
        code = options.run(options) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        # What was done is done; only its report has no reader. Python would flush it once more.
        discard_output()
        complain("The report was not read to its end. What it tells is done.")
        return 1
    except DamInventoryError as error:
        complain(str(error))
        return 1
    except OSError as error:
        # A disk that is full, or a name that is too long, wherever it is met.
        if not error.filename:
            discard_output()
        what = error.filename or "A file or the output"
        complain(f"{what} can't be read or written: {error.strerror or error}.")
        return 1
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130
    return int(code)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="python -m dam_inventory",
        description="Serve or manage the inventory at DAM_INVENTORY_DATABASE_URL, "
        "and the passwords and tokens of its users.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    command = commands.add_parser(
        "serve",
        help="serve the dashboard",
        description="Serve the dashboard to browsers, on this machine only unless told otherwise.",
        epilog="Example: python -m dam_inventory serve --database dams.db --open",
    )
    server.add_options(command)
    command = commands.add_parser(
        "check",
        help="say what is wrong with this installation, and what to do",
        description="Look at settings, database, relay, permissions, passwords, packages and port, "
        "as a server does at its start. Nothing is changed. Exit codes: 0 no errors, 1 errors.",
        epilog="Example: python -m dam_inventory check --login --port 5006",
    )
    check.add_options(command)
    command = commands.add_parser(
        "import",
        help="import dams from a file, such as a release of the National Inventory of Dams (NID)",
        description="Add the dams of a file that are not in the inventory yet, in one transaction. "
        "Reads CSV, Excel, GeoJSON, GeoPackage and Shapefile. Exit codes: 0 all rows were read, 3 "
        "some were not, 1 nothing was done.",
        epilog="Example: python -m dam_inventory import nation.csv --dry-run",
    )
    imports.add_options(command)
    command = commands.add_parser(
        "export",
        help="export dams to a file, for example to a spreadsheet or a map",
        description="Write dams to a file that other programs read, and that `import` reads again: "
        "CSV, Excel, GeoJSON or GeoPackage. Or write the history, or hydrographs, as CSV.",
        epilog="Example: python -m dam_inventory export utah.xlsx --filter "
        '"state=Utah&hazard=High"',
    )
    exports.add_options(command)
    command = commands.add_parser(
        "history",
        help="print the changes of the inventory or of one dam",
        description="Print who has changed what and when, in sentences, the newest change last. "
        "The database is only read.",
        epilog="Example: python -m dam_inventory history --dam 1 --last 20",
    )
    histories.add_options(command)
    command = commands.add_parser(
        "backup",
        help="copy the inventory to a file, even while it is in use",
        description="Write a consistent copy of the whole inventory to one file. For SQLite.",
        epilog="Example: python -m dam_inventory backup dams-2026-05-01.backup",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="the backup file to write")
    command.add_argument("--force", action="store_true", help="overwrite FILE if it exists")
    command.set_defaults(run=back_up)
    command = commands.add_parser(
        "restore",
        help="replace the inventory with a backup, even while it is in use",
        description="Replace the inventory with a backup. The previous inventory is kept in the "
        "same folder. Open pages show the restored dams at once. For SQLite.",
        epilog="Example: python -m dam_inventory restore dams-2026-05-01.backup",
    )
    command.add_argument("file", metavar="FILE", type=Path, help="a file written by `backup`")
    command.set_defaults(run=restore)
    command = commands.add_parser(
        "copy",
        help="copy the inventory into an empty database, for example from SQLite to PostgreSQL",
        description="Copy the whole inventory, with its history, to another database, even while "
        "it is in use. The other database must be empty, or an SQLite file that does not exist.",
        epilog="Example: python -m dam_inventory copy --to postgresql://dams@localhost/dams",
    )
    copying.add_options(command)
    command = commands.add_parser(
        "takeover",
        help="take over the dams and hydrographs of the Dam Inventory app of Tethys Platform",
        description="Add the dams of that app to the inventory, with their hydrographs, in one "
        "transaction. Its database is only read. Exit codes: 0 all was taken over, 3 some was "
        "not, 1 nothing was done.",
        epilog="Example: python -m dam_inventory takeover postgresql://tethys@localhost/dams",
    )
    takeover.add_options(command)
    command = commands.add_parser(
        "password",
        help="add a user, or change a user's password",
        description="Ask for a password and write its hash to DAM_INVENTORY_PASSWORDS_FILE.",
        epilog="Example: python -m dam_inventory password alice",
    )
    command.add_argument("name", metavar="NAME", help="the user's login name")
    command.set_defaults(run=set_password)
    command = commands.add_parser(
        "token",
        help="make a token for a program that reads the API",
        description="Print a new token, with which a program reads the API as a user. It is shown "
        "once; the database keeps only its hash. Where a login is required, the API needs one.",
        epilog="Example: python -m dam_inventory token alice --label QGIS --expires 365",
    )
    tokens.add_options(command)
    return parser
