"""Edits, removes and restores a dam, within a transaction that holds the writer's lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from ..domain.changes import (
    Change,
    DamEdited,
    DamRemoved,
    DamRestored,
    Import,
    Restoration,
    UnknownChange,
    of_dam,
)
from ..domain.dam import DamDraft
from ..domain.fields import LABELS
from ..domain.messages import told
from ..domain.permissions import User
from ..errors import CannotUndo, DamChanged, UnknownDam
from ..snapshot.naming import displayed_name
from . import change_log, federal_ids, ground
from .models import DamRow, possible

_DAMS = DamRow.__table__


def present(connection: Connection, dam_id: int) -> RowMapping:
    """Return the columns of a dam. Raises UnknownDam, or DamChanged when it was removed."""
    dam = _row(connection, dam_id)
    if dam["removed_at"] is not None:
        [removal] = change_log.history(connection, dam_id, None, 1)
        raise DamChanged(told([of_dam(removal, dam_id)]))
    return dam


def name_of(dam: Mapping[Any, Any]) -> str:
    """Return the name of a dam on the page."""
    return displayed_name(
        dam["dam_name"], dam["nid_id"], dam["federal_id"], dam["other_structure_id"]
    )


def edit(
    connection: Connection,
    dam_id: int,
    facts: Mapping[str, Any],
    seen: int,
    by: User,
    now: dt.datetime,
) -> DamEdited | None:
    """Change the given fields of a dam; return None if no value differs."""
    dam = _seen(connection, dam_id, seen, by, "edit")
    current = _fields(dam)
    draft = DamDraft(**{**current, **facts})
    values = draft.checked({field for field, value in current.items() if value is None})
    new = {field: values[field] for field in LABELS if values[field] != current[field]}
    if not new:
        return None
    old = {field: current[field] for field in new}
    federal_ids.check(connection, new.get("federal_id"), dam_id)
    return _update(connection, {**dam, **new}, old, new, by, now)


def remove(
    connection: Connection, dam_id: int, seen: int, by: User, now: dt.datetime
) -> DamRemoved:
    """Mark a dam as removed. Its row stays, so that the removal can be undone."""
    dam = _seen(connection, dam_id, seen, by, "remove")
    connection.execute(update(DamRow).where(DamRow.id == dam_id).values(removed_at=now))
    return change_log.record(
        connection, DamRemoved, now, by.name, dam_id=dam_id, dam_name=name_of(dam)
    )


def undo(
    connection: Connection, done: Change | None, by: User, now: dt.datetime
) -> DamEdited | DamRestored:
    """Undo an edit or a removal. Raises CannotUndo if the same fields were changed again."""
    if isinstance(done, DamRemoved):
        return _restore(connection, done, by, now)
    if not isinstance(done, DamEdited):
        raise CannotUndo(
            "Only an edit, a removal, an import or an assigned hydrograph can be undone."
        )
    if not done.new.keys() | done.old.keys() <= LABELS.keys():
        raise CannotUndo(
            f'The edit of "{done.dam_name}" was made with a newer version of the Dam Inventory. '
            "It can only be undone with that version."
        )
    dam = present(connection, done.dam_id)
    if not by.may_change(dam["added_by"]):
        raise by.denied(f'undo the edit of "{done.dam_name}"')
    again = [field for field, value in done.new.items() if dam[field] != value]
    if again:
        labels = ", ".join(LABELS[field] for field in again)
        raise CannotUndo(
            f'The edit of "{done.dam_name}" can\'t be undone, because these fields were edited '
            f"again later: {labels}. Undo the later edit first."
        )
    its = {done.dam_id: done.old.get("federal_id")}
    federal_ids.check_again(connection, its, f'The edit of "{done.dam_name}"')
    return _update(connection, {**dam, **done.old}, done.new, done.old, by, now, undoes=done.seq)


def _restore(
    connection: Connection, removal: DamRemoved, by: User, now: dt.datetime
) -> DamRestored:
    dam = _row(connection, removal.dam_id)
    if not by.may_change(dam["added_by"]):
        raise by.denied(f'restore "{removal.dam_name}"')
    later = change_log.since(connection, removal.seq, removal.dam_id)
    if dam["removed_at"] is None or any(isinstance(one, Restoration) for one in later):
        raise CannotUndo(f'The removal of "{removal.dam_name}" has already been undone.')
    its = {removal.dam_id: dam["federal_id"]}
    federal_ids.check_again(connection, its, f'The removal of "{removal.dam_name}"')
    connection.execute(update(DamRow).where(DamRow.id == removal.dam_id).values(removed_at=None))
    return change_log.record(
        connection,
        DamRestored,
        now,
        by.name,
        dam_id=removal.dam_id,
        dam_name=removal.dam_name,
        undoes=removal.seq,
    )


def _update(
    connection: Connection,
    dam: Mapping[Any, Any],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    by: User,
    now: dt.datetime,
    undoes: int | None = None,
) -> DamEdited:
    connection.execute(update(DamRow).where(DamRow.id == dam["id"]).values(**new))
    return change_log.record(
        connection,
        DamEdited,
        now,
        by.name,
        dam_id=dam["id"],
        dam_name=name_of(dam),
        old=old,
        new=new,
        undoes=undoes,
    )


def _seen(connection: Connection, dam_id: int, seen: int, by: User, what: str) -> RowMapping:
    """Return a dam, after checking that the user may change it and has seen its current state.

    Raises PermissionDenied or DamChanged.
    """
    dam = present(connection, dam_id)
    if not by.may_change(dam["added_by"]):
        raise by.denied(f'{what} "{name_of(dam)}"')
    changes = change_log.since(connection, seen, dam_id)
    since = [
        one
        for one in (of_dam(change, dam_id) for change in changes)
        if isinstance(one, DamEdited | DamRemoved | DamRestored | Import | UnknownChange)
    ]
    if since:
        newest = ground.read(connection, since[-1].seq).mark
        [last] = change_log.history(connection, dam_id, since[-1].seq + 1, 1)
        raise DamChanged(told([of_dam(last, dam_id)]), _fields(dam), newest)
    return dam


def _row(connection: Connection, dam_id: int) -> RowMapping:
    dam = connection.execute(select(_DAMS).where(DamRow.id == possible(dam_id))).mappings().first()
    if dam is None:
        raise UnknownDam(f"There is no dam {dam_id}.")
    return dam


def _fields(dam: Mapping[Any, Any]) -> dict[str, Any]:
    return {field: dam[field] for field in LABELS}
