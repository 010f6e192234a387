"""The dates on which a dam's next inspection and the next revision of its plan are due.

All dates are ISO 8601 text, known to the day, the month or only the year; what is due is known as
exactly as the date that it follows from.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

PLAN_YEARS = 5
"""So many years after its last revision, an emergency action plan is due for the next one."""


def inspection_due(last: str | None, frequency: float | None) -> str | None:
    """Return when the next inspection is due; None if that is unknown or none is scheduled.

    frequency: the interval between inspections in years.
    """
    if not last or not frequency or not 0 < frequency < dt.MAXYEAR:
        return None
    return _later(last, round(12 * frequency))


def plan_due(revised: str | None) -> str | None:
    """Return when the emergency action plan is due for revision; None if that is unknown."""
    return _later(revised, 12 * PLAN_YEARS) if revised else None


def is_overdue(due: str | None, today: dt.date) -> bool:
    """Return whether a date is over. One that is known to the year is over when its year is."""
    return due is not None and due < today.isoformat()[: len(due)]


def _later(date: str, months: int) -> str | None:
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    if not month:
        # The last month: what is known to the year is not called overdue too soon.
        later = f"{year + -(-months // 12):04d}"
    else:
        more, index = divmod(month - 1 + months, 12)
        later = f"{year + more:04d}-{index + 1:02d}"
        if day and year + more <= dt.MAXYEAR:
            # There is no February 29 in most years.
            later += f"-{min(day, monthrange(year + more, index + 1)[1]):02d}"
    return later if len(later.split("-")[0]) == 4 else None
