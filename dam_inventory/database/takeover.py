"""Takes over the dams and hydrographs of the Dam Inventory app of Tethys Platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from ..domain.hydrograph import Hydrograph
from ..domain.permissions import OPERATOR
from ..errors import DamInventoryError
from . import comparing, hydrograph_reading, hydrographs, imports, queries
from .inventory import ADD_ONLY, Inventory
from .look import Look, Progress
from .tethys import TethysDatabase, TethysHydrograph


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of a takeover.

    added: dams that were not in the inventory. known: dams that it has already. removed: dams
    that were removed from it. assigned: hydrographs that their dams did not have. already: those
    that they have. dams, hydrographs: what was refused, as the id in the app and the reason.
    """

    added: int
    known: int
    removed: int
    assigned: int
    already: int
    dams: Sequence[tuple[int, str]]
    hydrographs: Sequence[tuple[int, str]]


def take_over(app: TethysDatabase, inventory: Inventory, on_progress: Progress) -> Taken:
    """Add the dams of the app that are not in the inventory, as one import, with hydrographs.

    All is one transaction. A dam that the inventory has keeps its values, and gets hydrographs
    that it does not have.
    on_progress: called with the number of dams written since the last call.
    Raises InventoryFull if not all dams fit, DatabaseUnavailable.
    """
    with inventory.look(app.dams(), app.source) as look, inventory.writing() as connection:
        most, now = inventory.limits.max_dams, dt.datetime.now(dt.UTC)
        room = None if most is None else most - queries.count(connection)
        imported = imports.import_dams(
            connection, look, ADD_ONLY, room, OPERATOR, now, on_progress, _never
        )
        removed = look.counts["removed"]
        if imported.change is not None:
            comparing.compare(connection, look, _never)  # It finds the ids of the new dams.
        refused = [(one.row, one.reason) for one in look.entries("refused", most=_ALL)]
        taken = Taken(imported.added, imported.known - removed, removed, 0, 0, refused, [])
        return _with_hydrographs(connection, app, look, taken)


def _with_hydrographs(
    connection: Connection, app: TethysDatabase, look: Look, taken: Taken
) -> Taken:
    found = look.spool.read(
        "SELECT exported_id, dam_id, outcome FROM found JOIN rows USING (place)"
    )
    dams = {number: (dam_id, outcome) for number, dam_id, outcome in found}
    assigned, already = 0, 0
    refused: list[tuple[int, str]] = []
    for one in app.hydrographs():
        dam_id, outcome = dams.get(one.dam_id, (None, ""))
        if one.hydrograph is None:
            refused.append((one.id, one.reason))
        elif dam_id is None:
            refused.append((one.id, _without_dam(one)))
        elif outcome == "removed":
            refused.append((one.id, f"Its dam {one.dam_id} was removed from the inventory."))
        else:
            try:
                is_new = _assign(connection, dam_id, one.hydrograph, app.source)
            except DamInventoryError as error:
                refused.append((one.id, str(error)))
            else:
                assigned += is_new
                already += not is_new
    return replace(taken, assigned=assigned, already=already, hydrographs=refused)


def _assign(connection: Connection, dam_id: int, hydrograph: Hydrograph, source: str) -> bool:
    """Assign a hydrograph beside those of a dam; return False if the dam has it."""
    heads = hydrograph_reading.heads(connection, dam_id)
    for head in heads:
        known = hydrograph_reading.read(connection, dam_id, head.id)
        if known is not None and _is_same(known, hydrograph):
            return False
    name = f"Hydrograph {len(heads) + 1}" if heads else hydrograph.name
    named = replace(hydrograph, name=name, note=f"Taken over from {source}.")
    # Each has a time of its own, by which its undo finds it.
    now = dt.datetime.now(dt.UTC)
    hydrographs.assign(connection, dam_id, named, None, True, OPERATOR, now)
    return True


def _is_same(one: Hydrograph, other: Hydrograph) -> bool:
    is_same_flow = np.array_equal(one.flow, other.flow, equal_nan=True)
    return is_same_flow and np.array_equal(one.time, other.time)


def _without_dam(one: TethysHydrograph) -> str:
    if one.dam_id is None:
        return "It belongs to no dam."
    return f"Its dam {one.dam_id} was not taken over."


def _never() -> bool:
    return False


_ALL = 2**31
