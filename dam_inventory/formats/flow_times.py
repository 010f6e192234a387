"""The times of a hydrograph's file: hours from a start, and the date of that start if known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..domain.hydrograph import YEARS, FloatArray, zone_name
from ..errors import InvalidHydrograph
from .flow_dates import MONTH_FIRST, duration, moment
from .flow_folds import Local, offsets_of
from .flow_numbers import numbers
from .flow_units import HOURS_OF
from .flow_zones import offset_of, region_of

_EPOCH = dt.datetime(1970, 1, 1)
_MICROSECOND = dt.timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000
_FULL_DAY = 24.0


class Times(NamedTuple):
    """hours: float64, shape (n,), in the order of the file, from the earliest for dates.

    start: the date of hour 0, or None. notes: sentences for the person. region: where the clock
    of all rows is, such as "America/Denver"; "" if none is named.
    """

    hours: FloatArray
    start: dt.datetime | None
    notes: list[str]
    region: str = ""


def dated(
    cells: Sequence[str],
    clocks: Sequence[str],
    zones: Sequence[str],
    places: Sequence[str],
    order: str = MONTH_FIRST,
) -> Times:
    """Read dates with times. Each offset may differ: daylight saving changes within a file.

    clocks: the times, if they have a column of their own, else empty texts. zones: of each row,
    "" if unknown. places: names of the rows, such as "Line 3". Raises InvalidHydrograph.
    """
    times: list[Local] = []
    stated: list[dt.timedelta | None] = []
    unknown: set[str] = set()
    regions: set[str] = set()
    notes: list[str] = []
    differing: list[str] = []
    for cell, clock, zone, place in zip(cells, clocks, zones, places, strict=True):
        shown = " ".join(f"{cell} {clock}".split())
        read = moment(shown, order)
        if read is None:
            raise InvalidHydrograph(f'{place}: "{shortened(shown)}" is not a date with a time.')
        named = read.zone or read.region or zone.strip()
        offset, region = offset_of(named), region_of(read.region or named)
        if named and offset is None and region is None:
            unknown.add(named)
        time = Local(read.clock, region, place, shown)
        is_its = region is not None and (offset is None or offset in time.offsets())
        regions.add(region.key if region and is_its else "")
        if region and offset is not None and not is_its and read.zone != "Z":
            differing.append(f"{place} is not at {zone_name(offset)} in {region.key}")
        times.append(time)
        stated.append(offset)
    offsets = offsets_of(times, stated)
    known = {offset for offset in offsets if offset is not None}
    if len(unknown) > 1 or (known and None in offsets):
        place = places[offsets.index(None)]
        raise InvalidHydrograph(
            f"{place}: The time zone is not known, but other rows have one. Write each as EST, "
            "UTC-5 or America/New_York."
        )
    micro = np.array([(one.clock - _EPOCH) // _MICROSECOND for one in times], dtype=np.int64)
    notes += [
        f'The time zone "{shortened(one)}" is not known; times are as the file has them.'
        for one in unknown
    ]
    if differing:
        notes.append(
            f"{differing[0]}. The offset is taken, not the region; so it is in {len(differing):,} "
            f"row{'s' if len(differing) > 1 else ''}."
        )
    start = _EPOCH
    if offsets[0] is not None:
        # Before there were time zones, offsets had seconds.
        start_offset = dt.timedelta(minutes=round(offsets[0] / dt.timedelta(minutes=1)))
        shifts = [(one or dt.timedelta()) // _MICROSECOND for one in offsets]
        micro = micro - np.array(shifts, dtype=np.int64) + start_offset // _MICROSECOND
        start = _EPOCH.replace(tzinfo=dt.timezone(start_offset))
        if len(known) > 1:
            shown = zone_name(start_offset)
            notes.append(f"The time zone changes within the file; all times are in {shown}.")
    first = int(micro.min())
    hours = (micro - first) / _MICROSECONDS_PER_HOUR
    try:
        start += dt.timedelta(microseconds=first)
    except OverflowError as error:
        raise InvalidHydrograph(YEARS) from error
    return Times(hours, start, notes, regions.pop() if len(regions) == 1 else "")


def elapsed(cells: Sequence[str], unit: str, decimal: str, places: Sequence[str]) -> Times:
    """Read times since a start: numbers in a unit of HOURS_OF, or such as "26:15".

    Raises InvalidHydrograph.
    """
    if all(":" in cell for cell in cells):
        return _durations(cells, places)
    found = numbers(cells, decimal)
    wrong = [*found.wrong, *(i for i, one in enumerate(found.values) if math.isnan(one))]
    if wrong:
        index = min(wrong)
        raise InvalidHydrograph(f'{places[index]}: "{shortened(cells[index])}" is not a number.')
    return Times(np.array(found.values, dtype=np.float64) * HOURS_OF[unit], None, [])


def _durations(cells: Sequence[str], places: Sequence[str]) -> Times:
    hours: list[float] = []
    for cell, place in zip(cells, places, strict=True):
        read = duration(cell)
        if read is None:
            raise InvalidHydrograph(f'{place}: "{shortened(cell)}" is not a time.')
        if hours and read < hours[-1] and max(hours) < _FULL_DAY:
            raise InvalidHydrograph(
                f"{place}: The times begin again at {shortened(cell)}. Add a column with the dates."
            )
        hours.append(read)
    return Times(np.array(hours, dtype=np.float64), None, [])


def steps_in_words(hours: FloatArray) -> str:
    """Return for example "15-minute values", "daily values" or "values at irregular times"."""
    minutes = np.round(np.diff(hours) * 60, 6)
    steps, counts = np.unique(minutes, return_counts=True)
    step = float(steps[counts.argmax()])
    if counts.max() < 0.9 * minutes.size:
        return "values at irregular times"
    if step in (60, 1440):
        return "hourly values" if step == 60 else "daily values"
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute"), (1 / 60, "second")):
        if step >= size:
            return f"{round(step / size, 4):g}-{unit} values"
    return "values at irregular times"


def shortened(text: str) -> str:
    """Return at most 40 characters of a text; replace those that are not printable."""
    shown = text.strip()[:41]
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in shown)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
