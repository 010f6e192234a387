"""What the map's HTML says: its legend, its description, and lists of dams."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from ...domain.messages import dams
from ...domain.palette import QUALITY, Coloring
from ...snapshot.elsewhere import Elsewhere
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ..components.escape import as_json
from .markers import places_of

MAX_CHOICES = 50
"""The maximum number of dams in the list of those at one place."""


def legend(
    coloring: Coloring,
    all_dams: Iterable[int],
    shown: Iterable[int],
    chosen: Collection[int] = (),
    done: int = 0,
) -> str:
    """Return the legend of a map as JSON.

    all_dams, shown: the number of dams in each category, without and with the filter. chosen: the
    codes of the categories that the filter lets through. done: the number of the last click that is
    answered. Categories without any dams are left out.
    """
    entries = [
        [code, category, color, f"{count:,}", code in chosen]
        for code, ((category, color), total, count) in enumerate(
            zip(coloring.colors.items(), all_dams, shown, strict=True)
        )
        if total and not coloring.is_plain
    ]
    return as_json({"label": coloring.label, "entries": entries, "done": done})


def remark(coloring: Coloring, *, is_raster: bool) -> str:
    """Say how a color is chosen where it stands for several dams or flags, or ""."""
    if coloring is QUALITY:
        return "Of several flags, the first in this list counts."
    if not is_raster or coloring.is_plain:
        return ""
    if not coloring.severe:
        return "A square has the color of most of its dams."
    least = f"1 in {round(1 / coloring.least)} of its dams is"
    return f"A square is {' or '.join(coloring.severe)} if {least}."


def about(snapshot: Snapshot, rows: Rows | None, selected: int | None) -> str:
    """Describe a map, for example "91,220 dams; 37 shown; selected HOOVER, Clark, Nevada"."""
    parts = [dams(len(snapshot))]
    if rows is not None:
        parts.append(f"{len(rows):,} shown")
    if (row := snapshot.row_of(selected)) is not None:
        parts.append(f"selected {described(snapshot, np.array([row], np.int32))[0]}")
    return "; ".join(parts)


def elsewhere(found: Elsewhere) -> str:
    """Say which dams the first view leaves out: "275 elsewhere: AK HI · 5 doubtful places"."""
    parts = []
    if found.number:
        states = f": {' '.join(found.states)}" if found.states else ""
        parts.append(f"{found.number:,} elsewhere{states}")
    if found.doubtful:
        parts.append(f"{found.doubtful:,} doubtful place{'' if found.doubtful == 1 else 's'}")
    return " · ".join(parts)


def choices(snapshot: Snapshot, rows: Rows, place: tuple[float, float]) -> str:
    """Return a list of the dams at a place, in Web Mercator meters, as JSON."""
    listed = rows[:MAX_CHOICES]
    more = len(rows) - len(listed)
    content: dict[str, Any] = {
        "label": f"{len(rows):,} dams at this place",
        "x": place[0],
        "y": place[1],
        "dams": list(zip(snapshot.ids(listed).tolist(), described(snapshot, listed), strict=True)),
        "more": f"and {more:,} more" if more else "",
    }
    return as_json(content)


def described(snapshot: Snapshot, rows: Rows) -> list[str]:
    """Return the name and the place of dams, for example "HOOVER, Clark, Nevada"."""
    named = zip(snapshot.names(rows), places_of(snapshot, rows), strict=True)
    return [", ".join(filter(None, one)) for one in named]
