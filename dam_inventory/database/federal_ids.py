"""Keeps federal IDs unique among the dams of the inventory, within a transaction of a writer."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from ..domain.identity import key
from ..errors import CannotUndo, InvalidDam
from ..snapshot.naming import displayed_name
from .models import DamRow
from .spool import chunks


def check(connection: Connection, federal_id: object, dam_id: int | None = None) -> None:
    """Raise InvalidDam if another dam than `dam_id` has a federal ID."""
    wanted = {-1 if dam_id is None else dam_id: federal_id}
    if found := _holder(connection, wanted):
        raise InvalidDam(
            {"federal_id": f'Federal ID {federal_id} already belongs to the dam "{found}".'}
        )


def check_again(connection: Connection, wanted: Mapping[int, object], what: str) -> None:
    """Raise CannotUndo if other dams have the federal IDs that some dams would get back.

    wanted: federal IDs by the id of the dam. what: the subject of the sentence.
    """
    if found := _holder(connection, wanted):
        raise CannotUndo(
            f'{what} can\'t be undone, because the dam "{found}" has the same federal ID now.'
        )


def _holder(connection: Connection, wanted: Mapping[int, object]) -> str:
    """Return the name of another dam that has one of the federal IDs, "" if none has."""
    owners = {key(str(one)): dam_id for dam_id, one in wanted.items() if one and key(str(one))}
    if not owners:
        return ""
    plain = func.replace(func.upper(DamRow.federal_id), " ", "")
    query = select(DamRow.id, DamRow.federal_id, DamRow.dam_name, DamRow.nid_id).where(
        DamRow.removed_at.is_(None)
    )
    for some in chunks(owners):
        for dam_id, federal_id, name, nid_id in connection.execute(query.where(plain.in_(some))):
            # A dam that gets another one itself frees its own.
            if dam_id not in wanted and key(federal_id) in owners:
                return displayed_name(name, nid_id, federal_id)
    return ""
