"""Writes and reads the append-only change log, within a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, or_, select

from ..domain.changes import (
    Change,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    change_of,
    dam_ids,
)
from .models import ChangeRow, possible
from .transactions import inserted_id

_CHANGES = ChangeRow.__table__
_INSERT = insert(ChangeRow)
_OF_SEVERAL = (DamsRemoved.__name__, DamsRestored.__name__)
_COMMON = {"seq", "at", "by", "dam_id", "dam_name"}

Kind = TypeVar("Kind", bound=Change)


def record(
    connection: Connection, kind: type[Kind], at: dt.datetime, by: str | None, **facts: Any
) -> Kind:
    """Write a change to the log, and return it with its new `seq`."""
    row = {
        "at": at,
        "by": by,
        "kind": kind.__name__,
        "dam_id": facts.get("dam_id"),
        "dam_name": facts.get("dam_name"),
        "details": {name: value for name, value in facts.items() if name not in _COMMON},
    }
    seq = inserted_id(connection.execute(_INSERT, row))
    return kind(seq=seq, at=at, by=by, **facts)


def since(connection: Connection, seq: int, dam_id: int | None = None) -> list[Change]:
    """Return the changes after `seq`, oldest first: of all dams, or of one dam."""
    query = select(_CHANGES).where(ChangeRow.seq > possible(seq)).order_by(ChangeRow.seq)
    if dam_id is None:
        return [change_of(row) for row in connection.execute(query).mappings()]
    return since_of(connection, seq, {dam_id})


def since_of(connection: Connection, seq: int, ids: AbstractSet[int]) -> list[Change]:
    """Return the changes after `seq` that name one of these dams, oldest first."""
    query = select(_CHANGES).where(ChangeRow.seq > possible(seq)).order_by(ChangeRow.seq)
    query = query.where(or_(ChangeRow.dam_id.in_(sorted(ids)), ChangeRow.kind.in_(_OF_SEVERAL)))
    changes = map(change_of, connection.execute(query).mappings())
    return [one for one in changes if not ids.isdisjoint(dam_ids(one))]


def history(
    connection: Connection, dam_id: int | None, before: int | None, most: int
) -> list[Change]:
    """Return at most `most` changes before a `seq`, newest first: of all dams, or of one dam.

    The history of an imported dam begins with its import.
    """
    query = select(_CHANGES).order_by(ChangeRow.seq.desc())
    if before is not None:
        query = query.where(ChangeRow.seq < before)
    if dam_id is None:
        rows = connection.execute(query.limit(most)).mappings()
        return [change_of(row) for row in rows]
    own_query = query.where(ChangeRow.dam_id == possible(dam_id)).limit(most)
    own = connection.execute(own_query).mappings()
    several = query.where(ChangeRow.kind.in_((DamsImported.__name__, *_OF_SEVERAL)))
    its = [
        one
        for one in map(change_of, connection.execute(several).mappings())
        if dam_id in dam_ids(one)
        or (isinstance(one, DamsImported) and one.first_id <= dam_id <= one.last_id)
    ]
    return sorted([*map(change_of, own), *its], key=lambda one: -one.seq)[:most]


def change(connection: Connection, seq: int) -> Change | None:
    """Return the change with this `seq`, or None."""
    row = (
        connection.execute(select(_CHANGES).where(ChangeRow.seq == possible(seq)))
        .mappings()
        .first()
    )
    return change_of(row) if row else None
