"""Reads the dams in the inventory, within a transaction."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, or_, select

from ..domain.changes import Change, DamAdded, DamsImported, UnknownChange, dam_ids
from ..snapshot.schema import frame_of, joined
from ..snapshot.snapshot import Snapshot
from . import change_log, ground, reading
from .models import DamRow

_DAMS = DamRow.__table__
_PRESENT = DamRow.removed_at.is_(None)
_ROWS = select(*reading.HELD).where(_PRESENT).order_by(DamRow.id)
_MAX_CHANGED = 500
"""If more single dams than this have changed, all dams are read again. If more were added, they are
read without creating Python objects, which would hold up the event loop."""


def count(connection: Connection, added_by: str | None = None) -> int:
    """Return the number of dams, or of the dams that one user has added."""
    query = select(func.count()).select_from(_DAMS).where(_PRESENT)
    if added_by is not None:
        query = query.where(DamRow.added_by == added_by)
    return connection.execute(query).scalar_one()


def snapshot(connection: Connection) -> Snapshot:
    """Read all dams."""
    now = ground.read(connection)
    return Snapshot.of_frame(reading.all_dams(connection, now), now.mark.seq, now)


def advance(connection: Connection, old: Snapshot) -> tuple[Snapshot, list[Change]]:
    """Return the newest snapshot and the changes since the old one; read only changed dams.

    After a change of an unknown kind, read its dam again, or all dams if it names none.
    """
    news = change_log.with_dams(connection, change_log.since(connection, old.revision))
    if not news:
        return old, news
    added = [ids for one in news if (ids := _added(one))]
    if any(isinstance(one, UnknownChange) and one.dam_id is None for one in news):
        return snapshot(connection), news
    changed = {dam_id for one in news for dam_id in dam_ids(one)}
    changed -= {first for first, last in added if first == last}
    if len(changed) > _MAX_CHANGED:
        newest = snapshot(connection)
        newest.ground = replace(newest.ground, unmarked=old.ground.unmarked)
        return newest, news
    first, last = (added[0][0], added[-1][1]) if added else (0, -1)
    dams = reading.dams_between(connection, first, last) if last - first > _MAX_CHANGED else None
    concerned = [DamRow.id.in_(sorted(changed))]
    if added and dams is None:
        concerned.append(DamRow.id.between(first, last))
    rows = connection.execute(_ROWS.where(or_(*concerned))).all()
    now = replace(ground.read(connection, news[-1].seq), unmarked=old.ground.unmarked)
    if dams is None:
        return old.advance(rows, news[-1].seq, changed, now), news
    others = frame_of([row for row in rows if not first <= row.id <= last])
    return old.advance(joined(others, dams), news[-1].seq, changed, now), news


def _added(one: Change) -> tuple[int, int] | None:
    """Return the first and the last id of the dams that a change has added, or None."""
    if isinstance(one, DamsImported):
        return one.first_id, one.last_id
    return (one.dam_id, one.dam_id) if isinstance(one, DamAdded) else None
