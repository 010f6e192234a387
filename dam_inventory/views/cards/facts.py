"""The facts about a dam as HTML: in groups, with units; unknown ones are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.dam import is_website
from ...domain.fields import FIELD, GROUPS
from ...domain.units import US, Units
from ..components.escape import MOMENTS, escaped, label, shown

_HEADING = "dam_name"


def facts_html(values: Mapping[str, Any], units: Units = US) -> str:
    """Return each group with known facts but the name.

    values: the known values by column. units: those that are shown.
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
    groups.append(
        _group("In this inventory", [_item(m, values[m], units) for m in MOMENTS if m in values])
    )
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
