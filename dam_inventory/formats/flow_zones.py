"""Time zones as files name them: by abbreviation, by offset from UTC, or by region."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_HOURS_OF_ZONE = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "HDT": -9, "SST": -11, "CHST": 10, "GST": 10, "NST": -3.5, "NDT": -2.5, "WET": 0, "WEST": 1,
    "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "AEST": 10, "AEDT": 11, "ACST": 9.5,
    "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Offsets from UTC in hours. The gauges of the US come first: CST is that of Chicago."""

_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+\-\N{MINUS SIGN}])(\d{1,2})(?::?(\d{2}))?(?::00)?", re.I)
_BEHIND = re.compile(
    r"(?<=[\d:.mM]) ?(Z|[A-Za-z]{3,4}|(?:UTC|GMT)? ?[+\-\N{MINUS SIGN}]\d{1,2}(?::?\d{2})?)$"
)
_IN_TEXT = re.compile(
    r"(?:UTC|GMT) ?[+\-\N{MINUS SIGN}] ?\d{1,2}(?::?\d{2})?(?!\d)|\b[A-Z]{2,4}\b|"
    r"(?<=[ (\[])[+\-]\d{2}:?\d{2}(?=[)\]])"
)
_NAME = r"[A-Za-z]+(?:/[A-Za-z\d_+\-]+){1,2}|[A-Z]{3}\d[A-Z]{3}"
_REGION_IN_TEXT = re.compile(rf"(?<![A-Za-z\d/])(?:{_NAME})(?![A-Za-z\d/])")
_REGION_BEHIND = re.compile(rf"(?<=[\dmMA-Z]) ?(?:\[!?({_NAME})\]|\(({_NAME})\)| ({_NAME}))$")


def offset_of(zone: str) -> dt.timedelta | None:
    """Return the offset from UTC of a time zone such as "EST", "UTC-5", "-05:00"; else None."""
    zone = zone.strip()
    if zone.upper() in _HOURS_OF_ZONE:
        return dt.timedelta(hours=_HOURS_OF_ZONE[zone.upper()])
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return None
    offset = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= dt.timedelta(days=1):
        return None
    return offset if match[1] == "+" else -offset


@cache
def _regions() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(maxsize=256)
def region_of(zone: str) -> ZoneInfo | None:
    """Return the region of a name of the IANA database, such as "America/Denver"; else None."""
    zone = zone.strip()
    name = _regions().get(zone.casefold()) if _REGION_IN_TEXT.fullmatch(zone) else None
    try:
        return ZoneInfo(name) if name else None
    except ZoneInfoNotFoundError:
        return None


def is_zone(cell: str) -> bool:
    """Return whether a cell has a time zone that is known."""
    return offset_of(cell) is not None or region_of(cell) is not None


def zones_in(text: str) -> set[str]:
    """Return the time zones that a heading or a remark names: its regions, if it names any."""
    found = map(region_of, _REGION_IN_TEXT.findall(text))
    regions = {region.key for region in found if region is not None}
    return regions or {one for one in _IN_TEXT.findall(text) if offset_of(one) is not None}


def without_zone(cell: str) -> tuple[str, str, str]:
    """Split a date with a time from the time zone and the region behind it, "" if it has none.

    Both may be there: "2022-04-08T00:00-06:00[America/Denver]", as in RFC 9557.
    """
    region = ""
    if match := _REGION_BEHIND.search(cell):
        cell, region = cell[: match.start()], match[1] or match[2] or match[3]
    match = _BEHIND.search(cell) if ":" in cell or " " in cell else None
    return (cell[: match.start()], match[1], region) if match else (cell, "", region)
