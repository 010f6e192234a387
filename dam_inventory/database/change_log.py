"""Writes and reads the append-only change log, within a transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, insert, or_, select

from ..domain.change_rows import UPDATED, change_of, kind_of
from ..domain.changes import (
    Change,
    DamRemoved,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    DamUpdated,
    Import,
    ImportUndone,
    dam_ids,
)
from . import imported_edits
from .imported_edits import DamEdit
from .models import ChangeRow, ImportedEditRow, possible
from .transactions import inserted_id

_CHANGES = ChangeRow.__table__
_EDITS = ImportedEditRow.__table__
_SINCE = (
    select(_CHANGES)
    .where(ChangeRow.seq > bindparam("since", type_=ChangeRow.seq.type))
    .order_by(ChangeRow.seq)
)
_INSERT = insert(ChangeRow)
_OF_SEVERAL = (DamsRemoved.__name__, DamsRestored.__name__)
_COMMON = {"seq", "at", "by", "dam_id", "dam_name"}

Kind = TypeVar("Kind", bound=Change)

_listener: ContextVar[Callable[[Change], None] | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Callable[[Change], None]) -> Iterator[None]:
    """Call a function with each change that this thread writes, before it is committed."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def record(
    connection: Connection, kind: type[Kind], at: dt.datetime, by: str | None, **facts: Any
) -> Kind:
    """Write a change to the log, and return it with its new `seq`."""
    change: Kind = kind(seq=0, at=at, by=by, **facts)
    row = {
        "at": at,
        "by": by,
        "kind": kind_of(change),
        "dam_id": facts.get("dam_id"),
        "dam_name": facts.get("dam_name"),
        "details": {name: value for name, value in facts.items() if name not in _COMMON},
    }
    seq = inserted_id(connection.execute(_INSERT, row))
    change = replace(change, seq=seq)
    if (listener := _listener.get()) is not None:
        listener(change)
    return change


def since(
    connection: Connection, seq: int, dam_id: int | None = None, most: int | None = None
) -> list[Change]:
    """Return the changes after `seq`, oldest first: of all dams, at most `most`; or of one dam."""
    if dam_id is None:
        query = _SINCE if most is None else _SINCE.limit(most)
        rows = connection.execute(query, {"since": possible(seq)})
        return [change_of(row) for row in rows.mappings()]
    return since_of(connection, seq, {dam_id})


def since_of(connection: Connection, seq: int, ids: AbstractSet[int]) -> list[Change]:
    """Return the changes after `seq` that concern one of these dams, oldest first.

    Imports and their undoing come with the ids of those of the dams that they changed.
    """
    query = select(_CHANGES).where(ChangeRow.seq > possible(seq)).order_by(ChangeRow.seq)
    edited: dict[int, list[int]] = defaultdict(list)
    for one, dam_id in connection.execute(
        select(_EDITS.c.seq, _EDITS.c.dam_id).where(
            _EDITS.c.seq > possible(seq), _EDITS.c.dam_id.in_(sorted(ids))
        )
    ):
        edited[one].append(dam_id)
    kinds = (*_OF_SEVERAL, ImportUndone.__name__)
    is_theirs = or_(
        ChangeRow.dam_id.in_(sorted(ids)), ChangeRow.kind.in_(kinds), ChangeRow.seq.in_(edited)
    )
    found = []
    for one in map(change_of, connection.execute(query.where(is_theirs)).mappings()):
        if isinstance(one, ImportUndone):
            removed = ids & {*range(one.first_id, one.last_id + 1)}
            one = replace(one, dam_ids=sorted(removed | {*edited[one.seq]}))
        elif isinstance(one, DamsImported):
            one = replace(one, dam_ids=sorted(edited[one.seq]))
        if not ids.isdisjoint(dam_ids(one)):
            found.append(one)
    return found


def with_dams(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    """Return changes with the ids of the known dams that imports, or their undoing, changed."""
    return [
        replace(one, dam_ids=imported_edits.dam_ids(connection, one.seq))
        if isinstance(one, ImportUndone) or (isinstance(one, DamsImported) and not one.only_adds)
        else one
        for one in changes
    ]


def imports(connection: Connection) -> list[DamsImported]:
    """Return all imports, oldest first."""
    query = select(_CHANGES).where(ChangeRow.kind == DamsImported.__name__)
    rows = connection.execute(query.order_by(ChangeRow.seq)).mappings()
    return [one for one in map(change_of, rows) if isinstance(one, DamsImported)]


def history(
    connection: Connection, dam_id: int | None, before: int | None, most: int
) -> list[Change]:
    """Return at most `most` changes before a `seq`, newest first: of all dams, or of one dam.

    The history of an imported dam begins with its import. What other imports, and their undoing,
    changed in it is a DamUpdated.
    """
    query = select(_CHANGES).order_by(ChangeRow.seq.desc())
    if before is not None:
        query = query.where(ChangeRow.seq < before)
    if dam_id is None:
        rows = connection.execute(query.limit(most)).mappings()
        return [change_of(row) for row in rows]
    dam_id = possible(dam_id)
    own_query = query.where(ChangeRow.dam_id == dam_id).limit(most)
    own = map(change_of, connection.execute(own_query).mappings())
    kinds = (DamsImported.__name__, UPDATED, ImportUndone.__name__, *_OF_SEVERAL)
    several = map(change_of, connection.execute(query.where(ChangeRow.kind.in_(kinds))).mappings())
    edits = imported_edits.of_dam(connection, dam_id)
    name = imported_edits.name_of(connection, dam_id)
    its = [
        one
        for change in several
        if (one := _of_dam(change, dam_id, name, edits.get(change.seq))) is not None
    ]
    return sorted([*own, *its], key=lambda one: -one.seq)[:most]


def _of_dam(change: Change, dam_id: int, name: str, edit: DamEdit | None) -> Change | None:
    """Return what a change of several dams was to one of them; None if it was nothing."""
    if not isinstance(change, Import):
        return change if dam_id in dam_ids(change) else None
    facts = (change.seq, change.at, change.by, dam_id, name)
    is_of_range = change.first_id <= dam_id <= change.last_id
    if isinstance(change, ImportUndone) and (is_of_range or (edit and edit.new.get("removed_at"))):
        return DamRemoved(*facts)
    if edit is not None:
        undoes = change.undoes if isinstance(change, ImportUndone) else None
        return DamUpdated(*facts, edit.old, edit.new, change.source, undoes)
    return change if is_of_range else None


def change(connection: Connection, seq: int) -> Change | None:
    """Return the change with this `seq`, or None."""
    row = (
        connection.execute(select(_CHANGES).where(ChangeRow.seq == possible(seq)))
        .mappings()
        .first()
    )
    return change_of(row) if row else None
