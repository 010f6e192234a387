"""`python -m dam_inventory history`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterable, Iterator

from ..config.settings import Settings
from ..database import export_reading, ground
from ..database.condition import opened_to_read
from ..database.inventory import Inventory
from ..domain.change_json import as_json
from ..domain.changes import Change
from ..domain.entries import sentence
from ..domain.visible import escaped
from ..errors import UnknownDam
from .terminal import ends_with_its_reader

_MOST_OF_DAM = 100_000


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `history` to its parser."""
    command.add_argument("--dam", metavar="ID", type=int, help="only the changes of this dam")
    command.add_argument(
        "--last", metavar="N", type=_number, help="only the newest N changes; by default all"
    )
    command.add_argument(
        "--since", metavar="DATE", type=_moment,
        help="only changes from this day or moment on, such as 2026-05-01 or 2026-05-01T08:30, "
        "in UTC unless it says otherwise",
    )  # fmt: skip
    command.add_argument(
        "--json", action="store_true",
        help="print each change as one line of JSON, as /api/changes has it",
    )  # fmt: skip
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print changes, the newest last."""
    with (
        opened_to_read(Settings.from_environment().database_url) as engine,
        ends_with_its_reader(),
    ):
        inventory = Inventory(engine)
        with inventory.reading() as connection:
            epoch = ground.read(connection).epoch
        for one in _since(options.since, _changes(inventory, options.dam, options.last)):
            print(json.dumps(as_json(one, epoch)) if options.json else _line(one))


def _changes(inventory: Inventory, dam_id: int | None, last: int | None) -> Iterable[Change]:
    if dam_id is None and last is None:
        return export_reading.changes(inventory)
    found = inventory.history(dam_id, most=last or _MOST_OF_DAM)
    if dam_id is not None and not found:
        raise UnknownDam(f"No dam has the id {dam_id}.")
    return reversed(found)


def _since(first: dt.datetime | None, changes: Iterable[Change]) -> Iterator[Change]:
    return (one for one in changes if first is None or one.at >= first)


def _line(one: Change) -> str:
    at = one.at.astimezone(dt.UTC)
    return f"{one.seq:>6}  {at:%Y-%m-%d %H:%M:%S} UTC  {escaped(sentence(one))}"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:10]) > 0):
        raise argparse.ArgumentTypeError(f'"{text}" is no whole number of at least 1')
    return min(int(text[:10]), 10**9)


def _moment(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{text}" is no date like 2026-05-01, and no time like 2026-05-01T08:30'
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
