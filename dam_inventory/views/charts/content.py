"""The content of the charts, for the browser: what each draws, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...domain.fields import FIELD
from ...domain.messages import dams
from ...domain.units import Units
from ...snapshot.charts import CONDITIONS, Charts
from ...snapshot.criteria import ONLY_UNKNOWN, Criteria, Range
from ...snapshot.facets import Counts
from ...snapshot.ranges import RANGES
from ..components.escape import as_file_name
from ..filters.folds import ends
from .crossed import SCALES, cells, matrix
from .single import bars, columns

_TITLES = {
    "date_built": "Built by decade",
    "hazard_by_condition": "Hazard potential by condition assessment",
    "purposes": "Purpose",
    "storage_by_height": "Storage by height",
    "last_inspection_date": "Last inspection by year",
}
TITLES = {name: _TITLES.get(name) or FIELD[name].label for name in CONDITIONS}

Content = tuple[int, dict[str, Any]]
"""How many dams have a value, and what the browser draws."""


def shown(criteria: Criteria, counts: Counts, charts: Charts, units: Units) -> list[dict[str, Any]]:
    """Return what the browser draws of each chart, in the order of the page."""
    contents = {name: _content(name, criteria, counts, charts, units) for name in CONDITIONS}
    return [
        {
            "name": name,
            "title": TITLES[name],
            "file": as_file_name(TITLES[name], "chart"),
            "total": _total(name, charts),
            "none": _none(charts.dams[name], known),
            **content,
        }
        for name, (known, content) in contents.items()
    ]


def _content(
    name: str, criteria: Criteria, counts: Counts, charts: Charts, units: Units
) -> Content:
    if name == "hazard_by_condition":
        return matrix(charts, criteria)
    if name == "storage_by_height":
        return cells(charts, units)
    return columns(name, counts) if name in RANGES else bars(name, counts, criteria)


def chosen(criteria: Criteria) -> dict[str, Any]:
    """Return what is chosen of each parameter: values, or a range between edges, None for all."""
    facets, ranges = dict(criteria.facets), dict(criteria.ranges)
    return {
        name: _ends(SCALES[name], ranges.get(name)) if name in RANGES else facets.get(name, ())
        for names in CONDITIONS.values()
        for name in names
    }


def _ends(edges: Sequence[float], wanted: Range | None) -> dict[str, Any] | None:
    """Return a range as numbers of edges, counted from the open lower end."""
    if wanted is None:
        return None
    if wanted == ONLY_UNKNOWN:
        return {"low": 0, "high": 0, "unknown": True}
    low, high = ends(edges, wanted)
    return {"low": low, "high": high, "unknown": wanted.is_unknown_too}


def _total(name: str, charts: Charts) -> str:
    total = dams(charts.dams[name])
    if name in FIELD and FIELD[name].kind == "categories":
        values = FIELD[name].label.lower().removesuffix("s")
        return f"{total}; a dam counts for each of its {values}s"
    if name == "storage_by_height" and (lost := _unknown_cells(charts)):
        return f"{total}, of them {lost:,} of unknown storage or height"
    return total


def _unknown_cells(charts: Charts) -> int:
    numbers = charts.storage_by_height
    return int(numbers.sum() - numbers[1:, 1:].sum())


def _none(total: int, known: int) -> str:
    if not total:
        return "No data: no dam meets the other filters."
    if not known:
        return "No data: unknown for " + ("the one dam." if total == 1 else f"all {total:,} dams.")
    return ""
