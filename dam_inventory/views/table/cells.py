"""Cells: the texts of the table."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ...snapshot.sorting import BY_NAME, HYDROGRAPH
from ..components.escape import shown
from .columns import Columns

_PLACE = ("county", "state")


def lines(
    snapshot: Snapshot, rows: Rows, columns: Columns, chosen: Collection[int]
) -> list[list[Any]]:
    """Return for each row its id, whether it is chosen, its place, and its texts.

    The place tells apart dams with one name: those of county and state that are not columns.
    The text of the hydrograph is "Plot", or "" if there is none.
    """
    names = [column.name for column in columns]
    texts = [_texts(snapshot, name, rows) for name in names]
    hidden = [_texts(snapshot, name, rows) for name in _PLACE if name not in names]
    ids = snapshot.ids(rows).tolist()
    places = [", ".join(filter(None, parts)) for parts in zip(*hidden, strict=True)]
    return [
        [dam_id, dam_id in chosen, place, *cells]
        for dam_id, place, *cells in zip(ids, places or [""] * len(ids), *texts, strict=True)
    ]


def places(snapshot: Snapshot, rows: Rows) -> list[tuple[int, int] | None]:
    """Return where the dams are, in Web Mercator meters; None for a dam without a location."""
    x, y = (axis.tolist() for axis in snapshot.points(rows))
    return [
        None if math.isnan(one) else (round(one), round(other))
        for one, other in zip(x, y, strict=True)
    ]


def _texts(snapshot: Snapshot, name: str, rows: Rows) -> list[str]:
    if name == BY_NAME:
        return snapshot.names(rows)
    values = snapshot.column(name, rows)
    if name == HYDROGRAPH:
        return ["" if value is None else "Plot" for value in values]
    return [shown(name, value) for value in values]
