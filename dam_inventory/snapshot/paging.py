"""Paging: parts of the dams of an overlay in the order of a column."""

from __future__ import annotations

import numpy as np

from .order import Order, Rows
from .overlay import Overlay


def page(dams: Overlay, column: str, descending: bool, rows: Rows | None, part: slice) -> Rows:
    """Return a part of the rows in the order of a column; see `Snapshot.page`."""
    known, unknown = _order(dams, column, rows)
    end = known.size
    if descending:
        found = known.part(end - part.stop, end - part.start)[::-1]
    else:
        found = known.part(part.start, part.stop)
    return np.concatenate([found, unknown.part(part.start - end, part.stop - end)])


def place(dams: Overlay, row: int, column: str, descending: bool) -> int | None:
    """Return the index of a row in the order of `page`, or None if it is gone."""
    known, unknown = _order(dams, column, None)
    if (index := known.place(row)) is not None:
        return known.size - 1 - index if descending else index
    return None if (index := unknown.place(row)) is None else known.size + index


def _order(dams: Overlay, column: str, rows: Rows | None) -> tuple[Order, Order]:
    """Return the rows with a value, sorted, and those without one."""
    known, unknown = dams.order(column)
    if rows is None:
        return known, unknown
    is_wanted = np.zeros(len(dams.base) + len(dams.tail), bool)
    is_wanted[rows] = True
    return known.among(is_wanted), unknown.among(is_wanted)
