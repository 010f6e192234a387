"""Undoes the assignment or the removal of a hydrograph, within a transaction of a writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from ..domain.changes import (
    Change,
    HydrographAssigned,
    HydrographEdited,
    HydrographRemoved,
    HydrographRestored,
)
from ..domain.hydrograph import MAX_PER_DAM
from ..domain.permissions import User
from ..errors import CannotUndo
from . import change_log, hydrographs
from .edits import name_of, present
from .models import HydrographRow

_HYDROGRAPHS = HydrographRow.__table__


def remove_again(
    connection: Connection, done: HydrographAssigned, by: User, now: dt.datetime
) -> HydrographRemoved:
    """Remove an assigned hydrograph. Raises CannotUndo if it is gone or replaced another."""
    if done.replaced:
        raise CannotUndo(
            f'The hydrograph of "{done.dam_name}" replaced another one, which is not kept. '
            "Assign the other one again."
        )
    query = select(HydrographRow.id).where(
        HydrographRow.dam_id == done.dam_id,
        HydrographRow.assigned_at == done.at,
        HydrographRow.assigned_by.is_not_distinct_from(done.by),
        HydrographRow.removed_at.is_(None),
    )
    hydrograph_id = connection.execute(query).scalar()
    if hydrograph_id is None:
        raise CannotUndo(
            f'The hydrograph of "{done.dam_name}" was removed or replaced in the meantime.'
        )
    return hydrographs.remove(connection, done.dam_id, hydrograph_id, by, now, done.seq)


def restore(
    connection: Connection, done: HydrographRemoved, by: User, now: dt.datetime
) -> HydrographRestored:
    """Bring a removed hydrograph back. If it was shown first, it is so again.

    Unless another one was chosen since. Raises CannotUndo if it is back already, or was not kept.
    """
    dam = present(connection, done.dam_id)
    what = f'The removal of the hydrograph "{done.hydrograph_name}" of "{done.dam_name}"'
    later = change_log.since(connection, done.seq, done.dam_id)
    if any(isinstance(one, HydrographRestored) and one.undoes == done.seq for one in later):
        raise CannotUndo(f"{what} has already been undone.")
    query = select(_HYDROGRAPHS).where(
        HydrographRow.dam_id == done.dam_id, HydrographRow.removed_at == done.at
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise CannotUndo(
            f"{what} can't be undone: of each dam, only the last {MAX_PER_DAM} removed ones are "
            "kept, and none that an older version removed. Assign it again."
        )
    hydrographs.require(by, dam, row, "restore a hydrograph of")
    hydrographs.expect_room(connection, dam)
    connection.execute(
        update(HydrographRow).where(HydrographRow.id == row["id"]).values(removed_at=None)
    )
    if dam["hydrograph_id"] is None or (done.was_first and not _is_chosen(later, done)):
        hydrographs.show_first(connection, done.dam_id, row["id"])
    return change_log.record(
        connection,
        HydrographRestored,
        now,
        by.name,
        dam_id=done.dam_id,
        dam_name=name_of(dam),
        hydrograph_name=row["name"],
        was_first=done.was_first,
        undoes=done.seq,
    )


def _is_chosen(later: Sequence[Change], done: HydrographRemoved) -> bool:
    """Return whether another hydrograph was chosen as the first one since a removal.

    One that was the first one even before, and is back, was chosen, too.
    """
    return any(
        (isinstance(one, HydrographEdited) and not one.old_name)
        or (isinstance(one, HydrographRestored) and one.was_first and one.undoes < done.seq)
        for one in later
    )
