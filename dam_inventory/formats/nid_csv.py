"""Reads dams from a CSV file with the column names of the National Inventory of Dams (NID).

Reads all NID releases. They name the same column `DAM_NAME`, `Dam_Name`, `dam_name` or
`Dam Name`, and some use codes where others use words.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from ..domain import partial_date
from ..domain.dam import DamDraft, Value, without_control_characters
from ..domain.field import MAX_LENGTH, Field, Kind
from ..domain.fields import FIELDS
from ..errors import InvalidDam, InvalidFile
from . import nid_codes
from .text import text_lines

_ENOUGH: tuple[frozenset[str], ...] = (
    frozenset({"damname"}),
    frozenset({"nidid"}),
    frozenset({"latitude", "longitude"}),
)
"""A row that contains one of these sets of column names is the header."""

_HEADER_WITHIN = 10
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
_NO_VALUE = frozenset({"", "na", "n/a", "nan", "null"})

_ESSENTIAL = frozenset({
    "dam_name", "date_built", "latitude", "longitude", "nid_id", "federal_id",
    "other_structure_id",
})  # fmt: skip
"""An unreadable value of these fields refuses the row; others are kept as text in `other_facts`."""


class Refused(NamedTuple):
    """A row that can't be imported.

    row: the number of the row as a spreadsheet shows it: from 1, with the header.
    """

    row: int
    reason: str


def read(
    stream: BinaryIO, on_progress: Callable[[int], None] | None = None
) -> Iterator[dict[str, Value] | Refused]:
    """Yield for each row of a file the columns of its dam, or the reason why it was refused.

    Columns that no field matches, and values that a field can't hold, become `other_facts` under
    the heading of the file.
    stream: CSV in UTF-8 or Windows-1252, plain or gzipped; it is read once, forward.
    on_progress: called with the number of bytes read since the last call.
    Raises InvalidFile, during iteration, if the file can't be read at all.
    """
    rows = _rows(stream, on_progress or (lambda _: None))
    header = _Header.found(rows)
    width = len(header.headings)
    for number, row in rows:
        if not any(row):
            continue
        if any(row[width:]):
            raise InvalidFile(f"Row {number} has {len(row)} cells, but the header has {width}.")
        if len(row) < width:
            yield Refused(number, f"The row has {len(row)} cells, but the header has {width}.")
            continue
        try:
            yield header.dam(row)
        except InvalidDam as error:
            yield Refused(number, str(error))


class _Header:
    """The header of a file: which column holds which field."""

    def __init__(self, cells: Sequence[str]) -> None:
        names = [_normalized(cell) for cell in cells]
        self._fields = [
            (field.name, names.index(name), _conversion(field))
            for field in FIELDS
            if (name := next((name for name in field.nid_names if name in names), None))
        ]
        matched = {index for _, index, _ in self._fields}
        self._shortened = [
            (field, index)
            for field, index, _ in self._fields
            if field in ("date_built", "latitude", "longitude")
        ]
        self.headings = _told_apart(cells)
        self._others = [index for index in range(len(cells)) if index not in matched]

    @classmethod
    def found(cls, rows: Iterator[tuple[int, list[str]]]) -> _Header:
        """Find the header; skip the rows before it."""
        for number, row in rows:
            if any(enough.issubset(map(_normalized, row)) for enough in _ENOUGH):
                return cls(row)
            if number == _HEADER_WITHIN:
                break
        raise InvalidFile(
            "The file has no header row with column names of the National Inventory of Dams: "
            "it needs Dam Name, NID ID, or Latitude and Longitude."
        )

    def dam(self, row: Sequence[str]) -> dict[str, Value]:
        """Return the columns of the dam in a row. Raises InvalidDam."""
        facts = {field: convert(row[index]) for field, index, convert in self._fields}
        others = {
            self.headings[index]: text for index in self._others if (text := _kept(row[index]))
        }
        for field, index in self._shortened:
            if _is_shortened(field, row[index], facts):
                others[self.headings[index]] = _kept(row[index])
        try:
            return DamDraft(**facts, other_facts=others).checked_facts()
        except InvalidDam as error:
            if error.errors.keys() & _ESSENTIAL or not error.errors.keys() <= facts.keys():
                raise
            unreadable = error.errors.keys()
        columns = {field: index for field, index, _ in self._fields}
        for field in unreadable:
            del facts[field]
            others[self.headings[columns[field]]] = _kept(row[columns[field]])
        return DamDraft(**facts, other_facts=others).checked_facts()


def _rows(stream: BinaryIO, on_progress: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        # Without `strict`, an unclosed quote swallows the rest of the file.
        for number, row in enumerate(csv.reader(text_lines(stream, on_progress), strict=True), 1):
            yield number, row
    except csv.Error as error:
        raise InvalidFile(f"Row {number + 1} is not valid CSV: {error}.") from error


def _normalized(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading.lower())


def _told_apart(cells: Sequence[str]) -> list[str]:
    """Return the headings as text; an empty or a repeated one gets the number of its column."""
    headings: list[str] = []
    for number, cell in enumerate(cells, 1):
        heading = unicodedata.normalize("NFC", _kept(cell))[: MAX_LENGTH - 20]
        if not heading:
            heading = f"Column {number}"
        while heading in headings:
            heading = f"{heading[: MAX_LENGTH - 20]} (column {number})"
        headings.append(heading)
    return headings


def _text(text: str) -> str | None:
    return " ".join(text.split()) or None


def _conversion(field: Field) -> Callable[[str], str | None]:
    if field.name == "date_built":
        return _date_built
    if spell := nid_codes.SPELLINGS.get(field.name):
        return lambda text: spell(" ".join(text.split())) or None
    return _CONVERSIONS.get(field.kind, _text)


def _kept(text: str) -> str:
    """Return a text for `other_facts`: without control characters, which no text may contain."""
    return " ".join(without_control_characters(text).split())


def _is_shortened(field: str, text: str, facts: Mapping[str, str | None]) -> bool:
    """Return whether a cell says more than what is read from it."""
    value = facts[field]
    if value is None:
        return False
    if field == "date_built":
        return len(text.strip()) > len("April 12, 1993") or ":" in text
    return not (facts.get("latitude") and facts.get("longitude"))


def _known(text: str) -> str | None:
    """Return a number or a web address; None for a sign for an unknown one."""
    known = text.strip()
    if _THOUSANDS.fullmatch(known):
        return known.replace(",", "")
    return None if known.lower() in _NO_VALUE else known


@lru_cache(maxsize=4096)
def _date(text: str) -> str | None:
    """Convert the formats of dates in NID releases to ISO 8601; keep other text.

    They are 2018-02-15, 2018-02-15 00:00:00, 2/15/2018 and 15-FEB-18; years from 69 to 99 are of
    the last century.
    """
    date = " ".join(text.split())
    if date.lower() in _NO_VALUE:
        return None
    date = re.sub(r"[ T]0?0:00(:00)?(\.0+)?$", "", date)
    if match := re.fullmatch(r"(\d{1,2})[/\\](\d{1,2})[/\\](\d{4})", date):
        return f"{match[3]}-{match[1]}-{match[2]}"
    if match := re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4})", date):
        year = match[3] if len(match[3]) == 4 else ("19" if match[3] >= "69" else "20") + match[3]
        return f"{match[1]} {match[2]} {year}"
    return _without_decimals(date)


def _without_decimals(year: str) -> str:
    """Return "1988" for "1988.0", as pandas writes years if some are missing."""
    return re.sub(r"^(\d{4})\.0+$", r"\1", year)


@lru_cache(maxsize=4096)
def _date_built(text: str) -> str | None:
    """Convert a year or a date to a format that a draft accepts; keep other text."""
    date = " ".join(text.split())
    if date.lower() in _NO_VALUE or re.fullmatch(r"0+(\.0*)?", date):
        return None
    # "1988: C-526B", a year and a code.
    if match := re.fullmatch(r"(\d{4})\s*:.*", date):
        return match[1]
    date = _without_decimals(date)
    try:
        return partial_date.parse(date)
    except ValueError:
        years = re.findall(r"(?<!\d)\d{4}(?!\d)", date)
        return str(years[0]) if len(years) == 1 else date


_CONVERSIONS: Mapping[Kind, Callable[[str], str | None]] = {
    "number": _known,
    "degrees": _known,
    "link": _known,
    "date": _date,
}
