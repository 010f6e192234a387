"""Reads what identifies the dams of the inventory, and what was edited in them by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ..domain.identity import Identity, identity_of
from ..domain.identity_columns import IDENTITY_FIELDS, identity_columns
from .models import ChangeRow, DamRow, ImportedEditRow
from .spool import AT_ONCE, chunks

_DAMS = DamRow.__table__
_COLUMNS = [_DAMS.c[name] for name in IDENTITY_FIELDS]

PRESENT, REMOVED, UNDONE = 0, 1, 2
"""Whether a dam is in the inventory, was removed by somebody, or went with an undone import."""


class Edit(NamedTuple):
    """An edit by hand that is still valid: the columns that it changed."""

    dam_id: int
    seq: int
    old: Mapping[str, Any]


def identities(connection: Connection, edits: Collection[Edit]) -> Iterator[tuple[Any, ...]]:
    """Yield the identities of all dams, as the table `known` of a spool has them.

    A dam that was edited also has its earlier identities: files still name it so.
    """
    undone_at = _undone_at(connection)
    query = select(DamRow.id, DamRow.removed_at, *_COLUMNS)
    with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as dams:
        for some in dams.partitions():
            dam_ids, moments, *values = zip(*some, strict=True)
            states = [_state(at, undone_at) for at in moments]
            identities = identity_columns(
                dict(zip(IDENTITY_FIELDS, values, strict=True)), len(dam_ids)
            )
            yield from zip(dam_ids, states, repeat(0), *identities, strict=False)
    edits_of = defaultdict(list)
    for edit in edits:
        if not edit.old.keys().isdisjoint(IDENTITY_FIELDS):
            edits_of[edit.dam_id].append(edit)
    for ids in chunks(edits_of):
        for dam in connection.execute(query.where(DamRow.id.in_(ids))).mappings():
            removed = PRESENT if dam["removed_at"] is None else REMOVED
            for identity in _former(dam, edits_of[dam["id"]]):
                yield dam["id"], removed, 1, *identity


def edits_by_hand(connection: Connection) -> list[Edit]:
    """Return all edits that were not undone, oldest first."""
    query = select(ChangeRow.seq, ChangeRow.dam_id, ChangeRow.details)
    found: dict[int, Edit] = {}
    with connection.execute(query.where(ChangeRow.kind == "DamEdited").order_by(ChangeRow.seq)) as (
        rows
    ):
        for seq, dam_id, details in rows:
            if details.get("undoes") in found:
                del found[details["undoes"]]
            elif isinstance(details.get("old"), Mapping):
                found[seq] = Edit(dam_id, seq, details["old"])
    return list(found.values())


def edited_fields(connection: Connection, edits: Collection[Edit]) -> dict[int, set[str]]:
    """Return by dam the fields that were edited by hand since the last import that wrote them."""
    edited: dict[int, dict[str, int]] = defaultdict(dict)
    for edit in edits:
        edited[edit.dam_id].update(dict.fromkeys(edit.old, edit.seq))
    undone = _undone(connection)
    query = select(ImportedEditRow.seq, ImportedEditRow.dam_id, ImportedEditRow.new)
    for ids in chunks(edited):
        for seq, dam_id, new in connection.execute(query.where(ImportedEditRow.dam_id.in_(ids))):
            if seq in undone:
                continue
            for field in new:
                if edited[dam_id].get(field, seq) < seq:
                    del edited[dam_id][field]
    return {dam_id: {*fields} for dam_id, fields in edited.items() if fields}


def _state(at: Any, undone_at: set[Any]) -> int:
    if at is None:
        return PRESENT
    return UNDONE if at in undone_at else REMOVED


def _former(dam: Mapping[Any, Any], edits: list[Edit]) -> Iterator[Identity]:
    values, seen = dict(dam), {identity_of(dam)}
    for edit in reversed(edits):
        values.update({field: old for field, old in edit.old.items() if field in IDENTITY_FIELDS})
        identity = identity_of(values)
        if identity not in seen:
            seen.add(identity)
            yield identity


def _undone(connection: Connection) -> set[int]:
    """Return the `seq` of undone imports, and those of their undoing."""
    query = select(ChangeRow.seq, ChangeRow.details).where(ChangeRow.kind == "ImportUndone")
    found = connection.execute(query).all()
    return {seq for seq, _ in found} | {details["undoes"] for _, details in found}


def _undone_at(connection: Connection) -> set[Any]:
    query = select(ChangeRow.at).where(ChangeRow.kind == "ImportUndone")
    return set(connection.execute(query).scalars())
