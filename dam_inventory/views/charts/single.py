"""Single: what the charts of one field draw: bars of a facet, columns of a histogram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.fields import FIELD
from ...snapshot.criteria import UNKNOWN, Criteria
from ...snapshot.facets import Counts
from ...snapshot.ranges import EDGES
from ..filters.wording import value_label

MOST = 100
"""The maximum number of bars; a file may contain any values."""

_DECADE = "date_built"


def bin_labels(field: str) -> list[tuple[str, str]]:
    """Return the label of each bin of a histogram of years, and a short one for its axis."""
    first, *_, last = EDGES[field]
    ending = "s" if field == _DECADE else ""
    inner = [(f"{year:.0f}{ending}", f"{year:.0f}") for year in EDGES[field][:-1]]
    return [
        (f"Before {first:.0f}", f"<{first:.0f}"),
        *inner,
        (f"{last:.0f} or later", f"{last:.0f}"),
    ]


def sorted_values(counts: Mapping[str, int], wanted: Sequence[str] = ()) -> list[tuple[str, int]]:
    """Return the values that dams have or that are wanted, the most frequent first.

    UNKNOWN comes last, also if no dam is without a value.
    """
    known = {one: counts.get(one, 0) for one in (*counts, *wanted, UNKNOWN)}
    return sorted(
        ((one, count) for one, count in known.items() if count or one in (*wanted, UNKNOWN)),
        key=lambda one: (one[0] == UNKNOWN, -one[1], one[0]),
    )


def bars(facet: str, counts: Counts, criteria: Criteria) -> tuple[int, dict[str, Any]]:
    wanted = dict(criteria.facets).get(facet, ())
    values = sorted_values(counts.facets[facet], wanted)
    few = [one for place, one in enumerate(values) if place < MOST or one[0] in (*wanted, UNKNOWN)]
    known = sum(count for value, count in values if value != UNKNOWN)
    return known, {
        "kind": "bars",
        "marks": [
            (value, value_label(value), count) for value, count in few if count or value in wanted
        ],
        "table": [
            [FIELD[facet].label, "Dams"],
            *([value_label(value), count] for value, count in few),
        ],
    }


def columns(field: str, counts: Counts) -> tuple[int, dict[str, Any]]:
    unknown, *bins = counts.bins[field]
    labels = bin_labels(field)
    return sum(bins), {
        "kind": "columns",
        "marks": [(*label, count) for label, count in zip(labels, bins, strict=True)],
        "unknown": unknown,
        "table": [
            ["Decade" if field == _DECADE else "Year", "Dams"],
            *([label, count] for (label, _), count in zip(labels, bins, strict=True)),
            [value_label(UNKNOWN), unknown],
        ],
    }
