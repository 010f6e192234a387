"""Assigns, edits and removes the hydrographs of a dam, within a transaction of a writer."""

from __future__ import annotations

import datetime as dt
import math

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from ..domain.changes import HydrographAssigned, HydrographEdited, HydrographRemoved
from ..domain.hydrograph import MAX_NOTE, MAX_PER_DAM, Hydrograph, checked_name
from ..domain.permissions import User
from ..errors import DamInventoryError, HydrographExists, UnknownHydrograph
from . import change_log
from .edits import name_of, present
from .hydrograph_reading import heads, present_of, row_of
from .models import DamRow, HydrographPointRow, HydrographRow
from .transactions import inserted_id

_INSERT_POINT = insert(HydrographPointRow)


def assign(
    connection: Connection,
    dam_id: int,
    hydrograph: Hydrograph,
    replaces: int | None,
    beside: bool,
    by: User,
    now: dt.datetime,
) -> HydrographAssigned:
    """Assign a hydrograph to a dam: as its first, beside others, or in place of `replaces`.

    A user who may add or edit dams may assign one to any dam, beside those that it has. Only its
    author, the author of the dam, and users who may edit any dam may replace one.
    """
    dam = present(connection, dam_id)
    dam_name, first_id = name_of(dam), dam["hydrograph_id"]
    if not by.may_assign:
        raise by.denied(f'assign a hydrograph to "{dam_name}"')
    name = checked_name(hydrograph.name)
    replaced = None
    if replaces is not None and first_id is not None:
        replaced = _to_replace(connection, dam, replaces, by)
    elif first_id is not None and not beside:
        raise _exists(row_of(connection, dam_id, first_id), dam, by)
    if replaced is None:
        expect_room(connection, dam)
    offset = None if hydrograph.start is None else hydrograph.start.utcoffset()
    start = hydrograph.start
    if start is not None and offset is None:
        start = start.replace(tzinfo=dt.UTC)
    row = {
        "dam_id": dam_id,
        "name": name,
        "start": start,
        "utc_offset_minutes": None if offset is None else round(offset.total_seconds() / 60),
        "note": hydrograph.note[:MAX_NOTE],
        "assigned_by": by.name,
        "assigned_at": now,
    }
    new_id = inserted_id(connection.execute(insert(HydrographRow), row))
    connection.execute(_INSERT_POINT, _points(new_id, hydrograph))
    if first_id is None or first_id == replaces:
        show_first(connection, dam_id, new_id)
    if replaced is not None:
        connection.execute(delete(HydrographRow).where(HydrographRow.id == replaced["id"]))
    return change_log.record(
        connection,
        HydrographAssigned,
        now,
        by.name,
        dam_id=dam_id,
        dam_name=dam_name,
        points=len(hydrograph.time),
        peak_flow=hydrograph.peak_flow,
        replaced=replaced is not None,
        hydrograph_name=name,
        beside=first_id is not None and replaced is None,
    )


def edit(
    connection: Connection,
    dam_id: int,
    hydrograph_id: int,
    name: str | None,
    is_first: bool,
    by: User,
    now: dt.datetime,
) -> HydrographEdited | None:
    """Rename a hydrograph of a dam, or show it first; return None if that changes nothing."""
    dam = present(connection, dam_id)
    row = row_of(connection, dam_id, hydrograph_id)
    new_name = row["name"] if name is None else checked_name(name)
    is_chosen = is_first and dam["hydrograph_id"] != hydrograph_id
    if is_chosen:
        # Whoever may replace the one that is shown may show another one.
        _to_replace(connection, dam, dam["hydrograph_id"], by, "choose the hydrograph of")
    if new_name != row["name"]:
        require(by, dam, row, "rename a hydrograph of")
    elif not is_chosen:
        return None
    connection.execute(
        update(HydrographRow).where(HydrographRow.id == hydrograph_id).values(name=new_name)
    )
    if is_chosen:
        show_first(connection, dam_id, hydrograph_id)
    return change_log.record(
        connection,
        HydrographEdited,
        now,
        by.name,
        dam_id=dam_id,
        dam_name=name_of(dam),
        hydrograph_name=new_name,
        old_name=row["name"] if new_name != row["name"] else "",
    )


