"""Reads what is exported beside the dams, in parts: the log and the hydrographs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from ..domain.changes import Change, DamsImported, DamUpdated, Import, ImportUndone
from ..domain.hydrograph import Hydrograph
from ..errors import DamChanged, UnknownHydrograph
from ..formats.export_hydrographs import OfDam
from ..snapshot.snapshot import displayed_name
from . import ground, imported_edits
from .inventory import Inventory
from .models import DamRow, HydrographRow, ImportedEditRow
from .spool import chunks

_AT_ONCE = 1000
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
    with inventory.reading() as connection:
        known = ground.read(connection)
    last = 0
    while True:
        changes, _ = inventory.part_of_log(last, known, _AT_ONCE)
        if not changes:
            return
        for one in changes:
            yield one
            if isinstance(one, ImportUndone) or (
                isinstance(one, DamsImported) and not one.only_adds
            ):
                yield from _of_import(inventory, one)
        last = changes[-1].seq


def hydrographs(inventory: Inventory, dams: Collection[int] | None = None) -> Iterator[OfDam]:
    """Yield the hydrographs of dams, by dam and age. dams: their ids, None for all."""
    query = (
        select(HydrographRow.id, HydrographRow.dam_id, *_NAMES)
        .join(DamRow, DamRow.id == HydrographRow.dam_id)
        .where(DamRow.removed_at.is_(None))
        .order_by(HydrographRow.dam_id, HydrographRow.id)
    )
    with inventory.reading() as connection:
        found = connection.execute(query).all()
    for hydrograph_id, dam_id, *names in found:
        if dams is not None and dam_id not in dams:
            continue
        hydrograph = _hydrograph(inventory, dam_id, hydrograph_id)
        if hydrograph is not None:
            yield OfDam(dam_id, displayed_name(*names), hydrograph)


def _hydrograph(inventory: Inventory, dam_id: int, hydrograph_id: int) -> Hydrograph | None:
    try:
        return inventory.hydrograph(dam_id, hydrograph_id)
    except (UnknownHydrograph, DamChanged):
        return None  # It was removed or replaced in the meantime.


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
