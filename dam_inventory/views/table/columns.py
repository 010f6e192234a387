"""Columns: which facts the table shows, in which order and how wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain.fields import FIELD, FIELDS, GROUPS
from ...domain.units import US, Units
from ...snapshot.snapshot import Snapshot
from ...snapshot.sorting import BY_NAME, HYDROGRAPH, SORTED_BY, Sorting

USUAL = (
    "dam_name", "state", "county", "hazard_potential", "condition_assessment", "nid_height_ft",
    "nid_storage_acre_ft", "date_built", "owner_type", "river", "owner", HYDROGRAPH,
)  # fmt: skip
"""The columns that a table begins with, if enough dams have values."""

MIN_KNOWN = 0.01
"""The smallest part of all dams that must have a value."""

HAZARD = "hazard_potential"
MIN_WIDTH, MAX_WIDTH = 48, 800
"""Limits of the width of a column in pixels."""

_WIDTHS = {
    "dam_name": 220, "state": 112, "county": 112, HAZARD: 128, HYDROGRAPH: 108, "owner": 180,
}  # fmt: skip
_WIDTH_OF_KIND = {"number": 104, "degrees": 112, "date": 144, "texts": 176, "categories": 144}
_USUAL_WIDTH = 136


class Column(NamedTuple):
    """A column of the table. width: in pixels; None for the usual one."""

    name: str
    width: int | None = None


Columns = tuple[Column, ...]


def columns_of(text: str) -> Columns:
    """Read columns like "dam_name:240,state"; the number is the width in pixels.

    What is invalid or repeated is left out, because a person or a browser may have written it.
    The name is always the first column. Nothing valid means no choice: return no columns.
    """
    found: dict[str, Column] = {}
    for part in text.split(","):
        name, _, width = part.partition(":")
        if name in SORTED_BY:
            found.setdefault(name, Column(name, _width(width)))
    if not found:
        return ()
    first = found.pop(BY_NAME, Column(BY_NAME))
    return (first, *found.values())


def as_text(columns: Columns) -> str:
    """Return the text that `columns_of` reads."""
    return ",".join(name if width is None else f"{name}:{width}" for name, width in columns)


def usual(snapshot: Snapshot) -> Columns:
    """Return the columns that a table of these dams begins with."""
    # There are few hydrographs in any inventory, and this is where to open them.
    least = {BY_NAME: 0, HYDROGRAPH: 1}
    most = max(1, MIN_KNOWN * len(snapshot))
    return tuple(Column(name) for name in USUAL if snapshot.known(name) >= least.get(name, most))


def heads(columns: Columns, sorting: Sorting, units: Units = US) -> list[dict[str, Any]]:
    """Return what the browser needs to draw the heads.

    sort: 1 for ascending, -1 for descending, 0 for neither. place: the place among several
    columns of the order, from 1; 0 if there is one column.
    """
    places = {by.column: place for place, by in enumerate(sorting, 1)}
    signs = {by.column: -1 if by.descending else 1 for by in sorting}
    return [
        {
            "name": name,
            "label": label(name),
            "unit": units.fields[name].unit if name in FIELD else "",
            "kind": _kind(name),
            "width": width or usual_width(name),
            "isSet": width is not None,
            "sort": signs.get(name, 0),
            "place": places.get(name, 0) if len(sorting) > 1 else 0,
        }
        for name, width in columns
    ]


def choices(
    snapshot: Snapshot, units: Units = US
) -> Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]:
    """Return each group of fields with the name and label of each, and whether it has values."""
    of_group: Mapping[str, list[tuple[str, str, bool]]] = {group: [] for group in GROUPS}
    for field in FIELDS:
        one = (field.name, units.labels[field.name], snapshot.known(field.name) > 0)
        of_group[field.group].append(one)
    of_group[FIELD["nid_storage_acre_ft"].group].append(
        (HYDROGRAPH, label(HYDROGRAPH), snapshot.known(HYDROGRAPH) > 0)
    )
    return [*of_group.items()]


def label(name: str) -> str:
    """Return the label of a column, without its unit."""
    return FIELD[name].label if name in FIELD else "Hydrograph"


def usual_width(name: str) -> int:
    """Return the width of a column in pixels, unless somebody changed it."""
    kind = FIELD[name].kind if name in FIELD else ""
    return _WIDTHS.get(name) or _WIDTH_OF_KIND.get(kind, _USUAL_WIDTH)


def _kind(name: str) -> str:
    if name in (BY_NAME, HAZARD, HYDROGRAPH):
        return {BY_NAME: "name", HAZARD: "hazard"}.get(name, "plot")
    return "number" if FIELD[name].is_number else "text"


def _width(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return None
    return min(max(int(text), MIN_WIDTH), MAX_WIDTH)
