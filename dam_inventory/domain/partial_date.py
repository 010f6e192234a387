"""Partial dates: known to the day, to the month, or only to the year.

They are stored as ISO 8601 text (`1941`, `1993-04`, `1993-04-12`), which sorts by date.
"""

from __future__ import annotations

import datetime as dt
import re

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
EXAMPLES = "1941, 1993-04, 1993-04-12 or April 12, 1993"

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.?\s+(?:(\d{1,2})(?:\s*,\s*|\s+))?(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+([A-Za-z]+)\.?,?\s+(\d{4})")


def parse(text: str, today: dt.date | None = None) -> str:
    """Convert a date, a month or a year that a person typed to ISO 8601 text.

    Reads `1941`, `1993-04`, `1993-04-12`, `April 1993`, `April 12, 1993` and `12 April 1993`,
    with English month names or their first three letters.
    today: later dates are in the future; the default is this computer's date.
    Raises ValueError, with a sentence, for other text, for a date that does not exist
    and for a date in the future.
    """
    year, month, day = _parts(text.strip())
    try:
        first_day = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise ValueError(f'The date "{text.strip()}" does not exist.') from None
    if first_day > (today or dt.date.today()):
        raise ValueError(f"{in_words(_iso(year, month, day))} is in the future.")
    return _iso(year, month, day)


def in_words(iso: str) -> str:
    """Format ISO 8601 text for people: `1941`, `April 1993`, `April 12, 1993`."""
    year, month, day = [*iso.split("-"), "", ""][:3]
    if not month:
        return year
    name = MONTHS[int(month) - 1]
    return f"{name} {int(day)}, {year}" if day else f"{name} {year}"


def _parts(text: str) -> tuple[int, int | None, int | None]:
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return int(year), int(month) if month else None, int(day) if day else None
    if match := _MONTH_FIRST.fullmatch(text):
        name, day, year = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, name, year = match.groups()
    else:
        raise ValueError(f'"{text}" is not a date. Write it like {EXAMPLES}.')
    names = [m.lower() for m in MONTHS]
    wanted = name.lower()
    found = [i for i, m in enumerate(names, 1) if wanted in (m, m[:3]) or wanted == "sept" == m[:4]]
    if not found:
        raise ValueError(f'"{name}" is not the name of a month.')
    return int(year), found[0], int(day) if day else None


def _iso(year: int, month: int | None, day: int | None) -> str:
    parts = [f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part is not None]
    return "-".join(parts)
