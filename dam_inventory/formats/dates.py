"""Reads dates in the spellings of files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from .left import Left, checked
from .values import is_unknown

_TIME = re.compile(
    r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AP]M)?(?:Z|[+-]\d\d(?::?\d\d)?)?", re.I
)
_WITH_SLASHES = re.compile(r"(\d{1,2})([/\\.])(\d{1,2})\2(\d{4})")
_YEAR_WITH_SLASHES = re.compile(r"(\d{4})[/\\.](\d{1,2})[/\\.](\d{1,2})")
_WITH_MONTH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{2}|\d{4})")
_WITHOUT_MARKS = re.compile(r"((?:1[5-9]|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)")
_MILLISECONDS = re.compile(r"-?\d{11,13}")
_NO_DATE = re.compile(
    r"0+(?:\.0*)?|9999(?:\.0*)?|0{1,4}[-/]0{1,2}[-/]0{1,4}|9999-12-31|12/31/9999|-?9{2,}(?:\.0*)?"
    r"|0*1[-/]0?1[-/]0*1"
)
_LAST_CENTURY_FROM = "69"


def is_day_first(cells: Sequence[str]) -> bool:
    """Return whether 25/12/2018 is among the cells, and no 12/25/2018."""
    first = second = False
    for cell in cells:
        if found := _WITH_SLASHES.match(cell.strip()):
            first |= int(found[1]) > 12
            second |= int(found[3]) > 12
    return first and not second


def _plain_date(text: str, day_first: bool) -> str | None:
    """Return a date as `partial_date.parse` reads it, without a time; None for an unknown one."""
    day = " ".join(text.split())
    if is_unknown(day):
        return None
    day = _TIME.sub("", day)
    if _NO_DATE.fullmatch(day):
        return None
    if _MILLISECONDS.fullmatch(day):
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(day))
        return moment.date().isoformat()
    if found := _WITH_SLASHES.fullmatch(day):
        day_first = day_first or found[2] == "."
        month, day = (found[3], found[1]) if day_first else (found[1], found[3])
        return f"{found[4]}-{month}-{day}"
    if found := _YEAR_WITH_SLASHES.fullmatch(day):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if found := _WITHOUT_MARKS.fullmatch(day):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if found := _WITH_MONTH.fullmatch(day):
        year = found[3]
        if len(year) == 2:
            year = ("19" if year >= _LAST_CENTURY_FROM else "20") + year
        return f"{found[1]} {found[2]} {year}"
    # "1988.0", as pandas writes years if some are missing.
    return re.sub(r"^(\d{4})\.0+$", r"\1", day)


def date(name: str, text: str, day_first: bool) -> str | float | Left | None:
    """Read a date of a field. day_first: whether 5/4/2018 is the fifth of April."""
    day = _plain_date(text, day_first)
    return None if day is None else _exact(name, day, text)


def _exact(name: str, day: str, text: str) -> str | float | Left | None:
    """Return a date, if a text is one that is as exact as a year or more."""
    value = checked(name, day)
    if isinstance(value, Left) and ("is not a date" in value.reason or "a month" in value.reason):
        return Left(None, f'"{" ".join(text.split())[:40]}" is no exact date or year.')
    return value


def date_built(text: str, day_first: bool) -> str | float | Left | None:
    """Read a year or a date; of one with slashes only the year, which nobody writes otherwise.

    A text with a year that is less exact than it, such as "before 1950", is not read.
    """
    plain = " ".join(text.split())
    if found := re.fullmatch(r"(\d{4})\s*:.*", plain):
        # "1988: C-526B", a year and a code.
        value = checked("date_built", found[1])
        return Left(value, "") if isinstance(value, str) else value
    if re.fullmatch(r"\d{1,2}-[A-Za-z]{3}-\d{2}", plain):
        return Left(None, f'The year of "{plain}" has only two digits.')
    day = _plain_date(plain, day_first)
    if day is None:
        return None
    if found := _WITH_SLASHES.fullmatch(_TIME.sub("", plain)):
        value = checked("date_built", found[4])
        is_first_day = int(found[1]) == int(found[3]) == 1
        return value if is_first_day or isinstance(value, Left) else Left(value, "")
    value = _exact("date_built", day, plain)
    return Left(value, "") if isinstance(value, str) and _says_more(plain) else value


def _says_more(text: str) -> bool:
    found = _TIME.search(text)
    return found is not None and re.search(r"[1-9]", found[0]) is not None
