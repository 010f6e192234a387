"""Hydrographs: those of one dam, as a session reads them."""

from __future__ import annotations

from collections.abc import Sequence

from ..database.inventory import Inventory
from ..domain.hydrograph import Hydrograph, HydrographHead

OfDam = Sequence[tuple[HydrographHead, Hydrograph]]
"""The hydrographs of a dam: the one shown first, then the others from the oldest."""


def read(inventory: Inventory, dam_id: int, known: Sequence[HydrographHead]) -> OfDam | None:
    """Read all hydrographs of a dam; None if they are the known ones.

    Raises UnknownDam, DamChanged, or UnknownHydrograph if one was removed meanwhile.
    """
    heads = inventory.hydrograph_heads(dam_id)
    if heads and heads == list(known):
        return None
    found = ((head, inventory.hydrograph(dam_id, head.id)) for head in heads)
    return [(head, one) for head, one in found if one is not None]
