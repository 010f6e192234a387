"""The facts about a dam as HTML: in groups, with units; unknown ones are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.changes import DamsImported
from ...domain.checks import is_website
from ...domain.fields import FIELD, GROUPS
from ...domain.units import US, Units
from ..components.escape import MOMENTS, escaped, label, shown

_HEADING = "dam_name"
_HAZARD = "hazard_potential"
_SIZES = ("nid_height_ft", "nid_storage_acre_ft")


def head_html(name: str, values: Mapping[str, Any], units: Units = US) -> str:
    """Return the name, and what tells most of a dam: hazard, place, height, storage, year.

    name: as it is displayed. values, units: as for `facts_html`.
    """
    hazard = values.get(_HAZARD)
    first = (
        [f'<b data-letter="{escaped(hazard[0])}">{escaped(hazard)} hazard</b>'] if hazard else []
    )
    place = ", ".join(str(values[one]) for one in ("county", "state") if values.get(one))
    first += [escaped(place)] if place else []
    second = [
        f"{shown(one, values[one], units)} {units.fields[one].unit}"
        for one in _SIZES
        if values.get(one) is not None
    ]
    second += [built[:4]] if (built := values.get("date_built")) else []
    lines = (" · ".join(first), escaped(" · ".join(second)))
    return f"<h2>{escaped(name)}</h2>" + "".join(f"<p>{line}</p>" for line in lines if line)


def facts_html(
    values: Mapping[str, Any], units: Units = US, origin: DamsImported | None = None
) -> str:
    """Return each group with known facts but the name.

    values: the known values by column. units: those that are shown. origin: the import that
    brought the dam, if one did.
    """
    groups = []
    for group in GROUPS:
        items = [
            _item(field.name, values[field.name], units, field.description)
            for field in FIELD.values()
            if field.group == group and field.name in values and field.name != _HEADING
        ]
        groups.append(_group(group, items))
    others = values.get("other_facts", {})
    groups.append(_group("Other facts", [_pair(*item) for item in others.items()]))
    if origin is None:
        record = [_item(one, values[one], units) for one in MOMENTS if one in values]
    else:
        by = [_pair("Imported by", origin.by)] if origin.by else []
        record = [_pair("Imported from", f"{origin.source} on {origin.at:%Y-%m-%d}"), *by]
    groups.append(_group("In this inventory", record))
    return "".join(groups)


def _group(heading: str, items: Iterable[str]) -> str:
    content = "".join(items)
    return f"<h3>{heading}</h3><dl>{content}</dl>" if content else ""


def _item(column: str, value: Any, units: Units, description: str = "") -> str:
    text = escaped(shown(column, value, units))
    if column == "website" and is_website(value):
        text = f'<a href="{text}" target="_blank" rel="noopener noreferrer">{text}</a>'
    hint = f' title="{escaped(description)}"' if description else ""
    return f"<dt{hint}>{label(column, units)}</dt><dd>{text}</dd>"


def _pair(heading: str, text: str) -> str:
    return f"<dt>{escaped(heading)}</dt><dd>{escaped(text)}</dd>"
