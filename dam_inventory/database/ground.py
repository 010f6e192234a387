"""The ground under a log: whether it is still the one that somebody has seen.

A database may be restored, replaced, emptied, or fail over to an older copy while processes and
pages know it. Then the log goes back, or other changes stand where known ones were.
"""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from sqlalchemy import Connection, func, select, update

from ..domain.mark import Ground, Mark
from ..errors import DatabaseMissing, InventoryReplaced
from .models import ChangeRow, DamRow, InventoryRow, possible

Newest = tuple[int, dt.datetime]
"""Number and moment of a change."""


def read(connection: Connection, seq: int | None = None) -> Ground:
    """Return what the inventory stands on at a change, the newest one unless `seq` says which.

    Raises DatabaseMissing while there are tables without an inventory, as in the middle of a
    restore.
    """
    found = newest(connection) if seq is None else _change(connection, seq)
    last_dam = connection.execute(select(func.max(DamRow.id))).scalar() or 0
    epoch = _epoch(connection)
    return Ground(epoch, Mark.of(epoch, *(found or (0, None))), last_dam)


def holds(connection: Connection, known: Ground) -> bool:
    """Return whether all that is known is still so, and only changes of the log may be new."""
    now = read(connection, known.mark.seq)
    if now.mark != known.mark or now.last_dam < known.last_dam:
        return False
    # Without a new change there can't be a new dam.
    return now.last_dam == known.last_dam or _last_seq(connection) > known.mark.seq


def newest(connection: Connection) -> Newest | None:
    """Return the newest change, or None before the first one."""
    query = select(ChangeRow.seq, ChangeRow.at).order_by(ChangeRow.seq.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return row and (row.seq, row.at)


def has(connection: Connection, seq: int, at: dt.datetime) -> bool:
    """Return whether the log has a change of this number that was made at this moment."""
    return _change(connection, seq) == (seq, at)


def check(connection: Connection, seen: Mark | int) -> int:
    """Return the `seq` of what somebody has seen.

    Raises InventoryReplaced when the log does not have it, or has something else there. A number
    alone only says that the log went so far.
    """
    mark = Mark(seen) if isinstance(seen, int) else seen
    if mark.token:
        is_known = read(connection, mark.seq).mark == mark
    else:
        is_known = possible(mark.seq) <= _last_seq(connection)
    if not is_known:
        raise InventoryReplaced(
            "The inventory was restored from a backup or replaced after this page was loaded. "
            "Nothing was changed. Look at the dam as it is now, and make your change again."
        )
    return mark.seq


def renew(connection: Connection, known: Ground) -> None:
    """Give the inventory a new epoch, unless that, or a restore, has done so already."""
    if _epoch(connection) == known.epoch and not holds(connection, known):
        new_epoch(connection)


def new_epoch(connection: Connection) -> None:
    """Say that what was known of this inventory holds no longer."""
    connection.execute(update(InventoryRow).values(epoch=uuid4().hex))


def _epoch(connection: Connection) -> str:
    epoch = connection.execute(select(InventoryRow.epoch)).scalar()
    if epoch is None:
        raise DatabaseMissing("The database holds no inventory at the moment.")
    return epoch


def _last_seq(connection: Connection) -> int:
    return (newest(connection) or (0,))[0]


def _change(connection: Connection, seq: int) -> Newest | None:
    query = select(ChangeRow.seq, ChangeRow.at).where(ChangeRow.seq == possible(seq))
    row = connection.execute(query).one_or_none()
    return row and (row.seq, row.at)
