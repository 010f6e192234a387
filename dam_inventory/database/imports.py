"""Imports the dams of a file that are not in the inventory yet, within a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from ..domain.changes import DamsImported
from ..domain.dam import Value
from ..domain.permissions import User
from ..errors import InventoryFull
from . import change_log
from .models import DamRow

_DAMS = DamRow.__table__
_AT_ONCE = 5_000
_IDENTITY = ("nid_id", "other_structure_id", "dam_name", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import.

    added: dams added. known: rows already in the inventory. without_place: added dams without a
    location. change: the change in the log, None if no dam was added.
    """

    added: int
    known: int
    without_place: int
    change: DamsImported | None


def import_dams(
    connection: Connection,
    dams: Sequence[Mapping[str, Value]],
    source: str,
    room: int | None,
    by: User,
    now: dt.datetime,
) -> Imported:
    """Add the dams that are not in the inventory yet, as one change.

    dams: known values by column, as `DamDraft.checked_facts` returns them.
    room: how many dams the inventory can still take; None for no limit.
    Raises InventoryFull if not all of them fit.
    """
    new = _unknown(connection, dams)
    known = len(dams) - len(new)
    if not new:
        return Imported(0, known, 0, None)
    if room is not None and len(new) > room:
        raise InventoryFull(
            f"Unable to import {len(new):,} dams from {source}, because the inventory "
            f"has room for only {max(0, room):,} more."
        )
    last_before = connection.execute(select(func.max(DamRow.id))).scalar() or 0
    columns = dict.fromkeys(column for dam in new for column in dam)
    common = {**columns, "added_by": by.name, "added_at": now}
    for start in range(0, len(new), _AT_ONCE):
        some = new[start : start + _AT_ONCE]
        connection.execute(insert(DamRow), [{**common, **dam} for dam in some])
    first, last = connection.execute(
        select(func.min(DamRow.id), func.max(DamRow.id)).where(DamRow.id > last_before)
    ).one()
    change = change_log.record(
        connection,
        DamsImported,
        now,
        by.name,
        first_id=first,
        last_id=last,
        count=len(new),
        source=source,
    )
    return Imported(len(new), known, sum("latitude" not in dam for dam in new), change)


def _unknown(
    connection: Connection, dams: Sequence[Mapping[str, Value]]
) -> list[Mapping[str, Value]]:
    columns = (_DAMS.c[name] for name in ("federal_id", *_IDENTITY))
    federal_ids, others = set(), set()
    for row in connection.execute(select(*columns).where(DamRow.removed_at.is_(None))):
        federal_ids.add(row[0])
        others.add(tuple(row[1:]))
    new = []
    for dam in dams:
        federal_id, other = dam.get("federal_id"), tuple(dam.get(name) for name in _IDENTITY)
        if (federal_id not in federal_ids) if federal_id else (other not in others):
            federal_ids.add(federal_id)
            others.add(other)
            new.append(dam)
    return new
