"""Dates with times as the files of gauges and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .flow_zones import without_zone

MONTH_FIRST, DAY_FIRST = "month first", "day first"
"""How the numbers of "4/8/2022" are ordered."""

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_COMPACT = re.compile(r"(1[6-9]|2[01])(\d{2})(0[1-9]|1[0-2])([0-3]\d)")
_WITH_NAME = re.compile(r"(\d{1,2})[ -]([a-z]{3})[a-z]*\.?[ ,-]+(\d{4}|\d{2})", re.I)
_NAME_FIRST = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})", re.I)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(?:([ap])\.?m\.?)?|"
    r"(\d{1,2}) ?([ap])\.?m\.?",
    re.I,
)
_TIME_BEHIND = re.compile(
    r"[T,]? ?(\d{1,2}:\d{2}\S*(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?)$", re.I
)
_HHMM = re.compile(r"(\d{1,2})(\d{2})")


class Moment(NamedTuple):
    """A date and time as a file has it. zone, region: those behind it, "" if it has none."""

    clock: dt.datetime
    zone: str
    region: str


def is_date(cell: str) -> bool:
    """Return whether a cell has a date, with or without a time, in any order of its numbers."""
    return any(moment(cell, order) is not None for order in (MONTH_FIRST, DAY_FIRST))


def is_clock(cell: str) -> bool:
    """Return whether a cell has a time without a date, such as "0:15" or "1:15 PM EST"."""
    return _CLOCK.fullmatch(without_zone(cell.strip())[0]) is not None


def moment(cell: str, order: str, clock: str = "") -> Moment | None:
    """Read a date with a time; None if it is none.

    order: MONTH_FIRST or DAY_FIRST, for dates such as 4/8/2022. clock: the time, if another cell
    has it. Without any time it is midnight.
    """
    cell = " ".join(f"{cell} {clock}".split())
    cell, zone, region = without_zone(cell)
    day_text, time_text = _split(cell)
    day = _day(day_text, order)
    time = _time(time_text) if time_text else dt.timedelta()
    if day is None or time is None:
        return None
    try:
        return Moment(dt.datetime.combine(day, dt.time()) + time, zone, region)
    except OverflowError:  # 24:00 on December 31, 9999
        return None


def orders(cells: Iterable[str]) -> set[str]:
    """Return the orders in which all dates of a column can be read, and whose days follow closely.

    Both are left only if no number above 12 and no step from day to day tells them apart.
    """
    plain = (without_zone(" ".join(cell.split()))[0] for cell in cells)
    texts = list(dict.fromkeys(_split(one)[0] for one in plain))
    found = {}
    for order in (MONTH_FIRST, DAY_FIRST):
        days = [_day(text, order) for text in texts]
        known = [day for day in days if day is not None]
        if len(known) == len(texts):
            found[order] = known
    if len(found) < 2 or found[MONTH_FIRST] == found[DAY_FIRST]:
        return set(found) if len(found) < 2 else {MONTH_FIRST}
    steady = {order for order, days in found.items() if _is_steady(days)}
    return steady if len(steady) == 1 else set(found)


def _is_steady(days: Sequence[dt.date]) -> bool:
    return len(days) > 1 and all(
        abs((after - before).days) <= 1 for before, after in pairwise(days)
    )


def _split(cell: str) -> tuple[str, str]:
    """Split a date from the time behind it."""
    if match := _TIME_BEHIND.search(cell):
        return cell[: match.start()], match[1]
    day, _, time = cell.rpartition(" ")
    return (day, time) if day and _HHMM.fullmatch(time) and _has_date(day) else (cell, "")


def _has_date(text: str) -> bool:
    return any(_day(text, order) is not None for order in (MONTH_FIRST, DAY_FIRST))


@lru_cache(maxsize=4096)
def _day(text: str, order: str) -> dt.date | None:
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _COMPACT.fullmatch(text):
        year, month, day = match[1] + match[2], match[3], match[4]
    elif match := _YEAR_LAST.fullmatch(text):
        month, day = (match[1], match[3]) if order == MONTH_FIRST else (match[3], match[1])
        year = match[4]
    elif match := _WITH_NAME.fullmatch(text):
        day, month, year = match[1], _month(match[2]), match[3]
    elif match := _NAME_FIRST.fullmatch(text):
        month, day, year = _month(match[1]), match[2], match[3]
    else:
        return None
    if len(year) == 2:
        year = f"{20 if int(year) < 70 else 19}{year}"
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(name: str) -> str:
    return str(_MONTHS.index(name.lower()) + 1) if name.lower() in _MONTHS else "0"


@lru_cache(maxsize=4096)
def _time(text: str) -> dt.timedelta | None:
    if match := _HHMM.fullmatch(text):
        hour, minute, second, fraction, half = match[1], match[2], "0", "", ""
    elif match := _CLOCK.fullmatch(text):
        hour, minute = match[1] or match[6], match[2] or "0"
        second, fraction, half = match[3] or "0", match[4] or "", (match[5] or match[7] or "")
    else:
        return None
    hours, minutes, seconds = int(hour), int(minute), int(second)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    # 24:00 is midnight at the end of a day.
    if minutes > 59 or seconds > 59 or hours > 24 or (hours == 24 and (minutes or seconds)):
        return None
    micro = int(fraction.ljust(6, "0")[:6]) if fraction else 0
    return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)


def duration(cell: str) -> float | None:
    """Return a time without a date, such as "26:15" or "0:15:30", in hours; else None."""
    match = re.fullmatch(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?", cell.strip())
    if match is None:
        return None
    return int(match[1]) + int(match[2]) / 60 + int(match[3] or 0) / 3600
