"""Times of a region whose clock is set forward and back: which offset from UTC each one has."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..domain.hydrograph import zone_name
from ..errors import InvalidHydrograph

_EPOCH = dt.datetime(1970, 1, 1)
_APART = dt.timedelta(days=1)
"""Repeated hours that are as far apart are those of two nights."""


class Local(NamedTuple):
    """The time of a row.

    region: where its clock is, None if the row names none. place: the name of the row. shown: how
    the row has its time.
    """

    clock: dt.datetime
    region: ZoneInfo | None
    place: str
    shown: str

    def offsets(self) -> tuple[dt.timedelta, dt.timedelta]:
        """Return the offset from UTC: the earlier and the later one if the clock is set."""
        first, second = (
            self.clock.replace(tzinfo=self.region, fold=fold).utcoffset() or dt.timedelta()
            for fold in (0, 1)
        )
        return first, second


Offsets = list[dt.timedelta | None]


def offsets_of(times: Sequence[Local], known: Sequence[dt.timedelta | None]) -> Offsets:
    """Return the offset from UTC of each time: what is known, or that of its region.

    When a clock is set back, one hour is there twice. The order of the rows tells which one is
    meant, or else that all steps are the same. Raises InvalidHydrograph if nothing tells, or if
    there is no such time, because the clock was set forward.
    """
    offsets = list(known)
    repeated = []
    for index, time in enumerate(times):
        if time.region is None or known[index] is not None:
            continue
        first, second = time.offsets()
        if first < second:
            raise InvalidHydrograph(
                f'{time.place}: "{time.shown}" does not exist in {time.region}, where the clock '
                f"was set forward. If the clock of the gauge is never set, replace {time.region} "
                f"by {zone_name(first)}."
            )
        if first > second:
            repeated.append(index)
        else:
            offsets[index] = first
    if repeated:
        way = _way(times, offsets)
        step = _usual_step(times)
        for night in _nights(times, repeated):
            found = _resolved(times, offsets, night[::way], way, step) if way else None
            if found is None:
                raise _unclear(times[night[0]])
            for index, offset in zip(night[::way], found, strict=True):
                offsets[index] = offset
    return offsets


def _way(times: Sequence[Local], offsets: Offsets) -> int:
    """Return 1 if the rows go forward in time, -1 if they go back, 0 if they do neither."""
    moments = [
        one for row in range(len(times)) if (one := _moment(times, offsets, row)) is not None
    ]
    ways = {(before < after) - (before > after) for before, after in pairwise(moments)} - {0}
    if not ways:
        clocks = pairwise(time.clock for time in times)
        return 1 if sum((one < other) - (one > other) for one, other in clocks) >= 0 else -1
    return ways.pop() if len(ways) == 1 else 0


def _usual_step(times: Sequence[Local]) -> dt.timedelta:
    steps = Counter(abs(other.clock - one.clock) for one, other in pairwise(times))
    return steps.most_common(1)[0][0]


def _nights(times: Sequence[Local], repeated: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows in a repeated hour, for each night."""
    night: list[int] = []
    for index in repeated:
        if night and (
            index != night[-1] + 1
            or times[index].region is not times[night[-1]].region
            or abs(times[index].clock - times[night[-1]].clock) >= _APART
        ):
            yield night
            night = []
        night.append(index)
    yield night


def _resolved(
    times: Sequence[Local], offsets: Offsets, rows: Sequence[int], way: int, step: dt.timedelta
) -> list[dt.timedelta] | None:
    """Return the offsets of the rows of a night, which go forward in time; None if unclear."""
    clocks = [times[row].clock for row in rows]
    first, second = times[rows[0]].offsets()
    steps = [other - one for one, other in pairwise(clocks)]
    back = [place for place, one in enumerate(steps, 1) if one < dt.timedelta()]
    switches = back or [
        0, len(rows), *(place for place, one in enumerate(steps, 1) if one + first - second == step)
    ]  # fmt: skip
    if len(back) > 1:
        return None
    before = _moment(times, offsets, rows[0] - way)
    after = _moment(times, offsets, rows[-1] + way)
    possible, even = [], []
    for switch in switches:
        found = [first] * switch + [second] * (len(rows) - switch)
        moments = [_utc(clock, offset) for clock, offset in zip(clocks, found, strict=True)]
        whole = [one for one in (before, *moments, after) if one is not None]
        gaps = {other - one for one, other in pairwise(whole)}
        if min(gaps, default=step) >= dt.timedelta():
            possible.append(found)
            even += [found] if gaps <= {step} else []
    if len(possible) == 1:
        return possible[0]
    return even[0] if len(even) == 1 else None


def _moment(times: Sequence[Local], offsets: Offsets, row: int) -> dt.timedelta | None:
    """Return the time of a row in UTC; None if there is no such row, or if it is not known."""
    if not 0 <= row < len(times) or (offset := offsets[row]) is None:
        return None
    return _utc(times[row].clock, offset)


def _utc(clock: dt.datetime, offset: dt.timedelta) -> dt.timedelta:
    # No date: that could be before the year 1.
    return clock - _EPOCH - offset


def _unclear(time: Local) -> InvalidHydrograph:
    first, second = map(zone_name, time.offsets())
    return InvalidHydrograph(
        f'{time.place}: "{time.shown}" is there twice in {time.region}, where the clock was set '
        f"back, and the rows around it do not tell which one is meant. Write {first} or {second} "
        "behind it."
    )
