"""Hydrograph: the flow of a river over time, as checked arrays."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidHydrograph
from .units import US, Units
from .visible import flaw

FloatArray = npt.NDArray[np.float64]

MAX_POINTS = 100_000
MAX_BYTES = 10_000_000
"""10 MB (1 MB is 1,000,000 bytes)."""

MAX_PER_DAM = 6
"""How many hydrographs a dam can have: as many as can be told apart in one plot."""

MAX_NAME, MAX_NOTE = 100, 2000
"""The maximum lengths of a hydrograph's name and note, in characters."""

LARGEST = 1e15
"""The largest plausible time in hours, or flow in cubic feet per second."""

SECONDS_PER_HOUR = 3600
CUBIC_FEET_PER_ACRE_FOOT = 43_560
"""Exact (NIST Handbook 44, appendix C)."""

TOO_MANY = f"A hydrograph has at most {MAX_POINTS:,} points."

YEARS = "The dates of a hydrograph must be between the years 2 and 9998."

_LIKE_MISSING = re.compile(r"-9{3,}\.[09]*")
_TOO_FEW = "A hydrograph needs at least two points."
_YEARS = (dt.MINYEAR + 1, dt.MAXYEAR - 1)


@dataclass(frozen=True, eq=False, slots=True)
class Hydrograph:
    """Flow over time, as two read-only arrays of the same length.

    time: hours from the start, float64, shape (n,), strictly increasing, not negative.
    flow: cubic feet per second, float64, shape (n,); negative for reverse flow; NaN where the
    value is missing. At least two values are known.
    start: the date and time of hour 0, with its offset from UTC; without one if no time zone is
    known; None if the hours belong to no date.
    name: tells several hydrographs of one dam apart. note: what its file says about the values.
    Raises InvalidHydrograph for arrays that break these rules.
    """

    time: FloatArray
    flow: FloatArray
    start: dt.datetime | None = None
    name: str = "Hydrograph"
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("time", "flow"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if self.time.ndim != 1 or self.time.shape != self.flow.shape:
            raise InvalidHydrograph("A hydrograph needs the same number of times and flows.")
        if self.time.size > MAX_POINTS:
            raise InvalidHydrograph(TOO_MANY)
        if fault := first_fault(self.time, self.flow):
            index, reason = fault
            raise InvalidHydrograph(f"Point {index + 1}: {reason}")
        if self.time.size - self.missing < 2:
            raise InvalidHydrograph(_TOO_FEW)
        if self.start is not None:
            _check_dates(self.start, float(self.time[-1]))

    @property
    def missing(self) -> int:
        """The number of points whose flow is missing."""
        return int(np.isnan(self.flow).sum())

    @property
    def peak_flow(self) -> float:
        """The largest known flow, in cubic feet per second."""
        return float(np.nanmax(self.flow))

    @property
    def lowest_flow(self) -> float:
        """The smallest known flow, in cubic feet per second."""
        return float(np.nanmin(self.flow))

    @property
    def time_to_peak(self) -> float:
        """The time of the largest known flow, or of the first of several, in hours from 0."""
        return float(self.time[np.nanargmax(self.flow)])

    @property
    def volume(self) -> float:
        """The volume of water in acre-feet, over the intervals between two known values.

        V = sum((Q[i] + Q[i+1]) / 2 * (t[i+1] - t[i])) * 3600 / 43560. Flow is linear between two
        points (trapezoidal rule, Abramowitz and Stegun 1964, eq. 25.4.1, on each interval). An
        interval that begins or ends with a missing value adds nothing: a volume with gaps is that
        of the known intervals only, so the river carried more.
        """
        parts = (self.flow[:-1] + self.flow[1:]) / 2 * np.diff(self.time)
        return float(np.nansum(parts)) * SECONDS_PER_HOUR / CUBIC_FEET_PER_ACRE_FOOT

    def at(self, hours: float) -> dt.datetime | None:
        """Return the date and time of an hour, to the second; None without dates."""
        return None if self.start is None else _rounded(self.start + dt.timedelta(hours=hours))

    @property
    def zone(self) -> str:
        """The time zone of the dates, for example "UTC-5"; "" without one, or without dates."""
        offset = None if self.start is None else self.start.utcoffset()
        return "" if offset is None else zone_name(offset)

    def to_csv(self, units: Units = US) -> str:
        """Return CSV text that `formats` reads back, in US units as exactly the same flows.

        Times are hours, or dates with times in the time zone of `start`, which the header names.
        The flow of a missing value is empty.
        """
        flows = (self.flow * units.shown("cfs", 1.0)).tolist()
        heading, times = "time (hours)", [repr(hours) for hours in self.time.tolist()]
        if self.start is not None:
            clock = self.start.replace(tzinfo=None)
            moments = (clock + dt.timedelta(hours=hours) for hours in self.time.tolist())
            times = [moment.isoformat(" ") for moment in moments]
            heading = f"datetime ({self.zone})" if self.zone else "datetime"
        header = f"{heading},flow ({units.unit('cfs')})"
        points = zip(times, flows, strict=True)
        lines = (f"{time},{flow_text(flow)}" for time, flow in points)
        return "\n".join([header, *lines, ""])


@dataclass(frozen=True, slots=True)
class HydrographHead:
    """A stored hydrograph without its points. is_first: whether it is the one shown first."""

    id: int
    name: str
    note: str
    is_first: bool
    assigned_by: str | None
    assigned_at: dt.datetime


def flow_text(flow: float) -> str:
    """Return a flow with all its digits, "" for NaN.

    Files of gauges have -999999 for a missing value, so such a flow is written with an exponent.
    """
    if math.isnan(flow):
        return ""
    text = repr(flow)
    return f"{flow:.16e}" if _LIKE_MISSING.fullmatch(text) else text


def zone_name(offset: dt.timedelta) -> str:
    """Return for example "UTC-5" or "UTC+5:30" for an offset from UTC."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def too_large(name: str, size: int) -> InvalidHydrograph:
    """Return the error for a file that is larger than MAX_BYTES."""
    most = MAX_BYTES // 10**6
    return InvalidHydrograph(f"{name} has {size / 10**6:.1f} MB; the maximum is {most} MB.")


def first_fault(time: FloatArray, flow: FloatArray) -> tuple[int, str] | None:
    """Return the index of the first invalid point and the reason, or None."""
    is_missing = np.isnan(flow)
    too_large = ~((np.abs(time) <= LARGEST) & ((np.abs(flow) <= LARGEST) | is_missing))
    backwards = np.concatenate([[False], ~(time[1:] > time[:-1])])
    wrong = np.flatnonzero(too_large | (time < 0) | backwards)
    if not wrong.size:
        return None
    index = int(wrong[0])
    here = float(time[index])
    if too_large[index]:
        value = float(flow[index]) if abs(here) <= LARGEST else here
        return index, f"A number must be finite and at most {LARGEST:.0e}, but is {value:g}."
    if here < 0:
        return index, f"The time must not be negative, but is {here}."
    return index, f"The time must increase, but {here} comes after {float(time[index - 1])}."


def checked_name(name: str) -> str:
    """Return the name of a hydrograph without spaces around it. Raises InvalidHydrograph."""
    name = " ".join(name.split())
    if not name:
        raise InvalidHydrograph("A hydrograph needs a name.")
    if len(name) > MAX_NAME:
        raise InvalidHydrograph(f"The name of a hydrograph has at most {MAX_NAME} characters.")
    if wrong := flaw(name):
        raise InvalidHydrograph(f"The name of a hydrograph {wrong}")
    return name


def _check_dates(start: dt.datetime, hours: float) -> None:
    try:
        years = {start.year, (start + dt.timedelta(hours=hours)).year}
    except OverflowError:
        years = {dt.MAXYEAR}
    if not all(_YEARS[0] <= year <= _YEARS[1] for year in years):
        raise InvalidHydrograph(YEARS)


def _rounded(moment: dt.datetime) -> dt.datetime:
    return (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
