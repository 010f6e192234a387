"""Assigns and reads the hydrograph of a dam, within a transaction."""

from __future__ import annotations

import datetime as dt

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from ..domain.changes import HydrographAssigned
from ..domain.hydrograph import Hydrograph
from ..domain.permissions import User
from ..errors import HydrographExists
from . import change_log
from .edits import name_of, present
from .models import DamRow, HydrographPointRow
from .models import HydrographRow as HydrographRow
from .transactions import inserted_id

_INSERT_POINT = insert(HydrographPointRow)


def assign(
    connection: Connection,
    dam_id: int,
    hydrograph: Hydrograph,
    replaces: int | None,
    by: User,
    now: dt.datetime,
) -> HydrographAssigned:
    """Assign a hydrograph to a dam, in place of the one with the id `replaces`.

    A user who may add or edit dams may assign one to any dam that has none. Only its author, the
    author of the dam, and users who may edit any dam may replace one.
    """
    dam = present(connection, dam_id)
    name, old_id = name_of(dam), dam["hydrograph_id"]
    if not by.may_assign:
        raise by.denied(f'assign a hydrograph to "{name}"')
    if old_id is not None:
        old = (
            connection.execute(select(HydrographRow.__table__).where(HydrographRow.id == old_id))
            .mappings()
            .one()
        )
        if not (by.may_change(dam["added_by"]) or by.may_change(old["assigned_by"])):
            raise by.denied(f'replace the hydrograph of "{name}"')
        if replaces != old_id:
            who = f" by {old['assigned_by']}" if old["assigned_by"] else ""
            raise HydrographExists(
                f'"{name}" already has a hydrograph, assigned{who} on '
                f"{old['assigned_at']:%Y-%m-%d}. Replace it?",
                old_id,
            )
    row = {"assigned_by": by.name, "assigned_at": now}
    new_id = inserted_id(connection.execute(insert(HydrographRow), row))
    connection.execute(_INSERT_POINT, _points(new_id, hydrograph))
    connection.execute(update(DamRow).where(DamRow.id == dam_id).values(hydrograph_id=new_id))
    if old_id is not None:
        connection.execute(delete(HydrographRow).where(HydrographRow.id == old_id))
    return change_log.record(
        connection,
        HydrographAssigned,
        now,
        by.name,
        dam_id=dam_id,
        dam_name=name,
        points=len(hydrograph.time),
        peak_flow=hydrograph.peak_flow,
        replaced=old_id is not None,
    )


def read(connection: Connection, dam_id: int) -> Hydrograph | None:
    """Return the hydrograph of a dam, or None when it has none."""
    hydrograph_id = present(connection, dam_id)["hydrograph_id"]
    if hydrograph_id is None:
        return None
    query = (
        select(HydrographPointRow.time, HydrographPointRow.flow)
        .where(HydrographPointRow.hydrograph_id == hydrograph_id)
        .order_by(HydrographPointRow.time)
    )
    # In pieces: the driver holds the interpreter lock (GIL) while it fetches.
    pieces = [np.array(rows) for rows in connection.execute(query).partitions(5000)]
    time, flow = np.concatenate(pieces).T
    return Hydrograph(time, flow)


def _points(hydrograph_id: int, hydrograph: Hydrograph) -> list[dict[str, float]]:
    pairs = zip(hydrograph.time.tolist(), hydrograph.flow.tolist(), strict=True)
    return [{"hydrograph_id": hydrograph_id, "time": t, "flow": q} for t, q in pairs]
