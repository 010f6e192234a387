"""Import dams as a file would bring them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dam_inventory.database.imports import Choice, Imported
from dam_inventory.database.inventory import ADD_ONLY, Inventory
from dam_inventory.database.look import Look
from dam_inventory.domain.dam import Value
from dam_inventory.domain.permissions import OPERATOR, User
from dam_inventory.formats.dam_rows import DamRow


def look_at(
    inventory: Inventory,
    dams: Iterable[Mapping[str, Value]],
    source: str = "dams.csv",
    by: User = OPERATOR,
) -> Look:
    """Look at the rows of a file whose header is row 1. dams: values by field."""
    rows = (DamRow(number, dict(values)) for number, values in enumerate(dams, 2))
    return inventory.look(rows, source, by)


def import_all(
    inventory: Inventory,
    dams: Iterable[Mapping[str, Value]],
    source: str = "dams.csv",
    by: User = OPERATOR,
    choice: Choice = ADD_ONLY,
) -> Imported:
    """Import the rows of a file without looking at what that does."""
    with look_at(inventory, dams, source, by) as look:
        return inventory.import_dams(look, choice, by)
