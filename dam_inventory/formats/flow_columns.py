"""Columns of a file of flows: what each one holds, and which are the time and the flow."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .flow_dates import is_clock, is_date
from .flow_numbers import is_missing, is_number
from .flow_table import FlowTable
from .flow_units import flow_units, time_units
from .flow_zones import is_zone

_SAMPLE = 200
_FLOW_WORDS = re.compile(
    r"discharge|stream ?flow|(?:in|out|run)?-?(?:flow|off)|\bq\b|abfluss|debit|débit|caudal|"
    r"spill|release", re.I,
)  # fmt: skip
_OTHER_WORDS = re.compile(
    r"gage|gauge|stage|level|height|temp|rain|precip|_cd$|qualif|flag|site", re.I
)
_TIME_WORDS = re.compile(r"date|time|\bhours?\b|\bt\b|zeit|datum|fecha|heure|elapsed", re.I)
_ZONE_WORDS = re.compile(r"tz(?:_?(?:cd|id|name))?|time ?_?zone|zone|utc[ _]?offset", re.I)


class Column(NamedTuple):
    """What most cells of a column are. place: its index."""

    place: int
    heading: str
    dates: bool
    clocks: bool
    numbers: bool
    zones: bool


def column(table: FlowTable, index: int) -> Column:
    """Find out what a column holds, from some of its cells."""
    cells = [cell for cell in sample(table, index) if not is_missing(cell)]
    most = max(1, len(cells) // 2)

    def holds(test: Callable[[str], object]) -> bool:
        return bool(cells) and sum(map(bool, map(test, cells))) >= most

    is_numeric = holds(is_number)
    heading = table.heading(index)
    are_dates = holds(is_date) and not (is_numeric and flow_units(heading))
    return Column(index, heading, are_dates, holds(is_clock), is_numeric and not are_dates,
                   holds(is_zone))  # fmt: skip


def name_time_and_flow(headings: Sequence[str]) -> bool:
    """Return whether one heading names a time, and another one a flow."""
    flows = [bool(_FLOW_WORDS.search(one) or flow_units(one)) for one in headings]
    times = [bool(_TIME_WORDS.search(one) or time_units(one)) for one in headings]
    return any(times[i] and not flows[i] for i in range(len(times))) and any(flows)


def flow_of(columns: Sequence[Column], time: int | None) -> int:
    """Return which column is probably the flow. time: the one that is the time, if known."""

    def score(one: Column) -> tuple[int, int]:
        points = 0
        if _OTHER_WORDS.search(one.heading):
            points -= 3
        if _FLOW_WORDS.search(one.heading):
            points += 3
        if flow_units(one.heading):
            points += 4
        if one.dates or one.clocks or is_zone_column(one):
            points -= 20
        if _TIME_WORDS.search(one.heading) and points < 4:
            points -= 5
        if not one.numbers:
            points -= 8
        return points, -one.place

    others = [one for one in columns if one.place != time]
    best = max(others, key=score)
    # Nothing tells them apart: the first is the time.
    if time is None and len(others) > 1 and best.place == 0 and score(best)[0] <= 0:
        best = max(others[1:], key=score)
    return best.place


def time_of(columns: Sequence[Column], flow: int) -> int:
    """Return which column is probably the time. flow: the one that is the flow."""

    def score(one: Column) -> tuple[int, int]:
        points = 8 * one.dates + 2 * one.clocks + one.numbers
        if _TIME_WORDS.search(one.heading):
            points += 4
        if is_zone_column(one):
            points -= 20
        return points, -one.place

    return max((one for one in columns if one.place != flow), key=score).place


def is_zone_column(one: Column) -> bool:
    """Return whether a column holds time zones, by its heading or its cells."""
    return bool(_ZONE_WORDS.fullmatch(one.heading)) or (one.zones and not one.numbers)


def has_clock(cell: str) -> bool:
    """Return whether a date has a time of day, or may have one."""
    return ":" in cell or bool(re.search(r"\d ?[ap]m\b|\d \d{4}$", cell, re.I))


def sample(table: FlowTable, index: int) -> list[str]:
    """Return some cells of a column, from all over the table."""
    step = max(1, len(table.rows) // _SAMPLE)
    return [row[index].strip() for row in table.rows[::step]]
