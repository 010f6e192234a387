"""Numbers of a hydrograph's file: thousands separators, decimal commas, signs for "missing"."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .flow_units import flow_units

MISSING_WORDS = frozenset(
    (
        "", "na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "nd", "n/d", "missing", "m",
        "no data", "no_data", "nodata", "-", "--", "---", "\N{EN DASH}", ".", "..", "?", "*", "**",
        "***", "ice", "eqp", "ssn", "bkw", "dis", "mnt", "rat", "tst", "zfl", "fld", "#value!",
        "#div/0!", "#num!", "#null!", "#ref!",
    )
)  # fmt: skip
"""Words for a missing value, in small letters: of R, Python, spreadsheets, and of gauges."""

_MISSING_NUMBERS = re.compile(r"-9{4,8}(?:\.[09]*)?|-9{3}(?:\.[09]*)?")
_SURELY_MISSING = re.compile(r"-9{4,8}(?:\.[09]*)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WITH_SUFFIX = re.compile(r"([+-]?[0-9][0-9.,]*?)\s*[_:]?\s*([A-Za-z*µ][^,;]*)")
_QUALIFIERS = re.compile(r"(?:[eAPR*]|\[?\d\]?)(?:[:, ]+[eAPR*])*")
_COMMA_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_POINT_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]*)?")
_SPACE_THOUSANDS = re.compile(
    r"([+-]?[1-9][0-9]{0,2})((?:[ '\u2019\u00a0\u202f][0-9]{3})+)(?![0-9])"
)


class Numbers(NamedTuple):
    """The numbers of a column; NaN where one is missing.

    missing: how often each sign stands for a missing value. units: units of flow behind the
    numbers. wrong: indices of cells that are no numbers.
    """

    values: list[float]
    missing: Counter[str]
    units: set[str]
    wrong: list[int]


def is_number(cell: str) -> bool:
    """Return whether a cell is a number in any spelling that is read here."""
    cell = without_spaces(cell)
    return any(
        pattern.fullmatch(one)
        for pattern in (_NUMBER, _COMMA_THOUSANDS, _POINT_THOUSANDS)
        for one in (cell, cell.replace(",", ".", 1))
    )


def units_behind(cell: str) -> set[str]:
    """Return the units of flow that a cell may have behind its number."""
    match = _WITH_SUFFIX.fullmatch(cell.strip())
    return flow_units(match[2]) if match else set()


def is_missing(cell: str) -> bool:
    """Return whether a cell has a word for a missing value, or is empty."""
    return cell.strip().lower() in MISSING_WORDS


def without_spaces(cell: str) -> str:
    """Remove the spaces and apostrophes between groups of three digits."""
    return _SPACE_THOUSANDS.sub(lambda one: one[1] + re.sub(r"\D", "", one[2]), cell.strip())


def decimal_sign(cells: Iterable[str], separator: str) -> str:
    """Return the decimal sign of numbers: "." or ","; "" if "1,200" could mean either.

    separator: what separates the cells in their file; "" for a spreadsheet.
    """
    with_comma = [cell for cell in cells if "," in cell]
    points = [cell for cell in cells if "." in cell]
    if any(cell.rfind(",") > cell.find(".") for cell in points if "," in cell):
        return ","
    if any(cell.count(".") > 1 for cell in points) and not any("," in cell for cell in points):
        return ","
    if not with_comma or any(not _POINT_THOUSANDS.fullmatch(cell) for cell in points):
        return "."
    if all(_COMMA_THOUSANDS.fullmatch(cell) for cell in with_comma):
        return "." if separator == "," or any(cell.count(",") > 1 for cell in with_comma) else ""
    return ","


def numbers(cells: Sequence[str], decimal: str, is_gauge: bool = False) -> Numbers:
    """Read a column of numbers.

    decimal: the sign of decimals. is_gauge: whether any word stands for a missing value, as in
    the files of gauges; else only MISSING_WORDS do. Numbers such as -9999 are signs for missing
    values, too; -999 is one where no other number is negative.
    """
    found = Numbers([], Counter(), set(), [])
    few = not any(_is_negative(cell, decimal) for cell in cells)
    is_sentinel = (_MISSING_NUMBERS if few else _SURELY_MISSING).fullmatch
    for index, cell in enumerate(cells):
        found.values.append(_number(index, cell.strip(), decimal, is_gauge, is_sentinel, found))
    return found


def _number(
    index: int,
    cell: str,
    decimal: str,
    is_gauge: bool,
    is_sentinel: Callable[[str], object],
    found: Numbers,
) -> float:
    if _NUMBER.fullmatch(cell) and (decimal == "." or "." not in cell):
        text: str | None = cell
    else:
        text = _plain(cell, decimal)
    if text is None and (match := _WITH_SUFFIX.fullmatch(cell)):
        units = flow_units(match[2])
        if units or _QUALIFIERS.fullmatch(match[2]):
            found.units.update(units)
            text = _plain(match[1], decimal)
    if text is not None and not is_sentinel(text):
        return float(text)
    if text is not None or is_gauge or is_missing(cell):
        found.missing[cell] += 1
    else:
        found.wrong.append(index)
    return math.nan


def _plain(cell: str, decimal: str) -> str | None:
    """Return a number as Python reads it, or None."""
    cell = without_spaces(cell)
    if decimal == ",":
        grouped, groups = _POINT_THOUSANDS, "."
    else:
        grouped, groups = _COMMA_THOUSANDS, ","
    if groups in cell:
        if not grouped.fullmatch(cell):
            return None
        cell = cell.replace(groups, "")
    cell = cell.replace(decimal, ".")
    return cell if _NUMBER.fullmatch(cell) else None


def _is_negative(cell: str, decimal: str) -> bool:
    cell = cell.strip()
    if cell[:1] != "-" or not cell[1:2].isdigit():
        return False
    return not _MISSING_NUMBERS.fullmatch(_plain(cell, decimal) or cell)
