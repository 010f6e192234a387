"""Folds: what the rail shows of each facet and range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.fields import FIELD
from ...snapshot.criteria import ONLY_UNKNOWN, UNKNOWN, Range
from ...snapshot.folding import fold
from ...snapshot.ranges import EDGES
from .wording import value_label

MAX_SHORT = 15
"""A facet with more values shows the most frequent ones, and a field to find others."""

MAX_TOP = 8
MAX_FOUND = 40
"""So many values of a long facet are shown at first, and after a search in it."""


def facet(
    name: str, counts: Mapping[str, int], chosen: tuple[str, ...], sought: str
) -> dict[str, Any]:
    """Return the options of a facet. counts: by value. sought: a folded part of the values."""
    known = {value: counts.get(value, 0) for value in (*counts, *chosen) if value != UNKNOWN}
    is_long = len(known) > MAX_SHORT
    sought = sought if is_long else ""
    if is_long:
        values, hidden = _top(known, chosen, sought)
    else:
        values, hidden = _in_order(name, [*known]), 0
    options = [option(one, one, known[one], one in chosen) for one in values]
    if not sought or UNKNOWN in chosen:
        unknown = (value_label(UNKNOWN), counts.get(UNKNOWN, 0))
        options.append(option(UNKNOWN, *unknown, UNKNOWN in chosen))
    return {
        "options": options,
        "chosen": len(chosen),
        "known": len(known) if is_long else 0,
        "hidden": hidden,
    }


def option(value: str, label: str, count: int | None, is_chosen: bool) -> list[Any]:
    """Return a checkbox: the value that it stands for, its text, the number of dams, its state."""
    return [value, label, count, is_chosen]


def _in_order(facet: str, values: list[str]) -> list[str]:
    """Return values in the order of the field, and others by letters."""
    order = {value: number for number, value in enumerate(FIELD[facet].categories)}
    return sorted(values, key=lambda value: (order.get(value, len(order)), value))


def _top(known: dict[str, int], chosen: tuple[str, ...], sought: str) -> tuple[list[str], int]:
    """Return the chosen and the most frequent values that are sought, and how many are left out."""
    fitting = [value for value in known if not sought or sought in fold(value)]
    first = sorted(
        (value for value in fitting if known[value] or sought),
        key=lambda value: (not fold(value).startswith(sought), -known[value], value),
    )
    shown = first[: MAX_FOUND if sought else MAX_TOP]
    others = sorted(value for value in chosen if value != UNKNOWN and value not in shown)
    return [*others, *shown], len(first) - len(shown)


def histogram(field: str, bins: tuple[int, ...], wanted: Range | None) -> dict[str, Any]:
    """Return a histogram with its handles. bins: see `Counts`."""
    low, high = ends(EDGES[field], wanted)
    return {
        "bins": bins[1:],
        "unknown": bins[0],
        "low": low,
        "high": high,
        "is_unknown_too": wanted is not None and wanted.is_unknown_too,
        "chosen": int(wanted is not None),
    }


def ends(between: Sequence[float], wanted: Range | None) -> tuple[int, int]:
    """Return the edges of bins at the ends of a range, numbered from the open lower end."""
    edges = (-math.inf, *between, math.inf)
    if wanted is None or wanted == ONLY_UNKNOWN:
        return 0, len(edges) - 1
    # A link may name ends between the edges: these are then beside them.
    low = max(number for number, edge in enumerate(edges[:-1]) if edge <= wanted.low)
    high = min(number for number, edge in enumerate(edges) if edge >= wanted.high)
    return low, max(high, low + 1)
