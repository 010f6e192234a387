"""Comparison: which dams a session shows side by side."""

from __future__ import annotations

from collections.abc import Iterable

from ..database.inventory import Inventory
from ..domain.hydrograph import Hydrograph
from ..errors import DamChanged, UnknownDam
from ..snapshot.snapshot import Snapshot

LEAST, MOST = 2, 4
"""How many dams can be compared."""

FULL = f"At most {MOST} dams can be compared. Remove one from the comparison first."

Compared = tuple[int, ...]
"""The ids of dams, each once, in the order of their columns."""


def compared_of(ids: Iterable[int], snapshot: Snapshot) -> Compared:
    """Return the first MOST of those ids that a snapshot contains."""
    known = [one for one in dict.fromkeys(ids) if snapshot.row_of(one) is not None]
    return tuple(known[:MOST])


def kept(compared: Compared, snapshot: Snapshot, before: Snapshot) -> Compared:
    """Return the dams of a snapshot before that another one still contains."""
    return tuple(one for one in compared if snapshot.has_same(one, before))


def wrong_number(count: int) -> str:
    """Return the sentence for a person who asked to compare too few or too many dams."""
    number = f"{count:,} are ticked" if count > 1 else "1 is ticked"
    return f"Tick {LEAST} to {MOST} dams to compare them: {number}."


def hydrographs(inventory: Inventory, dam_ids: Compared) -> dict[int, Hydrograph]:
    """Read the current hydrographs of those dams that have one, by the id of the dam."""
    found = {}
    for dam_id in dam_ids:
        try:
            hydrograph = inventory.hydrograph(dam_id)
        except (DamChanged, UnknownDam):  # It was removed meanwhile.
            continue
        if hydrograph is not None:
            found[dam_id] = hydrograph
    return found
