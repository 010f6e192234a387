"""The filter of a work list as the query of an address, and the name that it gets at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from ...domain.units import Units
from ...domain.work_lists import MAX_NAME_LENGTH, MAX_QUERY_LENGTH
from ...snapshot import filter_text
from ...snapshot.filters import MAX_SEARCH_LENGTH, DamFilter
from ..filters.wording import Chip, chips


def query_of(dam_filter: DamFilter) -> str:
    """Return what a filter asks for, but for the view of the map, which other pages don't have."""
    search = " ".join(dam_filter.search[:MAX_SEARCH_LENGTH].split())
    values = filter_text.written(dam_filter) | {"search": [search] if search else [], "in_view": []}
    return urlencode(values, doseq=True)


def values_of(query: str) -> Mapping[str, Any]:
    """Return the parameters of a DamFilter for a query; ignore what makes no sense."""
    arguments = parse_qs(query[:MAX_QUERY_LENGTH])
    values = filter_text.read(arguments)
    values.pop("in_view", None)
    search = arguments.get("search", [""])[0][:MAX_SEARCH_LENGTH]
    return {**values, "search": search} if search else values


def name_of(dam_filter: DamFilter, units: Units) -> str:
    """Return a name for a list with a filter, such as "High hazard, Utah"; "" for no filter."""
    known = [one for one in chips(dam_filter, units) if one.name != "in_view"]
    known.sort(key=lambda one: one.name != "hazard_potential")
    words = ", ".join(map(_short, known))
    return words if len(words) <= MAX_NAME_LENGTH else f"{words[: MAX_NAME_LENGTH - 1]}…"


def _short(chip: Chip) -> str:
    """Return a condition in words, without the label of its field where it is clear."""
    if not chip.value:
        return chip.text.removeprefix("Search: ")
    if chip.name == "hazard_potential":
        return f"{chip.value} hazard"
    return chip.value if chip.name in ("state", "county") else chip.text
