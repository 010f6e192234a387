"""2,000 dams of which a test knows where they are and what they are called."""

from __future__ import annotations

from typing import Any

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from tests.importing import import_all

COLUMNS, LINES = 50, 40
OWNERS = ("Army Corps of Engineers", "Reclamation", None)
SNAKE_RIVER = range(57, COLUMNS * LINES, 200)
RIO_GRANDE = (*range(400, 450), *range(1000, 1050))


def fill(database_url: str) -> None:
    """Make a database with a grid of dams over the western United States.

    "Dam 0000" is in the south-west; every third has no owner; ten lie on the Snake River, 100 on
    the Rio Grande.
    """
    dams = [draft(number).checked_facts() for number in range(COLUMNS * LINES)]
    engine = open_database(database_url, example_dams=False)
    try:
        import_all(Inventory(engine), dams, source="a test")
    finally:
        engine.dispose()


CROWD = 6_000


def fill_crowd(database_url: str) -> None:
    """Make a database with more dams than are drawn one by one.

    They lie in a grid of 100 by 60 over the western United States; in its west all are High, in
    its east Low. At the place of "Crowd 0000", in the south-west, is another one, "Twin". One dam
    lies far away, on the other side of the world.
    """
    dams = [crowd(number) for number in range(CROWD)]
    dams += [crowd(0, dam_name="Twin"), crowd(1, dam_name="Far", longitude=100.0, latitude=0.0)]
    engine = open_database(database_url, example_dams=False)
    try:
        facts = [draft.checked_facts() for draft in dams]
        import_all(Inventory(engine), facts, source="a test")
    finally:
        engine.dispose()


def crowd(number: int, **facts: Any) -> DamDraft:
    line, column = divmod(number, 100)
    known = {
        "dam_name": f"Crowd {number:04}",
        "owner": "Reclamation",
        "river": "Green River",
        "date_built": "1950",
        "latitude": 32 + line * 0.2,
        "longitude": -120 + column * 0.2,
        "hazard_potential": "High" if column < 50 else "Low",
    }
    return DamDraft(**(known | facts))


def draft(number: int) -> DamDraft:
    line, column = divmod(number, COLUMNS)
    river = "Rio Grande" if number in RIO_GRANDE else "Green River"
    if number in SNAKE_RIVER:
        river = "Snake River"
    return DamDraft(
        dam_name=f"Dam {number:04}",
        owner=OWNERS[number % len(OWNERS)],
        river=river,
        date_built=str(1850 + number % 150),
        latitude=32 + line * 0.4,
        longitude=-120 + column * 0.4,
    )
