"""Due: which dams are overdue for an inspection on a day, or have an old emergency action plan.

An inspection is overdue after the day of the last one plus the inspection frequency. A plan is old
after the day of its last revision plus PLAN_YEARS, unless the dam has no plan.

Of a date that is known only to the year or the month, its last day counts: something is overdue
only if it surely is. Without a date, or with a frequency that is unknown or 0, the next inspection
is unknown, and not overdue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.due import NO_PLAN, PLAN_YEARS
from .codes import Bools
from .dams import Dams

Days = npt.NDArray[np.int32]

_UNKNOWN = np.iinfo(np.int32).max
_FIRST = dt.date(1970, 1, 1).toordinal()
_MOST_YEARS = 1_000


class _LastDays(NamedTuple):
    """The last day that is in time, in days since 1970-01-01; _UNKNOWN if it is not known."""

    inspection: Days
    plan: Days


def dues(dams: Dams, today: dt.date) -> Mapping[str, Bools]:
    """Return which dams meet each of DUES on a day."""
    last = dams.computed("last days", lambda: _last_days(dams))
    now = today.toordinal() - _FIRST
    return {
        "inspection_overdue": last.inspection < now,
        "inspection_unknown": last.inspection == _UNKNOWN,
        "plan_old": last.plan < now,
    }


def _last_days(dams: Dams) -> _LastDays:
    frame = dams.frame
    every = frame["inspection_frequency_years"].cast(pl.Float64).fill_null(0).to_numpy()
    plan = _after(frame["eap_last_revision_date"], np.full(len(dams), float(PLAN_YEARS)))
    codes = dams.codes("eap_prepared")
    plan[codes.any_of(NO_PLAN)[codes.numbers]] = _UNKNOWN
    return _LastDays(_after(frame["last_inspection_date"], every), plan)


def _after(dates: pl.Series, years: npt.NDArray[np.float64]) -> Days:
    """Return the days so many years after partial dates; unknown where `years` is not above 0."""
    if dates.dtype == pl.Null:
        return np.full(len(dates), _UNKNOWN, np.int32)
    text = dates.cast(pl.String)
    year, month, day = (
        text.str.slice(at, size).cast(pl.Int32, strict=False).fill_null(usual).to_numpy()
        for at, size, usual in ((0, 4, 0), (5, 2, 12), (8, 2, 31))
    )
    is_known = (year > 0) & (years > 0)
    later = np.round(12 * np.clip(np.nan_to_num(years), 0, _MOST_YEARS)).astype(np.int64)
    months = np.where(is_known, 12 * (year - 1970) + month - 1 + later, 0).astype("datetime64[M]")
    # Of February 29, the last day of a shorter February.
    end = (months + 1).astype("datetime64[D]") - 1
    last = np.minimum(months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]"), end)
    return np.where(is_known, last.astype(np.int64), _UNKNOWN).astype(np.int32)
