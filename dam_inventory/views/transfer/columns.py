"""Columns: what the card shows of the columns of a file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...domain.fields import FIELD, GROUPS
from ...formats.mapping import Column, Mapping, choices

_MAX_SAMPLE_LENGTH = 60
MAX_SHOWN = 300
"""How many columns are shown: each is several controls in the browser."""


def shown(mapping: Mapping, wanted: Collection[str], *, is_all: bool) -> list[dict[str, Any]]:
    """Return the wanted columns, by heading, or all of them, for the browser."""
    columns = [one for one in mapping.columns if is_all or one.heading in wanted]
    return [_shown(one) for one in columns[:MAX_SHOWN]]


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields that a column can hold: name and label, by group."""
    return [
        (group, [(one.name, one.label) for one in FIELD.values() if one.group == group])
        for group in GROUPS
    ]


def unit_of(column: Column, field: str | None) -> str:
    """Return the unit of a column for which a person has chosen another field; "" if unknown."""
    offered = choices(field) if field in FIELD else ()
    if column.unit in offered:
        return column.unit
    return offered[0] if len(offered) == 1 else ""


def label(field: str) -> str:
    """Return the label of a field; for what is none, such as other facts, the name itself."""
    return FIELD[field].label if field in FIELD else "Other facts"


def _shown(column: Column) -> dict[str, Any]:
    return {
        "heading": column.heading,
        "samples": [one[:_MAX_SAMPLE_LENGTH] for one in column.samples],
        "field": column.field or "",
        "unit": column.unit,
        "units": list(choices(column.field)) if column.field else [],
        "question": column.question,
    }
