"""FlowTable: the columns of a hydrograph's file, as text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..domain.hydrograph import MAX_POINTS, TOO_MANY
from ..errors import InvalidHydrograph
from .flow_dates import is_clock, is_date
from .flow_numbers import is_missing, is_number
from .flow_units import flow_units, in_brackets, time_units
from .flow_zones import zones_in

MAX_LINES = 10 * MAX_POINTS
_MAX_LINE_LENGTH = 1000
_MAX_ABOVE = 40
"""How many lines above the values are searched for headings."""

_TWO_COLUMNS = (
    "A hydrograph needs two: time (hours) and flow (cfs), separated by commas, semicolons, tabs, "
    "bars or spaces."
)
_SPACES = " "
_GAP = re.compile(r" {2,}")
_UNIT_WORDS = re.compile(r"[a-zµ³/^.\d\s()\[\]-]{0,24}", re.I)
_NOT_FINITE = re.compile(r"[+\-\N{MINUS SIGN}]?\s*(?:nan|inf|infinity)", re.I)


@dataclass(frozen=True, slots=True)
class FlowTable:
    """The rows of a file, of one sheet of a workbook, or of one gauge.

    name: of the sheet or gauge; "" if the file has one table. headings, units: of each column, ""
    where the file has none; units are those in a line of their own. rows: cells as text, all of
    the same length. lines: the number of each row as a person counts. said: what the file says
    above its headings. separator: between the cells, "" in a workbook. is_gauge: whether the file
    is one of the US Geological Survey.
    """

    name: str
    headings: tuple[str, ...]
    units: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    said: str = ""
    separator: str = ""
    is_gauge: bool = False

    def column(self, index: int | None) -> list[str]:
        """Return the cells of a column, without spaces around them; empty texts for None."""
        if index is None:
            return [""] * len(self.rows)
        return [row[index].strip() for row in self.rows]

    def heading(self, index: int) -> str:
        """Return the heading of a column with its unit."""
        return " ".join(filter(None, (self.headings[index], self.units[index])))

    @property
    def place(self) -> str:
        """What a row is called in messages."""
        return "Line" if self.separator else "Row"


def table_of(text: str, comments: Sequence[str] = ()) -> FlowTable:
    """Read a text with separators. Raises InvalidHydrograph, which names the first wrong line.

    comments: lines that were taken out of the text; the numbers of lines count them.
    """
    separator = _separator(text)
    if separator == _SPACES:
        text = _with_tabs(text)
    rows, lines = _rows(text, "\t" if separator == _SPACES else separator)
    return with_headings("", rows, lines, separator, comments)


def with_headings(
    name: str,
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    separator: str = "",
    comments: Sequence[str] = (),
) -> FlowTable:
    """Find the headings, and return the rows below them. Raises InvalidHydrograph."""
    rows = [_without_empty_end(row) for row in rows]
    place = "Line" if separator else "Row"
    if rows and max(map(len, rows)) < 2:
        raise InvalidHydrograph(f"{place} {lines[0]} has 1 column. {_TWO_COLUMNS}")
    first, headings, units, above = _headings(rows)
    body, numbers = rows[first:], lines[first:]
    if len(body) > MAX_POINTS:
        raise InvalidHydrograph(f"{place} {numbers[MAX_POINTS]}: {TOO_MANY}")
    width = max(len(headings), len(units), len(body[0]) if body else 0, 2)
    for row, line in zip(body, numbers, strict=True):
        if len(row) > width:
            raise InvalidHydrograph(
                f"{place} {line} has {len(row)} columns, but {place.lower()} "
                f"{lines[max(first - 1, 0)]} has {width}."
            )
    said = "\n".join([*comments, *(" ".join(row) for row in above)])
    full = [[*row, *[""] * (width - len(row))] for row in body]
    return FlowTable(
        name, _padded(headings, width), _padded(units, width), full, numbers, said, separator
    )


def _headings(
    rows: Sequence[Sequence[str]],
) -> tuple[int, Sequence[str], Sequence[str], Sequence[Sequence[str]]]:
    """Return the index of the first row of values, headings, units, and the rows above them."""
    found = None
    for index, row in enumerate(rows[:_MAX_ABOVE]):
        if _are_values(row):
            break
        if len(row) > 1 and _are_names(row):
            found = index
    if found is None:
        first = next((index for index, row in enumerate(rows) if len(row) > 1), 0)
        return first, (), (), rows[:first]
    if found and _are_units(rows[found]) and _are_names(rows[found - 1]) and rows[found - 1][1:]:
        return found + 1, rows[found - 1], rows[found], rows[: found - 1]
    return found + 1, rows[found], (), rows[:found]


def _are_names(row: Sequence[str]) -> bool:
    known = [cell for cell in row if cell.strip()]
    return any(map(str.isalpha, "".join(known))) and not any(map(_is_value, known))


def _are_values(row: Sequence[str]) -> bool:
    known = [cell for cell in row if cell.strip()]
    return len(known) > 1 and all(map(_is_value, known))


def _are_units(row: Sequence[str]) -> bool:
    known = [cell for cell in row if cell.strip()]
    return all(_UNIT_WORDS.fullmatch(cell) or zones_in(cell) for cell in known) and any(
        flow_units(cell) or time_units(cell) or in_brackets(cell) or zones_in(cell)
        for cell in known
    )


def _is_value(cell: str) -> bool:
    is_word = cell.strip().isalpha() and not is_missing(cell)
    return (
        not is_word and (is_number(cell) or is_missing(cell) or is_date(cell) or is_clock(cell))
    ) or bool(_NOT_FINITE.fullmatch(cell.strip()))


def _separator(text: str) -> str:
    # From below the first line, because that may hold column names with any characters.
    lines = [*islice(filter(str.strip, _checked(text)), _MAX_ABOVE)]
    # The last line once more: a file of one line has no other.
    votes = Counter(map(_best, [*lines[1:], *lines[-1:]]))
    return votes.most_common(1)[0][0] if votes else ","


def _best(line: str) -> str:
    signs = (sign for sign in "\t;|," if sign in line)
    return next(signs, _SPACES if _are_values(line.split()) else ",")


def _with_tabs(text: str) -> str:
    """Put tabs between the cells of a text with spaces between them.

    A heading may contain spaces of its own: where wide gaps make as many cells as the values
    have, only those separate.
    """
    lines = [line.strip() for line in text.splitlines()]
    width, _ = Counter(len(line.split()) for line in lines if line).most_common(1)[0]
    cells = (wide if len(wide := _GAP.split(line)) == width else line.split() for line in lines)
    return "\n".join(map("\t".join, cells))


def _checked(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text), 1):
        if len(line) > _MAX_LINE_LENGTH:
            raise InvalidHydrograph(f"Line {number} has more than {_MAX_LINE_LENGTH:,} characters.")
        yield line


def _rows(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """Return the rows that are not empty, and the number of the line where each begins."""
    found: list[list[str]] = []
    lines: list[int] = []
    line = 0
    rows = csv.reader(_checked(text), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for row in rows:
            # A quoted cell may contain line breaks.
            line, here = rows.line_num, line + 1
            if "".join(row).strip():
                found.append(row)
                lines.append(here)
            if len(found) > MAX_POINTS + _MAX_ABOVE:
                raise InvalidHydrograph(f"Line {here}: {TOO_MANY}")
    except csv.Error as error:
        raise InvalidHydrograph(f"Line {line + 1} is not valid CSV: {error}.") from None
    return found, lines


def _without_empty_end(row: Sequence[str]) -> Sequence[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple([" ".join(cell.split()) for cell in cells] + [""] * (width - len(cells)))
