"""Recognizes exports of an inventory, whose cells mean exactly what they say.

The text "NA" is then a name, not a sign for nothing, and "P" is a word, not a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..domain.dam import OTHER_FACTS
from ..domain.fields import FIELD
from .column_names import GEOMETRY
from .columns import Column, choices
from .nid_headings import HEADINGS
from .values import is_unknown

OF_RECORD = ("id", "has_hydrograph", "added_by", "added_at")
"""The columns of an export that are no facts about the dam itself. They are not read again."""

NOTE = (
    "The file is an export of an inventory: its texts are read as they are, and the columns "
    f"{', '.join(OF_RECORD[:-1])} and {OF_RECORD[-1]} are not imported."
)

_MARKS = frozenset(OF_RECORD[1:])
_NAMES = frozenset({"dam_name", HEADINGS["dam_name"]})
_FROM_GEOMETRY = {heading: name for name, heading in GEOMETRY.items()}
_FIELDS = {
    **{heading: name for name, heading in HEADINGS.items()},
    **{name: name for name in FIELD},
    **_FROM_GEOMETRY,
}
_PREFIX = "Other fact"
_PREFIXED = re.compile(rf"{_PREFIX}(?: \d+)?: ")


def is_export(headings: Iterable[str]) -> bool:
    """Return whether headings are those of an export; columns may be missing or new."""
    known = frozenset(headings)
    return known >= _MARKS and not known.isdisjoint(_NAMES)


def is_exact(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Return whether the cells of an export still mean what they say.

    Programs that have their own sign for nothing, such as R, write it also where the inventory has
    numbers and dates. In such a file, it is a sign for nothing everywhere. rows: the first ones.
    """
    if not is_export(headings):
        return False
    places = [place for place, heading in enumerate(headings) if _is_measured(heading)]
    cells = (row[place] for row in rows for place in places if place < len(row))
    return not any(cell and is_unknown(cell) for cell in cells)


def columns(headings: Sequence[str]) -> dict[str, Column]:
    """Return what those columns contain that the export had from the beginning, by heading."""
    unread = skipped(headings)
    return {
        heading: _column("" if heading in unread else field_of(heading) or "", heading)
        for heading in headings
        if heading in unread or heading == OTHER_FACTS or field_of(heading) or is_prefixed(heading)
    }


def skipped(headings: Sequence[str]) -> frozenset[str]:
    """Return the headings of columns of an export that are not read.

    These are those of its record, and coordinates that are no longer where the geometry is.
    """
    is_moved = not {*headings}.isdisjoint(_FROM_GEOMETRY)
    places = [one for one in headings if field_of(one) in GEOMETRY and one not in _FROM_GEOMETRY]
    return frozenset((*OF_RECORD, *(places if is_moved else ())))


def field_of(heading: str) -> str | None:
    """Return the field that a column of an export holds, None if it holds none."""
    return _FIELDS.get(heading)


def fact_of(heading: str) -> str:
    """Return the name of the other fact that a column of an export holds."""
    return _PREFIXED.sub("", heading, count=1)


def prefixed(name: str, number: int) -> str:
    """Return a heading for an other fact whose name alone would mean something else.

    number: tells apart names that differ only in case, from 1.
    """
    return f"{_PREFIX}{f' {number}' if number > 1 else ''}: {name}"


def is_prefixed(heading: str) -> bool:
    """Return whether a heading is, or looks like, one of `prefixed`."""
    return _PREFIXED.match(heading) is not None


def _column(field: str, heading: str) -> Column:
    units = choices(field) if field else ()
    return Column(heading, field or None, units[0] if units else "")


def _is_measured(heading: str) -> bool:
    field = FIELD.get(field_of(heading) or "")
    return field is not None and (field.is_number or field.kind == "date")
