"""Checks whether the log is still the one that a process or a page has seen (its ground).

While processes and pages are open, a database may be restored, replaced, emptied, or fail over
to an older copy. Then the log is shorter, or holds other changes under known numbers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, update

from ..domain.mark import Ground, Mark
from ..errors import DatabaseMissing, InventoryReplaced
from .models import ChangeRow, DamRow, InventoryRow, possible

Newest = tuple[int, dt.datetime]
"""The `seq` and the time of a change."""

_NO_INVENTORY = "The database contains no inventory at the moment."

_NEWEST = select(ChangeRow.seq, ChangeRow.at).order_by(ChangeRow.seq.desc()).limit(1)
_CHANGE = select(ChangeRow.seq, ChangeRow.at).where(ChangeRow.seq == bindparam("seq"))


def _grounds(seq: ColumnElement[int]) -> Select[Any]:
    """Ask for all parts of a ground at once: between a commit and its toasts that is done twice."""
    last_dam = select(func.max(DamRow.id)).scalar_subquery().label("last_dam")
    parts = select(InventoryRow.epoch, last_dam, ChangeRow.seq, ChangeRow.at)
    return parts.outerjoin_from(InventoryRow, ChangeRow, ChangeRow.seq == seq)


_AT_NEWEST = _grounds(select(func.max(ChangeRow.seq)).scalar_subquery())
_AT_CHANGE = _grounds(bindparam("seq", type_=ChangeRow.seq.type))


def read(connection: Connection, seq: int | None = None) -> Ground:
    """Return the ground at the newest change, or at the change with this `seq`.

    Raises DatabaseMissing if the tables hold no inventory, for example during a restore.
    """
    if seq is None:
        row = connection.execute(_AT_NEWEST).first()
    else:
        row = connection.execute(_AT_CHANGE, {"seq": possible(seq)}).first()
    if row is None:
        raise DatabaseMissing(_NO_INVENTORY)
    return Ground(row.epoch, Mark.of(row.epoch, row.seq or 0, row.at), row.last_dam or 0)


def holds(connection: Connection, known: Ground) -> bool:
    """Return whether the log still contains what is known; it may have grown."""
    now = read(connection, known.mark.seq)
    if now.mark != known.mark or now.last_dam < known.last_dam:
        return False
    # A new dam without a new change means that the tables were replaced.
    return now.last_dam == known.last_dam or last_seq(connection) > known.mark.seq


def newest(connection: Connection) -> Newest | None:
    """Return the newest change, or None if the log is empty."""
    row = connection.execute(_NEWEST).one_or_none()
    return row and (row.seq, row.at)


def has(connection: Connection, seq: int, at: dt.datetime) -> bool:
    """Return whether the log has a change with this `seq` and this time."""
    return _change(connection, seq) == (seq, at)


def check(connection: Connection, seen: Mark | int) -> int:
    """Return the `seq` that a user has seen.

    Raises InventoryReplaced when the log does not contain it, or has another change there.
    A number without a token only shows that the log was at least that long.
    """
    mark = Mark(seen) if isinstance(seen, int) else seen
    if mark.token:
        is_known = read(connection, mark.seq).mark == mark
    else:
        is_known = possible(mark.seq) <= last_seq(connection)
    if not is_known:
        raise InventoryReplaced(
            "The inventory was restored from a backup or replaced after this page was loaded. "
            "Nothing was saved. Check the current values of the dam, then make your change again."
        )
    return mark.seq


def renew(connection: Connection, known: Ground) -> None:
    """Give a replaced inventory a new epoch, unless a process or a restore already has."""
    if _epoch(connection) == known.epoch and not holds(connection, known):
        new_epoch(connection)


def new_epoch(connection: Connection) -> None:
    """Give the inventory a new epoch: what processes and pages know of it is no longer valid."""
    connection.execute(update(InventoryRow).values(epoch=uuid4().hex))


def _epoch(connection: Connection) -> str:
    epoch = connection.execute(select(InventoryRow.epoch)).scalar()
    if epoch is None:
        raise DatabaseMissing(_NO_INVENTORY)
    return epoch


def last_seq(connection: Connection) -> int:
    """Return the `seq` of the newest change, 0 for an empty log."""
    return (newest(connection) or (0,))[0]


def _change(connection: Connection, seq: int) -> Newest | None:
    row = connection.execute(_CHANGE, {"seq": possible(seq)}).one_or_none()
    return row and (row.seq, row.at)
