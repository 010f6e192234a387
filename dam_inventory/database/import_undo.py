"""Undoes an import, within a transaction that holds the writer's lock."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, update

from ..domain.changes import Change, DamsImported, ImportUndone, UnknownChange, dam_ids
from ..domain.messages import several
from ..domain.permissions import User
from ..errors import CannotUndo
from . import change_log, federal_ids, imported_edits
from .imported_edits import PENDING
from .models import DamRow

_MAX_NAMED = 5


def undo(connection: Connection, done: DamsImported, by: User, now: dt.datetime) -> ImportUndone:
    """Remove the dams that an import has added, and give others their earlier values again.

    Raises CannotUndo if one of them has changed since, unless that was undone.
    """
    later = change_log.since(connection, done.seq)
    if any(isinstance(one, ImportUndone) and one.undoes == done.seq for one in later):
        raise CannotUndo(f'The import of "{done.source}" has already been undone.')
    _check(connection, done, later)
    removed = connection.execute(
        update(DamRow)
        .where(DamRow.id.between(done.first_id, done.last_id), DamRow.removed_at.is_(None))
        .values(removed_at=now)
    ).rowcount
    reverted = 0
    for some in imported_edits.reversals(connection, done.seq):
        federal = {edit.dam["id"]: edit.new.get("federal_id") for edit in some}
        federal_ids.check_again(connection, federal, f'The import of "{done.source}"')
        imported_edits.apply(connection, some, PENDING)
        again = sum(bool(edit.new.get("removed_at")) for edit in some)
        removed += again
        reverted += len(some) - again
    change = change_log.record(
        connection,
        ImportUndone,
        now,
        by.name,
        undoes=done.seq,
        first_id=done.first_id,
        last_id=done.last_id,
        removed=removed,
        reverted=reverted,
        source=done.source,
    )
    imported_edits.name(connection, change.seq)
    return change


def _undoes(change: Change) -> int:
    return getattr(change, "undoes", None) or 0


def _check(connection: Connection, done: DamsImported, later: list[Change]) -> None:
    """Raise CannotUndo if a dam of the import has changed since, with the names of some."""
    undone: set[int] = set()
    for one in reversed(later):  # What is undone itself undoes nothing.
        if one.seq not in undone:
            undone.add(_undoes(one))
    effective = [one for one in later if one.seq not in undone and _undoes(one) <= done.seq]
    if any(isinstance(one, UnknownChange) and one.dam_id is None for one in effective):
        raise CannotUndo(
            f'The import of "{done.source}" can\'t be undone, because a newer version of the Dam '
            "Inventory has changed the inventory since. It can only be undone with that version."
        )
    edited = {*imported_edits.dam_ids(connection, done.seq)}
    changed: set[int] = set()
    for one in change_log.with_dams(connection, effective):
        its = {*dam_ids(one)}
        if isinstance(one, ImportUndone):
            its.update(range(one.first_id, one.last_id + 1))
        changed |= {i for i in its if i in edited or done.first_id <= i <= done.last_id}
    if changed:
        ids = sorted(changed)
        names = [imported_edits.name_of(connection, one) for one in ids[:_MAX_NAMED]]
        names += [""] * (len(ids) - len(names))
        verb = "was" if len(ids) == 1 else "were"
        raise CannotUndo(
            f'The import of "{done.source}" can\'t be undone, because '
            f"{several(names, _MAX_NAMED)} {verb} changed later. Undo the later changes first."
        )
