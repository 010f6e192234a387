"""Reads dams from a CSV file with the column names of the National Inventory of Dams (NID).

Reads all NID releases. They name the same column `DAM_NAME`, `Dam_Name`, `dam_name` or
`Dam Name`, and some use codes where others use words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from ..domain import partial_date
from ..domain.dam import DamDraft, Value, is_website
from ..errors import InvalidDam, InvalidFile
from . import nid_codes
from .text import text_lines

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "dam_name": ("damname", "name"),
    "owner": ("ownernames", "ownername", "ownname", "owner"),
    "river": ("riverorstreamname", "riverorstream", "rivername", "river"),
    "date_built": ("yearcompleted", "yrcompl", "datebuilt"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lon"),
    "nid_id": ("nidid",),
    "federal_id": ("federalid",),
    "other_structure_id": ("otherstructureid",),
    "owner_type": ("ownertypes", "ownertype", "owntype", "ownertypeids", "primaryownertype"),
    "state": ("state",),
    "county": ("county",),
    "purposes": ("purposes", "purposeids", "primarypurpose"),
    "dam_type": ("damtypes", "damtype", "damtypeids", "primarydamtype"),
    "hazard_potential": ("hazardpotentialclassification", "hazardpotential", "hazard", "hazardid"),
    "nid_height_ft": ("nidheightft", "nidheight"),
    "nid_storage_acre_ft": ("nidstorageacreft", "nidstorage", "nidstor"),
    "length_ft": ("damlengthft", "damlength", "lengthft"),
    "website": ("websiteurl", "urladdress", "website"),
}
"""Column names of each field: lower case, letters and digits only, in order of preference."""

_ENOUGH: tuple[frozenset[str], ...] = (
    frozenset({"damname"}),
    frozenset({"nidid"}),
    frozenset({"latitude", "longitude"}),
)
"""A row that contains one of these sets of column names is the header."""

_HEADER_WITHIN = 10
_NO_NUMBER = frozenset({"", "na", "n/a", "nan", "null"})


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

    stream: CSV in UTF-8 or Windows-1252, plain or gzipped; it is read once, forward.
    on_progress: called with the number of bytes read since the last call.
    Raises InvalidFile, during iteration, if the file can't be read at all.
    """
    rows = _rows(stream, on_progress or (lambda _: None))
    names = _header(rows)
    cells = _cells(names)
    for number, row in rows:
        if not any(row):
            continue
        if any(row[len(names) :]):
            raise InvalidFile(
                f"Row {number} has {len(row)} cells, but the header has {len(names)}."
            )
        if len(row) < len(names):
            reason = f"The row has {len(row)} cells, but the header has {len(names)}."
            yield Refused(number, reason)
            continue
        draft = DamDraft(**{field: convert(row[index]) for field, index, convert in cells})
        try:
            yield draft.checked_facts()
        except InvalidDam as error:
            yield Refused(number, str(error))


def _rows(stream: BinaryIO, on_progress: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        # Without `strict`, an unclosed quote swallows the rest of the file.
        for number, row in enumerate(csv.reader(text_lines(stream, on_progress), strict=True), 1):
            yield number, row
    except csv.Error as error:
        raise InvalidFile(f"Row {number + 1} is not valid CSV: {error}.") from error


def _header(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Return the normalized column names; rows before the header are skipped."""
    for number, row in rows:
        names = [re.sub(r"[\W_]", "", cell.lower()) for cell in row]
        if any(enough.issubset(names) for enough in _ENOUGH):
            return names
        if number == _HEADER_WITHIN:
            break
    raise InvalidFile(
        "The file has no header row with column names of the National Inventory of Dams: "
        "it needs Dam Name, NID ID, or Latitude and Longitude."
    )


def _cells(names: Sequence[str]) -> list[tuple[str, int, Callable[[str], str | None]]]:
    """Return the field, the column index and the conversion of each field in the file."""
    found = []
    for field, known in _COLUMNS.items():
        if name := next((name for name in known if name in names), None):
            found.append((field, names.index(name), _CONVERSIONS.get(field, _text)))
    return found


def _text(text: str) -> str | None:
    return " ".join(text.split()) or None


def _number(text: str) -> str | None:
    return None if text.strip().lower() in _NO_NUMBER else text


def _words(spell: nid_codes.Spelling) -> Callable[[str], str | None]:
    return lambda text: spell(" ".join(text.split())) or None


def _website(text: str) -> str | None:
    return text.strip() if is_website(text.strip()) else None


@lru_cache(maxsize=4096)
def _date_built(text: str) -> str | None:
    """Convert a year or a date to a format that a draft accepts; keep other text."""
    date = " ".join(text.split())
    if date.lower() in _NO_NUMBER or re.fullmatch(r"0+(\.0*)?", date):
        return None
    # "1988.0", as pandas writes years if some are missing; or "1988: C-526B", a year and a code.
    if match := re.fullmatch(r"(\d{4})(?:\.0+|\s*:.*)", date):
        return match[1]
    try:
        return partial_date.parse(date)
    except ValueError:
        years = re.findall(r"(?<!\d)\d{4}(?!\d)", date)
        return str(years[0]) if len(years) == 1 else date


_CONVERSIONS: Mapping[str, Callable[[str], str | None]] = {
    "date_built": _date_built,
    "latitude": _number,
    "longitude": _number,
    "nid_height_ft": _number,
    "nid_storage_acre_ft": _number,
    "length_ft": _number,
    "owner_type": _words(nid_codes.owner_types),
    "state": _words(nid_codes.state),
    "purposes": _words(nid_codes.purposes),
    "dam_type": _words(nid_codes.dam_types),
    "hazard_potential": _words(nid_codes.hazard_potential),
    "website": _website,
}
