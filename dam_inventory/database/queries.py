"""Reads the dams in the inventory, within a transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, bindparam, func, or_, select

from ..domain.changes import (
    Change,
    DamAdded,
    DamsImported,
    Import,
    ImportUndone,
    UnknownChange,
    dam_ids,
)
from ..snapshot.schema import frame_of
from ..snapshot.snapshot import Snapshot
from . import change_log, ground, reading
from .models import DamRow

_DAMS = DamRow.__table__
_PRESENT = DamRow.removed_at.is_(None)
_ROWS = select(*reading.HELD).where(_PRESENT).order_by(DamRow.id)
_CONCERNED = _ROWS.where(
    or_(
        DamRow.id.in_(bindparam("ids", expanding=True)),
        DamRow.id.between(bindparam("first"), bindparam("last")),
    )
)
"""Made once, because it takes longer to make than to run."""

_MAX_CHANGED = 500
"""If more single dams than this have changed, all dams are read again. If more were added or
updated by an import, they are read without creating Python objects, which would hold up the event
loop."""

_MAX_IMPORTED = 20_000
"""If imports have updated more dams than this, all dams are read again."""


def count(connection: Connection, added_by: str | None = None) -> int:
    """Return the number of dams, or of the dams that one user has added."""
    query = select(func.count()).select_from(_DAMS).where(_PRESENT)
    if added_by is not None:
        query = query.where(DamRow.added_by == added_by)
    return connection.execute(query).scalar_one()


def authors(connection: Connection, ids: Collection[int]) -> dict[str, int]:
    """Return who has added these dams, with their number; not those that nobody has added."""
    query = select(DamRow.added_by, func.count()).where(
        DamRow.id.in_(sorted(ids)), DamRow.added_by.is_not(None)
    )
    found = connection.execute(query.group_by(DamRow.added_by))
    return {str(name): int(number) for name, number in found}


def snapshot(connection: Connection) -> Snapshot:
    """Read all dams."""
    now = ground.read(connection)
    dams, imports = reading.all_dams(connection, now), change_log.imports(connection)
    return Snapshot.of_frame(dams, now.mark.seq, now, imports)


def advance(connection: Connection, old: Snapshot) -> tuple[Snapshot, list[Change]]:
    """Return the newest snapshot and the changes since the old one; read only changed dams.

    After a change of an unknown kind, read its dam again, or all dams if it names none.
    """
    news = change_log.with_dams(connection, change_log.since(connection, old.revision))
    if not news:
        return old, news
    if any(isinstance(one, UnknownChange) and one.dam_id is None for one in news):
        return snapshot(connection), news
    parts = _changed(connection, old.revision, news)
    if parts is None:
        newest = snapshot(connection)
        newest.ground = replace(newest.ground, unmarked=old.ground.unmarked)
        return newest, news
    rows, changed = parts
    now = replace(ground.read(connection, news[-1].seq), unmarked=old.ground.unmarked)
    imports = [one for one in news if isinstance(one, DamsImported)]
    return old.advance(rows, news[-1].seq, changed, now, imports), news


def _changed(
    connection: Connection, since: int, news: Sequence[Change]
) -> tuple[Sequence[Any] | pl.DataFrame, set[int]] | None:
    """Return the new rows of changed dams, and the ids of all that are not new.

    Return None if so many have changed that it is faster to read all dams.
    """
    ranges = [one for one in news if isinstance(one, DamsImported) and one.first_id <= one.last_id]
    added = [(one.dam_id, one.dam_id) for one in news if isinstance(one, DamAdded)]
    added = sorted(added + [(one.first_id, one.last_id) for one in ranges])
    imported = {i for one in news if isinstance(one, Import) for i in dam_ids(one)}
    single = {i for one in news if not isinstance(one, Import) for i in dam_ids(one)}
    single -= {first for first, last in added if first == last}
    if len(single) > _MAX_CHANGED or len(imported) > _MAX_IMPORTED:
        return None
    first, last = (added[0][0], added[-1][1]) if added else (0, -1)
    frames = []
    if last - first > _MAX_CHANGED:
        frames.append(reading.dams_between(connection, first, last))
    if len(imported) > _MAX_CHANGED:
        ids = min(imported), max(imported)
        frames.append(reading.dams_between(connection, *ids, since=since))
    else:
        single |= imported
    if last - first > _MAX_CHANGED:
        first, last = 0, -1
    concerned = {"ids": sorted(single), "first": first, "last": last}
    rows = connection.execute(_CONCERNED, concerned).all()
    removed = {
        i
        for one in news
        if isinstance(one, ImportUndone)
        for i in range(one.first_id, one.last_id + 1)
    }
    changed = single | imported | removed
    if not frames:
        return rows, changed
    together = pl.concat([frame_of(rows), *frames], how="vertical_relaxed", rechunk=True)
    return together.unique("id", keep="first").sort("id"), changed
