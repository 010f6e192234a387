"""The content of a comparison: a column for each dam, a row for each fact that one of them has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ...domain.checks import is_website
from ...domain.counties import county_name, state_name
from ...domain.field import Field
from ...domain.fields import FIELD, GROUPS
from ...domain.hydrograph import Hydrograph
from ...domain.units import US, Units
from ...session.comparison import Compared
from ...snapshot.snapshot import Snapshot
from ..components.escape import MOMENTS, label, shown
from ..hydrograph.plot import rounded

_HEADING = "dam_name"
_HAZARD = "hazard_potential"
_WEBSITE = "website"

Values = Sequence[Mapping[str, Any]]
"""The known values of each dam, by column."""
Row = Mapping[str, Any]
"""Its label, a hint and its kind; the text of each dam, "" for unknown; whether these differ."""


def heads(snapshot: Snapshot, compared: Compared) -> list[dict[str, Any]]:
    """Return id, name and place of each dam; a snapshot contains all of them."""
    known = [(one, row) for one in compared if (row := snapshot.row_of(one)) is not None]
    return [
        {
            "id": dam_id,
            "name": snapshot.name(row),
            "place": _place(snapshot, row),
        }
        for dam_id, row in known
    ]


def _place(snapshot: Snapshot, row: int) -> str:
    county, state = (snapshot.value(row, one) or "" for one in ("county", "state"))
    return ", ".join(filter(None, (county_name(county, state), state_name(state))))


def groups(
    snapshot: Snapshot,
    compared: Compared,
    units: Units = US,
    hydrographs: Mapping[int, Hydrograph] = MappingProxyType({}),
) -> list[tuple[str, list[Row]]]:
    """Return the groups of a card of details, each with those rows in which a dam has a value.

    units: those of the numbers that are shown. hydrographs: those that are known, by the id of
    their dam; they have a group of their own.
    """
    rows = [snapshot.row_of(one) for one in compared]
    dams = [snapshot.values(row) for row in rows if row is not None]
    others = [dam.get("other_facts", {}) for dam in dams]
    headings = dict.fromkeys(heading for some in others for heading in some)
    found = [
        *((group, _facts(group, dams, units)) for group in GROUPS),
        ("Hydrograph", _figures([hydrographs.get(one) for one in compared], units)),
        ("Other facts", [_row(one, [some.get(one, "") for some in others]) for one in headings]),
        ("In this inventory", [_row(label(one), _texts(one, dams, units)) for one in MOMENTS]),
    ]
    filled = ((group, [row for row in rows if any(row["texts"])]) for group, rows in found)
    return [(group, rows) for group, rows in filled if rows]


def _figures(hydrographs: Sequence[Hydrograph | None], units: Units) -> list[Row]:
    def row(heading: str, unit: str, value: Callable[[Hydrograph], float]) -> Row:
        texts = [rounded(units.shown(unit, value(one))) if one else "" for one in hydrographs]
        return _row(f"{heading} ({units.unit(unit)})", texts, kind="number")

    return [
        row("Peak flow", "cfs", lambda one: one.peak_flow),
        row("Time to peak", "hours", lambda one: one.time_to_peak),
        row("Volume", "acre-ft", lambda one: one.volume),
    ]


def _facts(group: str, dams: Values, units: Units) -> list[Row]:
    return [
        _row(
            label(field.name, units),
            _texts(field.name, dams, units),
            field.description,
            _kind(field, dams),
        )
        for field in FIELD.values()
        if field.group == group and field.name != _HEADING
    ]


def _texts(column: str, dams: Values, units: Units) -> list[str]:
    return [shown(column, dam.get(column), units) for dam in dams]


def _kind(field: Field, dams: Values) -> str:
    """Return how a page draws the texts of a field."""
    if field.name == _HAZARD:
        return "hazard"
    known = [dam[field.name] for dam in dams if field.name in dam]
    if field.name == _WEBSITE and all(map(is_website, known)):
        return "link"
    return "number" if field.is_number else ""


def _row(heading: str, texts: Sequence[str], description: str = "", kind: str = "") -> Row:
    return {
        "label": heading,
        "hint": description,
        "kind": kind,
        "texts": texts,
        "differs": len(set(texts)) > 1,
    }
