"""Cells: the texts of the table."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from ...domain.units import US, Units
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ...snapshot.sorting import BY_NAME, HYDROGRAPH
from ..components.escape import shown
from .columns import HAZARD, Columns

_PLACE = ("county", "state")
_HEIGHT = "nid_height_ft"
_FACTS = (*_PLACE, "date_built", _HEIGHT)
_BRIEF = (*_FACTS, HAZARD)


def lines(
    snapshot: Snapshot,
    rows: Rows,
    columns: Columns,
    chosen: Collection[int],
    units: Units = US,
) -> list[list[Any]]:
    """Return for each row its id, whether it is chosen, its place, and its texts.

    The place tells apart dams with one name: those of county and state that are not columns.
    The text of the hydrograph is "Plot", or "" if there is none. Last comes what is told of the
    dam where there is no room for columns: its hazard potential, and a line of facts.
    """
    names = [column.name for column in columns]
    read = list(dict.fromkeys((*names, *_BRIEF)))
    values = dict(zip(read, snapshot.columns(read, rows), strict=True))
    found = {name: [_text(name, value, units) for value in values[name]] for name in read}
    found[BY_NAME] = snapshot.names(rows)
    texts = [found[name] for name in names]
    hidden = [found[name] for name in _PLACE if name not in names]
    ids = snapshot.ids(rows).tolist()
    where = [", ".join(filter(None, parts)) for parts in zip(*hidden, strict=True)]
    unit = units.fields[_HEIGHT].unit
    found[_HEIGHT] = [f"{text} {unit}" if text else "" for text in found[_HEIGHT]]
    found["date_built"] = [(value or "")[:4] for value in values["date_built"]]
    lines = [_line(*facts) for facts in zip(*(found[name] for name in _FACTS), strict=True)]
    briefs = zip(found[HAZARD], lines, strict=True)
    return [
        [dam_id, dam_id in chosen, place, *cells, [*brief]]
        for dam_id, place, brief, *cells in zip(
            ids, where or [""] * len(ids), briefs, *texts, strict=True
        )
    ]


def places(snapshot: Snapshot, rows: Rows) -> list[tuple[int, int] | None]:
    """Return where the dams are, in Web Mercator meters; None for a dam without a location."""
    x, y = (axis.tolist() for axis in snapshot.points(rows))
    return [
        None if math.isnan(one) else (round(one), round(other))
        for one, other in zip(x, y, strict=True)
    ]


def _line(county: str, state: str, year: str, height: str) -> str:
    """Return for example "Clark, Nevada · 1935 · 730 ft"."""
    place = ", ".join(filter(None, (county, state)))
    return " \N{MIDDLE DOT} ".join(filter(None, (place, year, height)))


def _text(name: str, value: Any, units: Units) -> str:
    if name == HYDROGRAPH:
        return "" if value is None else "Plot"
    return shown(name, value, units)
