"""2,000 dams of which a test knows where they are and what they are called."""

from __future__ import annotations

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft

COLUMNS, LINES = 50, 40
OWNERS = ("Army Corp", "Reclamation", None)
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
        Inventory(engine).import_dams(dams, source="a test")
    finally:
        engine.dispose()


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
