"""Crossed: what the charts of two fields draw: a matrix of two facets, a raster of two ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ...domain.fields import FIELD
from ...domain.units import Units
from ...snapshot.charts import CONDITIONS, HEIGHT_EDGES, STORAGE_EDGES, Charts
from ...snapshot.criteria import UNKNOWN, Criteria
from ...snapshot.ranges import EDGES
from ..filters.wording import value_label
from .single import sorted_values

SCALES: Mapping[str, tuple[float, ...]] = {
    **EDGES,
    "nid_storage_acre_ft": STORAGE_EDGES,
    "nid_height_ft": HEIGHT_EDGES,
}
"""The edges between the bins or cells of each range that a chart shows."""

MOST_IN_MATRIX = 12

_COARSE = {
    "nid_storage_acre_ft": (10, 100, 1e3, 1e4, 1e5, 1e6),
    "nid_height_ft": (10, 22, 47, 100, 220),
}
"""The edges between the rows and columns of the table that is read instead of the raster."""

_SHORT = {"Significant": "Signif.", "Undetermined": "Undet.", "Unknown": "Unkn."}

Table = list[list[str | int]]
"""The texts of its heads, then those of each row."""


def matrix(charts: Charts, criteria: Criteria) -> tuple[int, dict[str, Any]]:
    facets = CONDITIONS["hazard_by_condition"]
    pairs = charts.hazard_by_condition
    wanted = dict(criteria.facets)
    sums: list[dict[str, int]] = [{}, {}]
    for pair, count in pairs.items():
        for one, value in zip(sums, pair, strict=True):
            one[value] = one.get(value, 0) + count
    columns, rows = (
        _ranked(facet, one, wanted.get(facet, ())) for facet, one in zip(facets, sums, strict=True)
    )
    numbers: Table = [[pairs.get((column, row), 0) for column in columns] for row in rows]
    known = sum(count for pair, count in pairs.items() if pair != (UNKNOWN, UNKNOWN))
    table: Table = [
        [FIELD[facets[1]].label, *map(value_label, columns)],
        *([value_label(row), *line] for row, line in zip(rows, numbers, strict=True)),
    ]
    heads = [
        [
            (
                one,
                value_label(one),
                _SHORT.get(value_label(one), value_label(one)),
                some.get(one, 0),
            )
            for one in of
        ]
        for of, some in zip((columns, rows), sums, strict=True)
    ]
    return known, {
        "kind": "matrix", "facets": facets, "columns": heads[0], "rows": heads[1],
        "counts": numbers, "table": table,
    }  # fmt: skip


def _ranked(facet: str, counts: Mapping[str, int], wanted: Sequence[str]) -> list[str]:
    """Return the values of a facet in its order, others after them, UNKNOWN last."""
    order = {value: place for place, value in enumerate(FIELD[facet].categories)}
    most = [one for one, count in sorted_values(counts, wanted) if count or one in wanted]
    few = [one for place, one in enumerate(most) if place < MOST_IN_MATRIX or one == UNKNOWN]
    return sorted(few, key=lambda one: (one == UNKNOWN, order.get(one, len(order)), one))


def cells(charts: Charts, units: Units) -> tuple[int, dict[str, Any]]:
    known = charts.storage_by_height[1:, 1:]
    columns, rows = np.nonzero(known)
    axes = [_axis(field, units) for field in CONDITIONS["storage_by_height"]]
    found = zip(columns.tolist(), rows.tolist(), known[columns, rows].tolist(), strict=True)
    return int(known.sum()), {
        "kind": "cells", "x": axes[0], "y": axes[1], "cells": [*found],
        "caption": f"{axes[0]['label']} down, {axes[1]['label']} across",
        "table": _coarse(charts, units),
    }  # fmt: skip


def _axis(field: str, units: Units) -> dict[str, Any]:
    """Return an axis. ticks: places, in cells from the lower end, and their texts."""
    edges, unit = SCALES[field], FIELD[field].unit
    powers = [10.0**power for power in range(9)]
    places = [(units.stored(unit, one), one) for one in powers]
    inside = [(value, one) for value, one in places if edges[0] <= value <= edges[-1]]
    logs = np.log(edges)
    ticks = [
        (1 + float(np.interp(math.log(value), logs, np.arange(len(edges)))), _power(one))
        for value, one in inside
    ]
    return {
        "field": field,
        "label": units.labels[field],
        "ends": ["", *(units.measure(unit, edge) for edge in edges), ""],
        "ticks": ticks,
    }


def _power(number: float) -> str:
    if number >= 1e6:
        return f"{number / 1e6:.0f}M"
    return f"{number / 1e3:.0f}K" if number >= 1e4 else f"{number:,.0f}"


def _coarse(charts: Charts, units: Units) -> Table:
    """Return storage by height in few rows and columns, to be read."""
    storage, height = CONDITIONS["storage_by_height"]
    across, down = ([SCALES[one].index(edge) for edge in _COARSE[one]] for one in _COARSE)
    columns = np.add.reduceat(charts.storage_by_height, [0, 1, *(one + 2 for one in down)], axis=1)
    numbers = np.add.reduceat(columns, [0, 1, *(one + 2 for one in across)], axis=0)
    heads = _intervals(height, [HEIGHT_EDGES[one] for one in down], units)
    names = _intervals(storage, [STORAGE_EDGES[one] for one in across], units)
    unknown = value_label(UNKNOWN)
    lines = [[*line[1:], line[0]] for line in numbers.tolist()]
    return [
        ["Storage", *heads, unknown],
        *(
            [name, *line]
            for name, line in zip((*names, unknown), [*lines[1:], lines[0]], strict=True)
        ),
    ]


def _intervals(field: str, edges: Sequence[float], units: Units) -> list[str]:
    unit = FIELD[field].unit
    texts = [units.text(unit, edge) for edge in edges]
    inner = [f"{low} to {high}" for low, high in pairwise(texts)]
    return [f"Under {texts[0]}", *inner, f"{texts[-1]} or more"]
