"""`python -m dam_inventory export`."""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar
from urllib.parse import parse_qs

from ..config.settings import Settings
from ..database import export_reading
from ..database.condition import expect_file, opened_to_read
from ..database.inventory import Inventory
from ..domain.messages import dams
from ..errors import Cancelled, InvalidFile, InvalidFilter, UnknownDam
from ..formats.exports import FORMATS, chunks, history, hydrographs
from ..snapshot import feature_query
from ..snapshot.feature_query import FeatureQuery
from .progress import progress
from .targets import expect_other_file
from .terminal import complain, discard_output

Item = TypeVar("Item")

STANDARD_OUTPUT = "-"

_SUFFIXES = {**{one.suffix: name for name, one in FORMATS.items()}, ".json": "geojson"}


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `export` to its parser."""
    command.add_argument(
        "file", metavar="FILE",
        help="the file to write; its ending is the format. - for standard output, as CSV",
    )  # fmt: skip
    command.add_argument("--format", choices=FORMATS, help="the format, whatever the ending")
    command.add_argument(
        "--filter", metavar="TEXT", default="",
        help='only these dams, such as "state=Utah&hazard=High", "height=100..", "search=heron" or '
        '"near=-111.5,40.4,25"',
    )  # fmt: skip
    command.add_argument(
        "--columns", choices=("inventory", "nid"), default="inventory",
        help="nid: the headings of the National Inventory of Dams, instead of the names of fields",
    )  # fmt: skip
    command.add_argument("--force", action="store_true", help="overwrite FILE if it exists")
    other = command.add_mutually_exclusive_group()
    other.add_argument(
        "--history", action="store_true", help="write the changes instead of the dams, as CSV"
    )
    other.add_argument(
        "--hydrographs", action="store_true", help="write the hydrographs of the dams, as CSV"
    )
    command.add_argument(
        "--dam", metavar="ID", type=int, help="with --history or --hydrographs: only of this dam"
    )
    command.set_defaults(run=export)


def export(options: argparse.Namespace) -> None:
    """Write a file, and print what it has."""
    _check(options)
    wanted = _query(options)
    is_standard = options.file == STANDARD_OUTPUT
    settings = Settings.from_environment()
    expect_file(settings.database_url)
    if not is_standard:
        expect_other_file(Path(options.file), settings.database_url)
    with (
        _output(options.file, force=options.force) as file,
        opened_to_read(settings.database_url) as engine,
    ):
        said = _write(file, Inventory(engine), options, wanted)
    to = "standard output" if is_standard else options.file
    print(f"Exported {said} to {to}.", file=sys.stderr if is_standard else sys.stdout)


def _write(
    file: BinaryIO, inventory: Inventory, options: argparse.Namespace, wanted: FeatureQuery
) -> str:
    """Write what is wanted; return how much it was, in words."""
    byte_order_mark = options.file != STANDARD_OUTPUT  # A script reads standard output, not Excel.
    if options.history:
        counted = _Counted(export_reading.log(inventory, options.dam), "change")
        file.writelines(history(counted, byte_order_mark))
        if options.dam is not None and not counted.count:
            raise UnknownDam(f"No dam has the id {options.dam}.")
        return counted.in_words()
    snapshot = inventory.snapshot()
    rows = wanted.rows(snapshot)
    if options.hydrographs:
        ids = {*snapshot.ids(rows).tolist()}
        if options.dam is not None:
            inventory.hydrograph_heads(options.dam)  # Raises if there is no such dam.
            ids = {options.dam}
        found = _Counted(export_reading.hydrographs(inventory, ids), "hydrograph")
        file.writelines(hydrographs(found, byte_order_mark))
        return found.in_words()
    with progress("Writing", " dams", len(rows)) as written:
        before = 0

        def tell(done: int) -> None:
            nonlocal before
            before, more = done, done - before
            written(more)

        file.writelines(
            chunks(
                lambda: snapshot.tables(rows),
                _format(options),
                options.columns,
                tell,
                byte_order_mark=byte_order_mark,
            )
        )
    return dams(len(rows))


class _Counted(Generic[Item]):
    """Counts what is written."""

    def __init__(self, items: Iterable[Item], name: str) -> None:
        self._items = items
        self._name = name
        self.count = 0

    def __iter__(self) -> Iterator[Item]:
        for one in self._items:
            self.count += 1
            yield one

    def in_words(self) -> str:
        return f"{self.count:,} {self._name}{'' if self.count == 1 else 's'}"


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    if options.history or options.hydrographs:
        if _format(options) != "csv":
            what = "--history" if options.history else "--hydrographs"
            raise InvalidFile(f"{what} is written as CSV only: end FILE with .csv.")
    elif options.dam is not None:
        raise InvalidFilter("--dam needs --history or --hydrographs.")
    if options.filter and (options.history or options.dam is not None):
        raise InvalidFilter("--history and --dam have no filter. Leave out --filter.")


def _query(options: argparse.Namespace) -> FeatureQuery:
    try:
        arguments = parse_qs(options.filter, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        if options.filter:
            raise InvalidFilter(
                f'--filter is "{options.filter[:100]}", but needs NAME=VALUE, separated by &.'
            ) from None
        arguments = {}
    return feature_query.read(arguments, dt.date.today())


def _format(options: argparse.Namespace) -> str:
    if options.format:
        return str(options.format)
    if options.file == STANDARD_OUTPUT:
        return "csv"
    suffix = Path(options.file).suffix.lower()
    if suffix not in _SUFFIXES:
        raise InvalidFile(
            f'No format has the ending "{suffix}". End FILE with {", ".join(_SUFFIXES)}, '
            "or add --format."
        )
    return _SUFFIXES[suffix]


@contextmanager
def _output(name: str, *, force: bool) -> Iterator[BinaryIO]:
    """Open a file beside the one to write, and rename it at the end; leave nothing otherwise."""
    if name == STANDARD_OUTPUT:
        with _closed_pipe_in_words():
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    path = Path(name).resolve()
    if path.is_dir():
        raise InvalidFile(f"{name} is a directory.")
    # Not the path behind a link: that of /dev/stdout does not exist if it is a pipe.
    if Path(name).exists() and not path.is_file():
        raise InvalidFile(f"{name} is not a regular file. To write to a pipe, use - as FILE.")
    if path.exists() and not force:
        raise InvalidFile(f"{name} exists. Add --force to overwrite it.")
    partial = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}")
    try:
        with partial.open("xb") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise InvalidFile(f"{name} can't be written: {error.strerror or error}.") from error
    except KeyboardInterrupt:
        complain(f"{name} was not written.")
        raise
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _closed_pipe_in_words() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        discard_output()
        raise Cancelled("The export was not read to its end.") from None
