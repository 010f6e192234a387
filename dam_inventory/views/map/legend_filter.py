"""The map's legend as a filter: which categories it lets through, and what a click changes."""

from __future__ import annotations

from ...domain.palette import DECADE, OTHER, QUALITY, UNKNOWN, Coloring, years_of
from ...domain.quality import QUALITIES
from ...snapshot import criteria
from ...snapshot.criteria import ONLY_UNKNOWN, Range
from ...snapshot.filters import DamFilter
from ...snapshot.snapshot import Snapshot


def toggle(dam_filter: DamFilter, snapshot: Snapshot, coloring: Coloring, code: int) -> None:
    """Let a category through the filter, or no longer; ignore codes that do not exist.

    Of decades, the filter lets through one at a time, because it knows only one range of years.
    """
    if coloring.is_plain or not 0 <= code < len(coloring.colors):
        return
    if coloring.name == DECADE:
        wanted = _years(coloring, code)
        is_chosen = Range.of(dam_filter.date_built) == wanted
        dam_filter.date_built = None if is_chosen else wanted
        return
    facet = _facet(snapshot, coloring)
    is_chosen = code in chosen(dam_filter, snapshot, coloring)
    for value in _values(snapshot, coloring, facet, code):
        if (value in getattr(dam_filter, facet)) is is_chosen:
            dam_filter.toggle(facet, value)


def chosen(dam_filter: DamFilter, snapshot: Snapshot, coloring: Coloring) -> set[int]:
    """Return the codes of the categories that were chosen in the filter."""
    codes = range(0 if coloring.is_plain else len(coloring.colors))
    if coloring.name == DECADE:
        asked = Range.of(dam_filter.date_built)
        return {code for code in codes if asked is not None and _years(coloring, code) == asked}
    facet = _facet(snapshot, coloring)
    criteria_of = dict(dam_filter.criteria.facets) | {"quality": dam_filter.criteria.quality}
    wanted = {*criteria_of.get(facet, ())}
    return {code for code in codes if wanted & {*_values(snapshot, coloring, facet, code)}}


def _facet(snapshot: Snapshot, coloring: Coloring) -> str:
    """Return the field of a coloring that the snapshot knows, or "quality"."""
    known = (field for field in coloring.fields if snapshot.known(field))
    return next(known, (*coloring.fields, coloring.name)[0])


def _values(snapshot: Snapshot, coloring: Coloring, facet: str, code: int) -> list[str]:
    """Return the values of a facet that are shown as one category."""
    category = coloring.categories[code]
    if coloring is QUALITY:
        return [name for name, label in QUALITIES.items() if label == category]
    if category == UNKNOWN:
        return [criteria.UNKNOWN]
    if category == OTHER:
        return [word for word in snapshot.atlas.words(facet) if coloring.code(word) == code]
    return [category]


def _years(coloring: Coloring, code: int) -> Range | None:
    """Return the years of a category of decades, None for those of no decade."""
    category = coloring.categories[code]
    if category == UNKNOWN:
        return ONLY_UNKNOWN
    return Range.of(years_of(category))
