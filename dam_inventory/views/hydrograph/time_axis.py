"""The time axis of a plot of hydrographs: hours, or dates on the clock of their time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bokeh.models import BasicTicker, DatetimeTicker, DatetimeTickFormatter, NumeralTickFormatter

from ...domain.hydrograph import FloatArray, Hydrograph

HOUR = 3_600_000.0
"""An hour in milliseconds, the unit of Bokeh's dates."""

_EPOCH = dt.datetime(1970, 1, 1)
_DAY, _TIME = "%b %d, %Y", "%H:%M"


@dataclass(frozen=True, slots=True)
class Clock:
    """From the hours of a hydrograph to the places on the axis: x = origin + hours * scale."""

    origin: float = 0.0
    scale: float = 1.0

    def x(self, hours: FloatArray) -> FloatArray:
        """Return places on the axis: hours, or milliseconds since 1970 as the clock shows them."""
        return self.origin + hours * self.scale

    def hours(self, x: float) -> float:
        """Return the hours of a place on the axis."""
        return (x - self.origin) / self.scale


def clocks(hydrographs: Sequence[Hydrograph]) -> tuple[list[Clock], str]:
    """Return the clock of each hydrograph on a common axis, and the label of that axis.

    The axis has dates if all hydrographs have them, in the time zone of the first; else hours.
    """
    starts = [one.start for one in hydrographs if one.start is not None]
    if not starts or len(starts) < len(hydrographs):
        return [Clock() for _ in hydrographs], "Time (hours)"
    zone = starts[0].tzinfo
    are_zoned = [start.tzinfo is not None for start in starts]
    if all(are_zoned):
        starts = [start.astimezone(zone) for start in starts]
        label = f"Time ({hydrographs[0].zone})"
    else:
        label = "Time (as the files have it)" if any(are_zoned) else "Time (no time zone stated)"
    origins = (
        (start.replace(tzinfo=None) - _EPOCH) / dt.timedelta(milliseconds=1) for start in starts
    )
    return [Clock(origin, HOUR) for origin in origins], label


class TimeAxis:
    """Shows the axis of a plot in hours or in dates."""

    def __init__(self, plot: Any) -> None:
        self._axis = plot.xaxis[0]
        self._hours = (BasicTicker(), NumeralTickFormatter(format="0,0.[0000]"))
        below = DatetimeTickFormatter(
            seconds=_DAY, minsec=_DAY, minutes=_DAY, hourmin=_DAY, hours=_DAY, days="%Y", months="",
            years="",
        )  # fmt: skip
        self._dates = (
            DatetimeTicker(),
            DatetimeTickFormatter(
                minutes=_TIME, hourmin=_TIME, hours=_TIME, days="%b %d", months="%b %Y",
                years="%Y", context=below, context_which="start", hide_repeats=True,
            ),
        )  # fmt: skip
        self.show([Clock()], "Time (hours)")

    def show(self, all_clocks: Sequence[Clock], label: str) -> None:
        """Show the axis of some clocks, with its label."""
        are_dates = all_clocks[0].scale == HOUR
        ticker, formatter = self._dates if are_dates else self._hours
        self._axis.update(ticker=ticker, formatter=formatter, axis_label=label)
