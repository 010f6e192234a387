"""What the page says about filters."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...domain.due import DUES
from ...domain.fields import FACETS, FIELD
from ...domain.quality import QUALITIES
from ...domain.units import US, Units
from ...snapshot.criteria import MAX_VALUES, ONLY_UNKNOWN, UNKNOWN, Range
from ...snapshot.filters import DamFilter
from ...snapshot.ranges import EDGES, RANGES

_YEARS = {"date_built": "Year completed", "last_inspection_date": "Year of last inspection"}
RANGE_LABELS = {field: _YEARS.get(field, FIELD[field].label) for field in RANGES}

OPEN = ("state", "county", "hazard_potential", "owner_type")
"""The facets that are unfolded at first."""

_LAST = ("operational_status", "state_regulated", "federally_regulated")
ORDER = (
    *OPEN,
    *(facet for facet in FACETS if facet not in (*OPEN, *_LAST)),
    *RANGES,
    "due",
    *_LAST,
    "quality",
)
"""Facets, ranges and quality in the order of the page."""

IN_VIEW = "In the map's view"
IN_REGION = "In the drawn region"
HAS_HYDROGRAPH = "Has a hydrograph"
NO_HYDROGRAPH = "Has no hydrograph"
QUALITY = "Data quality"
DUE = "Due"

FOLD_LABELS = {**RANGE_LABELS, "due": DUE, "quality": QUALITY}
"""What the folds are called that are no facets."""

MAX_CHIPS = 5
"""A facet with more values has one chip."""


class Chip(NamedTuple):
    """A condition in words. name, value: what removes it; value: None for all of a parameter."""

    name: str
    value: str | None
    text: str


def value_label(value: str) -> str:
    """Return a value of a facet as the page shows it."""
    return "Unknown" if value == UNKNOWN else value


def from_label(field: str, low: float, units: Units = US) -> str:
    """Return the lower end of a range in words, "" for an open one."""
    return "" if math.isinf(low) else _measure(field, low, units)


def to_label(field: str, high: float, units: Units = US) -> str:
    """Return the upper end of a range in words, "" for an open one. A year is the last one."""
    if math.isinf(high):
        return ""
    if _is_year(field):
        return f"{math.ceil(high) - 1}"
    return f"under {_measure(field, high, units)}"


def range_in_words(field: str, wanted: Range, units: Units = US) -> str:
    """Return a range in words."""
    if wanted == ONLY_UNKNOWN:
        return "Unknown"
    low, high = from_label(field, wanted.low, units), to_label(field, wanted.high, units)
    if low and high:
        words = low if low == high else f"{low} to {high}"
    elif low:
        words = f"{low} or later" if _is_year(field) else f"{low} or more"
    else:
        words = f"{high} or earlier" if _is_year(field) else high
    return f"{words}, or unknown" if wanted.is_unknown_too else words


def distance_label(km: float, units: Units = US) -> str:
    """Return a distance in words, in kilometers or miles."""
    return f"{units.distance(km):,.4g} {units.unit('mi')}"


def marks(field: str, units: Units = US) -> list[list[str]]:
    """Return the words of the lower and of the upper ends between the bins of a histogram."""
    edges = (-math.inf, *EDGES[field], math.inf)
    return [[label(field, edge, units) for edge in edges] for label in (from_label, to_label)]


def chips(dam_filter: DamFilter, units: Units = US, most: int = MAX_CHIPS) -> list[Chip]:
    """Return the active conditions in words, in the order of the page.

    most: a facet with more values has one chip.
    """
    criteria = dam_filter.criteria
    found = []
    if criteria.words:
        found.append(Chip("search", None, f"Search: {' '.join(dam_filter.search.split())[:60]}"))
    facets, ranges = dict(criteria.facets), dict(criteria.ranges)
    for name in ORDER:
        if name in facets:
            found += _chips_of(name, facets[name], most)
        elif name in ranges:
            words = f"{RANGE_LABELS[name]}: {range_in_words(name, ranges[name], units)}"
            found.append(Chip(name, None, words))
    if criteria.due is not None:
        found += [Chip("due", name, DUES[name]) for name in criteria.due.names]
    if criteria.has_hydrograph is not None:
        words = HAS_HYDROGRAPH if criteria.has_hydrograph else NO_HYDROGRAPH
        found.append(Chip("has_hydrograph", None, words))
    found += [Chip("quality", flag, QUALITIES[flag]) for flag in criteria.quality]
    if dam_filter.in_view:
        found.append(Chip("in_view", None, IN_VIEW))
    if criteria.region is not None:
        found.append(Chip("region", None, IN_REGION))
    if criteria.near is not None:
        longitude, latitude, km = criteria.near
        place = f"{latitude:.4g}°, {longitude:.4g}°"
        found.append(Chip("near", None, f"Within {distance_label(km, units)} of {place}"))
    return found


def in_words(dam_filter: DamFilter, units: Units = US) -> list[str]:
    """Return each active condition as one phrase, with all of its values."""
    found: dict[str, list[str]] = {}
    for chip in chips(dam_filter, units, MAX_VALUES):
        found.setdefault(chip.name, []).append(chip.text)
    return [_phrase(name, texts) for name, texts in found.items()]


def _phrase(name: str, texts: list[str]) -> str:
    if name == "quality":
        return f"{QUALITY}: {' or '.join(texts)}"
    if name not in FACETS:
        return texts[0]
    label = f"{FIELD[name].label}: "
    return label + " or ".join(text.removeprefix(label) for text in texts)


def _chips_of(facet: str, values: tuple[str, ...], most: int) -> list[Chip]:
    label = FIELD[facet].label
    if len(values) > most:
        return [Chip(facet, None, f"{label}: {len(values)} values")]
    return [Chip(facet, value, f"{label}: {value_label(value)}") for value in values]


def _is_year(field: str) -> bool:
    return FIELD[field].kind == "date"


def _measure(field: str, value: float, units: Units) -> str:
    return f"{value:.0f}" if _is_year(field) else units.measure(FIELD[field].unit, value)
