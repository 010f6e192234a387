"""Undoes a change of any kind, within a transaction of a writer."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from ..domain.changes import (
    DamEdited,
    DamRestored,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    HydrographAssigned,
    HydrographRemoved,
    HydrographRestored,
    ImportUndone,
)
from ..domain.messages import dams
from ..domain.permissions import User
from . import change_log, edits, hydrograph_undo, import_undo, removals
from .limits import Limits

Undoing = (
    DamEdited | DamRestored | DamsRestored | HydrographRemoved | HydrographRestored | ImportUndone
)


def undo(connection: Connection, seq: int, limits: Limits, by: User, now: dt.datetime) -> Undoing:
    """Undo the change with this `seq`; see `Inventory.undo`."""
    done = change_log.change(connection, seq)
    if not by.may("administer") and (done is None or not by.may_undo(done)):
        raise by.denied("undo changes of others")
    if isinstance(done, DamsImported):
        return import_undo.undo(connection, done, by, now)
    if isinstance(done, HydrographAssigned):
        return hydrograph_undo.remove_again(connection, done, by, now)
    if isinstance(done, HydrographRemoved):
        return hydrograph_undo.restore(connection, done, by, now)
    before = limits.room_of(connection, by)
    change: Undoing
    if isinstance(done, DamsRemoved):
        change = removals.restore_all(connection, done, by, now)
        what = dams(change.count)
    else:
        change = edits.undo(connection, done, by, now)
        what = f'dam "{change.dam_name}"'
    limits.check_undone(connection, change, what, by, before)
    return change
