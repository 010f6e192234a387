"""Reads the hydrographs of a dam, within a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, RowMapping, select

from ..domain.hydrograph import Hydrograph, HydrographHead
from ..errors import UnknownHydrograph
from .edits import present
from .models import HydrographPointRow, HydrographRow, possible

_HYDROGRAPHS = HydrographRow.__table__


def heads(connection: Connection, dam_id: int) -> list[HydrographHead]:
    """Return the hydrographs of a dam without their points: the first one, then by age."""
    first_id = present(connection, dam_id)["hydrograph_id"]
    query = select(_HYDROGRAPHS).where(*present_of(dam_id)).order_by(HydrographRow.id)
    found = [
        HydrographHead(
            row["id"], row["name"], row["note"], row["id"] == first_id,
            row["assigned_by"], row["assigned_at"],
        )
        for row in connection.execute(query).mappings()
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.is_first)


def read(
    connection: Connection, dam_id: int, hydrograph_id: int | None = None
) -> Hydrograph | None:
    """Return a hydrograph of a dam: the first without an id; None when it has none."""
    dam = present(connection, dam_id)
    hydrograph_id = hydrograph_id or dam["hydrograph_id"]
    if hydrograph_id is None:
        return None
    row = row_of(connection, dam_id, hydrograph_id)
    query = (
        select(HydrographPointRow.time, HydrographPointRow.flow)
        .where(HydrographPointRow.hydrograph_id == hydrograph_id)
        .order_by(HydrographPointRow.time)
    )
    # In pieces: the driver holds the interpreter lock (GIL) while it fetches.
    pieces = [
        np.array(rows, dtype=np.float64) for rows in connection.execute(query).partitions(5000)
    ]
    time, flow = np.concatenate(pieces).T
    return Hydrograph(time, flow, start_of(row), row["name"], row["note"])


def start_of(row: Mapping[Any, Any]) -> dt.datetime | None:
    """Return when a stored hydrograph starts, with its offset from UTC if that is known."""
    start: dt.datetime | None = row["start"]
    minutes: int | None = row["utc_offset_minutes"]
    if start is None or minutes is None:
        return start and start.replace(tzinfo=None)
    return start.astimezone(dt.timezone(dt.timedelta(minutes=minutes)))


def present_of(dam_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the hydrographs that a dam has."""
    return HydrographRow.dam_id == dam_id, HydrographRow.removed_at.is_(None)


def row_of(connection: Connection, dam_id: int, hydrograph_id: int) -> RowMapping:
    """Return the row of a hydrograph that a dam has. Raises UnknownHydrograph."""
    query = select(_HYDROGRAPHS).where(
        HydrographRow.id == possible(hydrograph_id), *present_of(dam_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UnknownHydrograph("This hydrograph was removed or replaced in the meantime.")
    return row
