"""Record: what a report says of one dam beyond its own facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..database.inventory import Inventory
from ..domain.changes import Change
from ..domain.hydrograph import Hydrograph
from ..errors import DamChanged, UnknownDam
from ..snapshot.snapshot import Snapshot

MAX_CHANGES = 1000
"""The maximum number of changes that are read of one dam."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known about one dam.

    history: its newest changes, the newest first; none after the revision of the snapshot.
    is_whole: whether these are all. hydrograph: None if it has none. flags: names of FLAGS.
    """

    history: Sequence[Change]
    is_whole: bool
    hydrograph: Hydrograph | None
    flags: Sequence[str]


def read(inventory: Inventory, snapshot: Snapshot, dam_id: int, row: int) -> Record:
    """Read the record of a dam that a snapshot has in a row: about 30 ms at 100,000 dams."""
    history = inventory.history(dam_id, snapshot.revision + 1, MAX_CHANGES + 1)
    hydrograph = None
    if snapshot.value(row, "hydrograph_id") is not None:
        try:
            hydrograph = inventory.hydrograph(dam_id)
        except (DamChanged, UnknownDam):  # It was removed meanwhile.
            hydrograph = None
    return Record(
        history[:MAX_CHANGES], len(history) <= MAX_CHANGES, hydrograph, snapshot.flags(row)
    )
