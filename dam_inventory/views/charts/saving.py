"""Saving: the numbers of a chart as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from itertools import pairwise

from ...domain.fields import FIELD
from ...domain.units import Units
from ...formats.spreadsheets import safe
from ...snapshot.charts import CONDITIONS, Charts
from ...snapshot.criteria import UNKNOWN
from ...snapshot.facets import Counts
from ..filters.wording import RANGE_LABELS, value_label
from .crossed import SCALES
from .single import bin_labels, sorted_values

_DAMS = "Dams"

Line = list[str | int]


def as_csv(name: str, counts: Counts, charts: Charts, units: Units) -> str:
    """Return the numbers of a chart: one line for each value, unknown ones, too; then the dams.

    name: one of CONDITIONS. units: those of the numbers and headings.
    """
    if name == "storage_by_height":
        lines = _cells(charts, units)
    elif name == "hazard_by_condition":
        lines = _pairs(charts)
    elif name in SCALES:
        lines = _bins(name, counts)
    else:
        lines = _values(name, counts)
    file = io.StringIO()
    csv.writer(file).writerows(
        [safe(one) if isinstance(one, str) else one for one in line] for line in lines
    )
    return file.getvalue()


def _values(facet: str, counts: Counts) -> Iterator[Line]:
    yield [FIELD[facet].label, _DAMS]
    for value, count in sorted_values(counts.facets[facet]):
        yield [value_label(value), count]


def _bins(field: str, counts: Counts) -> Iterator[Line]:
    unknown, *bins = counts.bins[field]
    yield [RANGE_LABELS[field], _DAMS]
    for (label, _), count in zip(bin_labels(field), bins, strict=True):
        yield [label, count]
    yield [value_label(UNKNOWN), unknown]


def _pairs(charts: Charts) -> Iterator[Line]:
    yield [*(FIELD[facet].label for facet in CONDITIONS["hazard_by_condition"]), _DAMS]
    for pair, count in sorted(charts.hazard_by_condition.items(), key=lambda one: -one[1]):
        yield [*map(value_label, pair), count]


def _cells(charts: Charts, units: Units) -> Iterator[Line]:
    fields = CONDITIONS["storage_by_height"]
    yield [
        *(f"{units.labels[field]} {end}" for field in fields for end in ("from", "below")),
        _DAMS,
    ]
    ends = [_ends(field, units) for field in fields]
    for storage, line in zip(ends[0], charts.storage_by_height.tolist(), strict=True):
        for height, count in zip(ends[1], line, strict=True):
            if count:
                yield [*storage, *height, count]


def _ends(field: str, units: Units) -> list[tuple[str, str]]:
    """Return the lower and the upper end of each cell, "" for an open one; the unknown first."""
    edges, unit = (-math.inf, *SCALES[field], math.inf), FIELD[field].unit
    texts = ["" if math.isinf(edge) else f"{units.shown(unit, edge):.6g}" for edge in edges]
    unknown = value_label(UNKNOWN)
    return [(unknown, unknown), *pairwise(texts)]
