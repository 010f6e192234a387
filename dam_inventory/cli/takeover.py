"""`python -m dam_inventory takeover`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ..config.settings import Settings
from ..database import tethys
from ..database.engine import open_database
from ..database.inventory import Inventory
from ..database.takeover import Taken, take_over
from ..database.tethys import TethysDatabase
from ..live.relay.choice import wake_others
from .imports import NOTHING_DONE, SOME_NOT_READ
from .progress import progress
from .terminal import UNTOLD, complain, complaining


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `takeover` to its parser."""
    command.add_argument("url", metavar="URL", help="the SQLAlchemy URL of the app's database")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Take over a database, print a report, and return the exit code."""
    settings = Settings.from_environment()
    with tethys.opened(options.url) as app:
        engine = open_database(settings.database_url, example_dams=settings.example_dams)
        try:
            taken = _taken(app, Inventory(engine, settings.max_dams))
            # The dams are in the inventory, whatever fails now.
            with complaining(UNTOLD):
                wake_others(engine, settings.relay_url)
        finally:
            engine.dispose()
    print("\n".join(_lines(app.source, taken)))
    for number, reason in taken.dams:
        complain(f"Dam {number:,} refused. {reason}")
    for number, reason in taken.hydrographs:
        complain(f"Hydrograph {number:,} refused. {reason}")
    return _code(taken)


def _taken(app: TethysDatabase, inventory: Inventory) -> Taken:
    try:
        with progress("Writing", " dams", None) as written:
            return take_over(app, inventory, written)
    except KeyboardInterrupt:
        complain("Nothing was taken over.")
        raise


def _lines(source: str, taken: Taken) -> Iterator[str]:
    yield f"Took over {source}:"
    counts = (
        (taken.added, "dam", "added"),
        (taken.known, "dam", "already in the inventory"),
        (taken.removed, "dam", "removed from the inventory before"),
        (taken.assigned, "hydrograph", "assigned"),
        (taken.already, "hydrograph", "already assigned"),
        (len(taken.dams), "dam", "refused"),
        (len(taken.hydrographs), "hydrograph", "refused"),
    )
    for number, what, how in counts:
        yield f"{number:>9,} {what}{'' if number == 1 else 's'} {how}"


def _code(taken: Taken) -> int:
    if not taken.dams and not taken.hydrographs:
        return 0
    is_any_taken = taken.added or taken.known or taken.removed or taken.assigned
    return SOME_NOT_READ if is_any_taken else NOTHING_DONE
