"""Links to dams that are not in the inventory any more."""

from __future__ import annotations

from collections.abc import Iterable

from ..database.inventory import Inventory
from ..domain.changes import Change, Removal, of_dam


def removals(inventory: Inventory, dam_ids: Iterable[int]) -> dict[int, Change]:
    """Read the removals of those dams whose last change that was, by the id of the dam."""
    found = {}
    for dam_id in dam_ids:
        last = inventory.history(dam_id, most=1)
        if last and isinstance(last[0], Removal):
            found[dam_id] = of_dam(last[0], dam_id)
    return found
