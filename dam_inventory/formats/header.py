"""Finds the header among the first rows of a table, and what stands around it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..domain.dam import without_control_characters
from ..domain.field import MAX_LENGTH
from ..errors import InvalidFile
from . import column_names, exported
from .measures import split_heading, unit_named
from .table import Row
from .values import is_unknown

WITHIN = 20
"""Among how many rows the header is looked for."""
LOOKED_AT = WITHIN + 30

_NO_HEADING = re.compile(r"[+-]?[\d.,:/\s-]+|https?://.*", re.I)
_FORMAT = re.compile(r"\d+[sdnSDN]")
_SHOWN = 200


class Header(NamedTuple):
    """A header. row: its place among the rows. first: that of the first row below it."""

    row: int
    first: int
    headings: tuple[str, ...]
    notes: tuple[str, ...]


def find(rows: Sequence[Row]) -> Header | None:
    """Find the header: the row with most names that are known, or else the first that looks so.

    rows: the first rows of a table, at least as many as LOOKED_AT if it has so many.
    """
    for place, (_, cells) in enumerate(rows[:WITHIN]):
        if exported.is_export(cells):
            return Header(place, place + 1, told_apart(cells), _notes(rows[:place]))
    width = _width(rows)
    known = [names_known(cells) for _, cells in rows[:WITHIN]]
    most = max(known, default=0)
    # A single name may be a cell of a row: the owner type "State".
    like = [i for i, (_, cells) in enumerate(rows[:WITHIN]) if _is_like_header(cells, width)]
    candidates = [known.index(most)] if most else []
    if most < 2:
        candidates += like[:1]
    if not candidates:
        return None
    place = min(candidates)
    first = place + 1
    headings = list(rows[place][1])
    if first < len(rows) and _is_units(rows[first][1], headings):
        units = [*rows[first][1], *([""] * len(headings))]
        headings = [
            _with_unit(heading, unit) for heading, unit in zip(headings, units, strict=False)
        ]
        first += 1
    elif first < len(rows) and _is_formats(rows[first][1]):
        first += 1
    return Header(place, first, told_apart(headings), _notes(rows[:place]))


def no_header() -> InvalidFile:
    """Return the error of a file without a header."""
    return InvalidFile(
        "The file has no header: one of its first rows must name the columns, such as Dam Name, "
        "Latitude and Longitude."
    )


def no_rows() -> InvalidFile:
    """Return the error of a file that ends with its header."""
    return InvalidFile("The file has a header, but no rows below it.")


def told_apart(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headings as text; an empty or a repeated one gets the number of its column."""
    headings: dict[str, None] = {}
    is_export = exported.is_export(cells)
    most = 2 * MAX_LENGTH if is_export else MAX_LENGTH - 20
    for number, cell in enumerate(cells, 1):
        text = without_control_characters(cell)
        text = text.strip() if is_export else " ".join(text.split())
        heading = unicodedata.normalize("NFC", text)[:most] or f"Column {number}"
        while heading in headings:
            heading = f"{heading[:most]} (column {number})"
        headings[heading] = None
    return tuple(headings)


def names_known(cells: Sequence[str]) -> int:
    """Return how many cells name a field."""
    finds = map(column_names.named, (cell[:MAX_LENGTH] for cell in cells))
    return len({one.field for one in finds if one and (one.is_nid or one.is_sure)})


def _width(rows: Sequence[Row]) -> int:
    """Return how many cells most rows have."""
    widths = Counter(sum(map(bool, map(str.strip, cells))) for _, cells in rows)
    return widths.most_common(1)[0][0] if widths else 0


def _is_like_header(cells: Sequence[str], width: int) -> bool:
    texts = [cell.strip() for cell in cells if cell.strip()]
    return (
        len(texts) > 1
        and len(texts) >= 0.6 * width
        and len({text.casefold() for text in texts}) == len(texts)
        and not any(_NO_HEADING.fullmatch(text) or is_unknown(text) for text in texts)
    )


def _is_units(cells: Sequence[str], headings: Sequence[str]) -> bool:
    """Return whether a row has a unit below each heading that needs one, and nothing else."""
    texts = [cell.strip().strip("()[]") for cell in cells if cell.strip()]
    return (
        bool(texts)
        and all(unit_named(text) or text.casefold() in _OTHER_UNITS for text in texts)
        and any(map(unit_named, texts))
    )


def _with_unit(heading: str, unit: str) -> str:
    is_told = not unit_named(unit) or split_heading(heading)[1]
    return heading if is_told else f"{heading} ({unit.strip(' ()[]')})"


_OTHER_UNITS = frozenset({
    "-", "--", "n/a", "text", "string", "degrees", "deg", "decimal degrees", "dd", "°", "none",
    "number", "date", "no.", "name",
})  # fmt: skip


def _is_formats(cells: Sequence[str]) -> bool:
    """Return whether a row has the formats of columns, as the files of gauges do: 5s, 20d, 14n."""
    return bool(cells) and all(_FORMAT.fullmatch(cell.strip()) for cell in cells)


def _notes(before: Sequence[Row]) -> tuple[str, ...]:
    lines = (_line(cells) for _, cells in before)
    return tuple(f'Above the header the file says: "{line}".' for line in lines if line)


def _line(cells: Sequence[str]) -> str:
    texts = (" ".join(without_control_characters(cell).split()) for cell in cells)
    return ", ".join(text for text in texts if text)[:_SHOWN]