def remove(
    connection: Connection,
    dam_id: int,
    hydrograph_id: int,
    by: User,
    now: dt.datetime,
    undoes: int | None = None,
) -> HydrographRemoved:
    """Mark a hydrograph as removed. The oldest of the others is shown first then.

    Its row and its points stay, so that the removal can be undone: those of the last MAX_PER_DAM
    that were removed.
    """
    dam = present(connection, dam_id)
    row = row_of(connection, dam_id, hydrograph_id)
    require(by, dam, row, "remove a hydrograph of")
    connection.execute(
        update(HydrographRow).where(HydrographRow.id == hydrograph_id).values(removed_at=now)
    )
    too_old = (
        select(HydrographRow.id)
        .where(HydrographRow.dam_id == dam_id, HydrographRow.removed_at.is_not(None))
        .order_by(HydrographRow.removed_at.desc(), HydrographRow.id.desc())
        .offset(MAX_PER_DAM)
    )
    connection.execute(
        delete(HydrographRow).where(HydrographRow.id.in_(connection.scalars(too_old).all()))
    )
    was_first = dam["hydrograph_id"] == hydrograph_id
    if was_first:
        query = select(func.min(HydrographRow.id)).where(*present_of(dam_id))
        show_first(connection, dam_id, connection.execute(query).scalar())
    return change_log.record(
        connection,
        HydrographRemoved,
        now,
        by.name,
        dam_id=dam_id,
        dam_name=name_of(dam),
        hydrograph_name=row["name"],
        was_first=was_first,
        undoes=undoes,
    )


def _to_replace(
    connection: Connection,
    dam: RowMapping,
    hydrograph_id: int,
    by: User,
    what: str = "replace the hydrograph of",
) -> RowMapping:
    """Return the hydrograph that a user wants to replace, after checking that they may."""
    try:
        row = row_of(connection, dam["id"], hydrograph_id)
    except UnknownHydrograph:
        # Another user has replaced it: ask about the one that is there now.
        raise _exists(row_of(connection, dam["id"], dam["hydrograph_id"]), dam, by) from None
    require(by, dam, row, what)
    return row


def _exists(row: RowMapping, dam: RowMapping, by: User) -> HydrographExists:
    who = f" by {row['assigned_by']}" if row["assigned_by"] else ""
    may_replace = by.may_change(dam["added_by"]) or by.may_change(row["assigned_by"])
    question = (
        "Replace it? Or add this one beside it?" if may_replace else "Add this one beside it?"
    )
    return HydrographExists(
        f'"{name_of(dam)}" already has a hydrograph, assigned{who} on '
        f"{row['assigned_at']:%Y-%m-%d}. {question}",
        row["id"],
        may_replace,
    )


def expect_room(connection: Connection, dam: RowMapping) -> None:
    """Raise DamInventoryError if a dam can't have one more hydrograph."""
    if len(heads(connection, dam["id"])) >= MAX_PER_DAM:
        raise DamInventoryError(
            f'"{name_of(dam)}" has {MAX_PER_DAM} hydrographs, and that is the maximum. Replace or '
            "remove one."
        )


def require(by: User, dam: RowMapping, row: RowMapping, what: str) -> None:
    """Raise PermissionDenied unless a user may change a hydrograph; `what` says what they want."""
    if not (by.may_change(dam["added_by"]) or by.may_change(row["assigned_by"])):
        raise by.denied(f'{what} "{name_of(dam)}"')


def show_first(connection: Connection, dam_id: int, hydrograph_id: int | None) -> None:
    """Show a hydrograph of a dam first; None if it has none."""
    connection.execute(
        update(DamRow).where(DamRow.id == dam_id).values(hydrograph_id=hydrograph_id)
    )


def _points(hydrograph_id: int, hydrograph: Hydrograph) -> list[dict[str, float | None]]:
    pairs = zip(hydrograph.time.tolist(), hydrograph.flow.tolist(), strict=True)
    return [
        {"hydrograph_id": hydrograph_id, "time": t, "flow": None if math.isnan(q) else q}
        for t, q in pairs
    ]
