"""What imports, and their undoing, have changed in dams that the inventory already knew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from ..snapshot.naming import displayed_name
from .models import DamRow, ImportedEditRow
from .spool import chunks

_DAMS = DamRow.__table__
_EDITS = ImportedEditRow.__table__
_MOMENTS = ("removed_at", "added_at")

PENDING = 0
"""The `seq` of edits whose change is not in the log yet."""


class ImportedEdit(NamedTuple):
    """New values of a dam. dam: its row so far. new: the columns that differ."""

    dam: RowMapping
    new: Mapping[str, Any]


class DamEdit(NamedTuple):
    """What one change did to a dam: old and new values by column, as JSON values."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]


def apply(connection: Connection, edits: Sequence[ImportedEdit], seq: int) -> None:
    """Write new values to dams, and note old and new ones under the `seq` of their change."""
    if not edits:
        return
    columns = sorted({column for one in edits for column in one.new})
    rows = [
        {"this": dam["id"], **{column: new.get(column, dam[column]) for column in columns}}
        for dam, new in edits
    ]
    connection.execute(update(DamRow).where(_DAMS.c.id == bindparam("this")), rows)
    noted = [
        {
            "seq": seq,
            "dam_id": dam["id"],
            "old": _as_json({column: dam[column] for column in new}),
            "new": _as_json(new),
        }
        for dam, new in edits
    ]
    connection.execute(insert(ImportedEditRow), noted)


def of_dam(connection: Connection, dam_id: int) -> dict[int, DamEdit]:
    """Return what imports, and their undoing, have changed in a dam, by the `seq` of the change."""
    edits = select(_EDITS.c.seq, _EDITS.c.old, _EDITS.c.new).where(_EDITS.c.dam_id == dam_id)
    return {seq: DamEdit(old, new) for seq, old, new in connection.execute(edits)}


def name_of(connection: Connection, dam_id: int) -> str:
    """Return the name of a dam on the page, also of a removed one."""
    query = select(DamRow.dam_name, DamRow.nid_id, DamRow.federal_id, DamRow.other_structure_id)
    found = connection.execute(query.where(DamRow.id == dam_id)).one_or_none()
    return displayed_name(*found) if found else ""


def name(connection: Connection, seq: int) -> None:
    """Give pending edits the `seq` of their change."""
    connection.execute(update(ImportedEditRow).where(_EDITS.c.seq == PENDING).values(seq=seq))


def dam_ids(connection: Connection, seq: int) -> list[int]:
    """Return the ids of the dams that a change has edited, ascending."""
    query = select(_EDITS.c.dam_id).where(_EDITS.c.seq == seq).order_by(_EDITS.c.dam_id)
    return list(connection.execute(query).scalars())


def reversals(connection: Connection, seq: int) -> Iterator[list[ImportedEdit]]:
    """Yield the edits that undo those of a change, some at a time."""
    for ids in chunks(dam_ids(connection, seq)):
        edits = select(_EDITS.c.dam_id, _EDITS.c.old)
        edits = edits.where(_EDITS.c.seq == seq, _EDITS.c.dam_id.in_(ids))
        old = {row.dam_id: row.old for row in connection.execute(edits)}
        dams = connection.execute(select(_DAMS).where(_DAMS.c.id.in_(ids))).mappings()
        yield [ImportedEdit(dam, _from_json(old[dam["id"]])) for dam in dams]


def _from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return noted values as the columns hold them."""
    found = dict(values)
    for column in _MOMENTS:
        if found.get(column) is not None:
            found[column] = dt.datetime.fromisoformat(found[column])
    return found


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column: value.isoformat() if isinstance(value, dt.datetime) else value
        for column, value in values.items()
    }
