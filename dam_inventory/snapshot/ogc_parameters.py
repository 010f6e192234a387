"""The parameters bbox and datetime of OGC API Features, as text."""

from __future__ import annotations

import datetime as dt
import math
import re

from ..domain.numbers import read_number
from ..errors import InvalidFilter

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees (WGS 84); west > east if it crosses 180 degrees."""

Interval = tuple[dt.datetime | None, dt.datetime | None]
"""First and last moment, both included; None for an open end."""

_OPEN = ("", "..")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?", re.ASCII
)
_AROUND = 360.0


def read_box(text: str) -> Box:
    """Return the box that a text is; raise InvalidFilter."""
    numbers = [read_number(part) for part in text.split(",")]
    is_valid = len(numbers) in (4, 6) and not any(map(math.isnan, numbers))
    half = len(numbers) // 2
    lowest, highest = numbers[:half], numbers[half:]
    # All but the longitudes must be in order.
    if not is_valid or any(low > high for low, high in zip(lowest[1:], highest[1:], strict=True)):
        raise InvalidFilter(
            f'bbox is "{text[:100]}", but must be west,south,east,north in degrees, '
            "or west,south,lowest,east,north,highest."
        )
    # Maps go on beyond 180 degrees, and may show the world twice.
    west, east = lowest[0], highest[0]
    if east - west >= _AROUND:
        return -_AROUND / 2, lowest[1], _AROUND / 2, highest[1]
    return math.remainder(west, _AROUND), lowest[1], math.remainder(east, _AROUND), highest[1]


def read_interval(text: str) -> Interval:
    """Return the time that a text is, perhaps with one open end; raise InvalidFilter."""
    first, slash, last = text.partition("/")
    if not slash:
        return _moment(text)
    start = None if first in _OPEN else _moment(first)[0]
    end = None if last in _OPEN else _moment(last)[1]
    if (start is None and end is None) or (start and end and start > end):
        raise _wrong_time(text)
    return start, end


def _moment(text: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and last moment of a date, or one moment twice."""
    text = text.upper()
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        moment = dt.datetime.fromisoformat(text)
        if len(text) > len("2026-11-27"):
            utc = moment.astimezone(dt.UTC)
            return utc, utc
        start = moment.replace(tzinfo=dt.UTC)
        return start, start + dt.timedelta(days=1, microseconds=-1)
    except (ValueError, OverflowError):
        raise _wrong_time(text) from None


def _wrong_time(text: str) -> InvalidFilter:
    return InvalidFilter(
        f'datetime is "{text[:100]}", but must be a moment like 2026-11-27T08:30:00Z, '
        "or two of them with a slash between, the earlier one first; .. is an open end."
    )
