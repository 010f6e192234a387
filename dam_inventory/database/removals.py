"""Removes several dams together, and restores them, within a transaction of a writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, RowMapping, select, update

from ..domain.changes import (
    MAX_TOGETHER,
    DamEdited,
    DamsRemoved,
    DamsRestored,
    Import,
    Removal,
    Restoration,
    UnknownChange,
    dam_ids,
)
from ..domain.messages import several, told
from ..domain.permissions import User
from ..errors import CannotUndo, DamChanged, DamInventoryError, UnknownDam
from . import change_log, federal_ids
from .edits import name_of
from .models import DamRow, possible

_DAMS = DamRow.__table__
_MAX_NAMED = 5


def remove_all(
    connection: Connection, ids: Collection[int], seen: int, by: User, now: dt.datetime
) -> DamsRemoved:
    """Mark dams as removed; see `Inventory.remove_all`."""
    wanted = {*ids}
    if not 0 < len(wanted) <= MAX_TOGETHER:
        raise DamInventoryError(f"Between 1 and {MAX_TOGETHER:,} dams can be removed together.")
    dams = _rows(connection, wanted)
    if len(dams) < len(wanted):
        raise UnknownDam("Some of these dams do not exist.")
    if gone := [name_of(dam) for dam in dams if dam["removed_at"] is not None]:
        raise DamChanged(_refusal(gone, "has", "have", "been removed already"))
    if denied := [name_of(dam) for dam in dams if not by.may_change(dam["added_by"])]:
        raise by.denied(f"remove {several(denied, _MAX_NAMED)}")
    since = [
        one
        for one in change_log.since_of(connection, seen, wanted)
        if isinstance(one, DamEdited | Import | Removal | Restoration | UnknownChange)
    ]
    if since:
        raise DamChanged(f"{told(since)} Reload and look at them before you remove them.")
    found = [dam["id"] for dam in dams]
    connection.execute(update(DamRow).where(DamRow.id.in_(found)).values(removed_at=now))
    return change_log.record(
        connection,
        DamsRemoved,
        now,
        by.name,
        dam_ids=found,
        dam_names=[name_of(dam) for dam in dams],
    )


def restore_all(
    connection: Connection, removal: DamsRemoved, by: User, now: dt.datetime
) -> DamsRestored:
    """Undo a common removal. Raises CannotUndo if one of the dams was restored since."""
    ids = {*removal.dam_ids}
    rows = _rows(connection, ids)
    if denied := [name_of(dam) for dam in rows if not by.may_change(dam["added_by"])]:
        raise by.denied(f"restore {several(denied, _MAX_NAMED)}")
    later = change_log.since_of(connection, removal.seq, ids)
    again = {dam_id for one in later if isinstance(one, Restoration) for dam_id in dam_ids(one)}
    again |= {dam["id"] for dam in rows if dam["removed_at"] is None}
    names = dict(zip(removal.dam_ids, removal.dam_names, strict=True))
    if restored := [name for dam_id, name in names.items() if dam_id in again]:
        raise CannotUndo(_refusal(restored, "has", "have", "already been restored"))
    its = {dam["id"]: dam["federal_id"] for dam in rows}
    federal_ids.check_again(connection, its, "The removal")
    connection.execute(update(DamRow).where(DamRow.id.in_(sorted(ids))).values(removed_at=None))
    return change_log.record(
        connection,
        DamsRestored,
        now,
        by.name,
        dam_ids=removal.dam_ids,
        dam_names=removal.dam_names,
        undoes=removal.seq,
    )


def _rows(connection: Connection, ids: Collection[int]) -> Sequence[RowMapping]:
    query = select(_DAMS).where(DamRow.id.in_(sorted(map(possible, ids)))).order_by(DamRow.id)
    return connection.execute(query).mappings().all()


def _refusal(names: Sequence[str], one: str, many: str, what: str) -> str:
    return f"{several(names, _MAX_NAMED)} {one if len(names) == 1 else many} {what}."
