"""Reads what is exported beside the dams, in parts: the log and the hydrographs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from ..domain.changes import Change, DamsImported, DamUpdated, Import, ImportUndone
from ..domain.hydrograph import Hydrograph
from ..formats.export_hydrographs import OfDam
from ..snapshot.naming import displayed_name
from . import ground, imported_edits
from .hydrograph_reading import start_of
from .inventory import Inventory
from .models import DamRow, HydrographPointRow, HydrographRow, ImportedEditRow
from .spool import chunks

_AT_ONCE = 1000
_HYDROGRAPHS_AT_ONCE = 20
"""Each may have 20,000 points or more."""
_NAMES = (DamRow.dam_name, DamRow.nid_id, DamRow.federal_id, DamRow.other_structure_id)
_MOST_OF_DAM = 100_000


def log(inventory: Inventory, dam_id: int | None = None) -> Iterator[Change]:
    """Yield the changes of the log, oldest first: of all dams, or of one dam.

    What an import, or its undo, changed in known dams follows it, as a DamUpdated for each.
    The log is read in parts, so that it does not fill the memory. Raises InventoryReplaced if the
    inventory is restored or replaced meanwhile.
    """
    if dam_id is not None:
        yield from reversed(inventory.history(dam_id, most=_MOST_OF_DAM))
        return
    for one in changes(inventory):
        yield one
        if isinstance(one, ImportUndone) or (isinstance(one, DamsImported) and not one.only_adds):
            yield from _of_import(inventory, one)


def changes(inventory: Inventory) -> Iterator[Change]:
    """Yield the changes of all dams, oldest first, in parts and with the error of `log`."""
    with inventory.reading() as connection:
        known = ground.read(connection)
    last = 0
    while True:
        found, _ = inventory.part_of_log(last, known, _AT_ONCE)
        if not found:
            return
        yield from found
        last = found[-1].seq


def hydrographs(inventory: Inventory, dams: Collection[int] | None = None) -> Iterator[OfDam]:
    """Yield the hydrographs of dams, by dam and age. dams: their ids, None for all."""
    query = (
        select(HydrographRow.id, HydrographRow.dam_id)
        .join(DamRow, DamRow.id == HydrographRow.dam_id)
        .where(DamRow.removed_at.is_(None), HydrographRow.removed_at.is_(None))
        .order_by(HydrographRow.dam_id, HydrographRow.id)
    )
    with inventory.reading() as connection:
        found = connection.execute(query).all()
    ids = [one for one, dam_id in found if dams is None or dam_id in dams]
    for start in range(0, len(ids), _HYDROGRAPHS_AT_ONCE):
        with inventory.reading() as connection:
            some = _hydrographs(connection, ids[start : start + _HYDROGRAPHS_AT_ONCE])
        yield from some


def _hydrographs(connection: Connection, ids: Sequence[int]) -> list[OfDam]:
    """Read hydrographs; those that were removed in the meantime are left out."""
    query = (
        select(HydrographRow.__table__, *_NAMES)
        .join(DamRow, DamRow.id == HydrographRow.dam_id)
        .where(
            HydrographRow.id.in_(ids),
            DamRow.removed_at.is_(None),
            HydrographRow.removed_at.is_(None),
        )
        .order_by(HydrographRow.dam_id, HydrographRow.id)
    )
    points = _points(connection, ids)
    return [
        OfDam(
            row["dam_id"],
            displayed_name(*(row[one.key] for one in _NAMES)),
            Hydrograph(*points[row["id"]], start_of(row), row["name"], row["note"]),
        )
        for row in connection.execute(query).mappings()
        if row["id"] in points
    ]


def _points(
    connection: Connection, ids: Sequence[int]
) -> dict[int, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Return the times and flows of hydrographs, by their ids."""
    point = HydrographPointRow
    query = (
        select(point.hydrograph_id, point.time, point.flow)
        .where(point.hydrograph_id.in_(ids))
        .order_by(point.hydrograph_id, point.time)
    )
    # In pieces: the driver holds the interpreter lock (GIL) while it fetches.
    pieces = [
        np.array(rows, dtype=np.float64) for rows in connection.execute(query).partitions(5000)
    ]
    if not pieces:
        return {}
    of, time, flow = np.concatenate(pieces).T
    known, starts = np.unique(of, return_index=True)
    parts = zip(np.split(time, starts[1:]), np.split(flow, starts[1:]), strict=True)
    return dict(zip(known.astype(int).tolist(), parts, strict=True))


def _of_import(inventory: Inventory, change: Import) -> Iterator[Change]:
    undoes = change.undoes if isinstance(change, ImportUndone) else None
    edits = ImportedEditRow
    with inventory.reading() as connection:
        ids = imported_edits.dam_ids(connection, change.seq)
    for some in chunks(ids):
        query = (
            select(edits.dam_id, edits.old, edits.new, *_NAMES)
            .join(DamRow, DamRow.id == edits.dam_id)
            .where(edits.seq == change.seq, edits.dam_id.in_(some))
            .order_by(edits.dam_id)
        )
        with inventory.reading() as connection:
            rows = connection.execute(query).all()
        for dam_id, old, new, *names in rows:
            name = displayed_name(*names)
            yield DamUpdated(
                change.seq, change.at, change.by, dam_id, name, old, new, change.source, undoes
            )
