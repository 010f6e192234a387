"""Cells: the texts of the table."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...domain.units import US, Units
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ...snapshot.sorting import BY_NAME, HYDROGRAPH
from ..components.escape import shown
from .columns import Columns

_PLACE = ("county", "state")


def lines(
    snapshot: Snapshot,
    rows: Rows,
    columns: Columns,
    chosen: Collection[int],
    units: Units = US,
) -> list[list[Any]]:
    """Return for each row its id, whether it is chosen, its place, and its texts.

    The place tells apart dams with one name: those of county and state that are not columns.
    The text of the hydrograph is "Plot", or "" if there is none.
    """
    names = [column.name for column in columns]
    read = list(dict.fromkeys((*names, *_PLACE)))
    values = dict(zip(read, snapshot.columns(read, rows), strict=True))
    found = {name: [_text(name, value, units) for value in values[name]] for name in read}
    found[BY_NAME] = snapshot.names(rows)
    texts = [found[name] for name in names]
    hidden = [found[name] for name in _PLACE if name not in names]
    ids = snapshot.ids(rows).tolist()
    places = [", ".join(filter(None, parts)) for parts in zip(*hidden, strict=True)]
    return [
        [dam_id, dam_id in chosen, place, *cells]
        for dam_id, place, *cells in zip(ids, places or [""] * len(ids), *texts, strict=True)
    ]


def _text(name: str, value: Any, units: Units) -> str:
    if name == HYDROGRAPH:
        return "" if value is None else "Plot"
    return shown(name, value, units)
