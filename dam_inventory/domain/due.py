"""What is due at a dam: its inspection, and the revision of its emergency action plan (EAP).

All dates are ISO 8601 text, known to the day, the month or only the year. What is due is known as
exactly as the date that it follows from, and is overdue only if it surely is.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

DUES = {
    "inspection_overdue": "Inspection overdue",
    "inspection_unknown": "Next inspection unknown",
    "plan_old": "EAP older than five years",
}
"""The label of each condition of a dam on a day."""

PLAN_YEARS = 5
"""After so many years, the Federal Guidelines for Dam Safety (FEMA P-64) expect a new plan."""

NO_PLAN = ("No", "Not Required")
"""Values of the field "EAP prepared" of dams without a plan that could be old."""


def inspection_due(last: str | None, frequency: float | None) -> str | None:
    """Return when the next inspection is due; None if that is unknown or none is scheduled.

    frequency: the interval between inspections in years.
    """
    if not last or not frequency or not 0 < frequency < dt.MAXYEAR:
        return None
    return _later(last, round(12 * frequency))


def plan_due(revised: str | None, prepared: str | None) -> str | None:
    """Return when the emergency action plan is due for revision; None if that is unknown.

    prepared: whether there is a plan, as the field "EAP prepared" says it.
    """
    return _later(revised, 12 * PLAN_YEARS) if revised and prepared not in NO_PLAN else None


def is_overdue(due: str | None, today: dt.date) -> bool:
    """Return whether a date is over. One that is known to the year is over when its year is."""
    return due is not None and due < today.isoformat()[: len(due)]


def _later(date: str, months: int) -> str | None:
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    # The last month of a year, unless its months do not matter.
    more, index = divmod((month or 12) - 1 + months, 12)
    if year + more > dt.MAXYEAR:
        return None
    later = f"{year + more:04d}"
    if month or months % 12:
        later += f"-{index + 1:02d}"
    if day:
        # There is no February 29 in most years.
        later += f"-{min(day, monthrange(year + more, index + 1)[1]):02d}"
    return later
