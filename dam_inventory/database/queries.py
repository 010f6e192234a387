"""Reads the dams in the inventory, within a transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Result, Row, func, or_, select

from ..domain.changes import Change, DamAdded, DamChange, DamsImported, UnknownChange
from ..snapshot.snapshot import Snapshot
from . import change_log, ground, reading
from .models import DamRow

_DAMS = DamRow.__table__
_PRESENT = DamRow.removed_at.is_(None)
_ROWS = select(*reading.HELD).where(_PRESENT).order_by(DamRow.id)
_MAX_CHANGED = 500
"""If more single dams than this have changed, all dams are read again."""


def count(connection: Connection, added_by: str | None = None) -> int:
    """Return the number of dams, or of the dams that one user has added."""
    query = select(func.count()).select_from(_DAMS).where(_PRESENT)
    if added_by is not None:
        query = query.where(DamRow.added_by == added_by)
    return connection.execute(query).scalar_one()


def snapshot(connection: Connection) -> Snapshot:
    """Read all dams."""
    now = ground.read(connection)
    return Snapshot.of_frame(reading.all_dams(connection), now.mark.seq, now)


def advance(connection: Connection, old: Snapshot) -> tuple[Snapshot, list[Change]]:
    """Return the newest snapshot and the changes since the old one; read only changed dams.

    After a change of an unknown kind, read its dam again, or all dams if it names none.
    """
    news = change_log.since(connection, old.revision)
    if not news:
        return old, news
    added = [ids for one in news if (ids := _added(one))]
    if any(isinstance(one, UnknownChange) and one.dam_id is None for one in news):
        return snapshot(connection), news
    changed = {
        one.dam_id
        for one in news
        if isinstance(one, DamChange | UnknownChange) and one.dam_id is not None
    }
    changed -= {first for first, last in added if first == last}
    if len(changed) > _MAX_CHANGED:
        newest = snapshot(connection)
        newest.ground = replace(newest.ground, unmarked=old.ground.unmarked)
        return newest, news
    concerned = [DamRow.id.in_(sorted(changed))]
    if added:
        concerned.append(DamRow.id.between(added[0][0], added[-1][1]))
    rows = _fetched(connection.execute(_ROWS.where(or_(*concerned))))
    now = replace(ground.read(connection, news[-1].seq), unmarked=old.ground.unmarked)
    return old.advance(rows, news[-1].seq, changed, now), news


def _added(one: Change) -> tuple[int, int] | None:
    """Return the first and the last id of the dams that a change has added, or None."""
    if isinstance(one, DamsImported):
        return one.first_id, one.last_id
    return (one.dam_id, one.dam_id) if isinstance(one, DamAdded) else None


def _fetched(result: Result[Any]) -> list[Row[Any]]:
    """Return all rows, fetched in pieces: the driver holds the GIL while it fetches."""
    return [row for rows in result.partitions(1000) for row in rows]
