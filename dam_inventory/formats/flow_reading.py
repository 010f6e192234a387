"""Reading: how the columns of a hydrograph are read, in which units, and what must be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from ..errors import InvalidHydrograph
from .flow_columns import Column, column, flow_of, has_clock, is_zone_column, sample, time_of
from .flow_dates import DAY_FIRST, MONTH_FIRST, orders
from .flow_numbers import decimal_sign, is_missing, is_number, numbers
from .flow_table import FlowTable
from .flow_times import shortened
from .flow_units import (
    FLOW_UNITS,
    HOURS_OF,
    USUAL_FLOW_UNITS,
    flow_units,
    in_brackets,
    time_units,
)
from .flow_zones import is_zone, region_of, zones_in

DATES = "dates"
"""The unit of times that are dates."""

_ZONE_SAID = re.compile(r"(?:time ?zone|\btz)\W+([^\s,;()]+(?: ?[+-]\d+)?)", re.I)
_MINUTES_FIRST = re.compile(r"\bm(?:m|in(?:utes?)?)?:s", re.I)
_UNIT_WORDS = re.compile(r"units?(?:[ _]of[ _]measure)?|einheit|unité", re.I)

Part = Literal["flow_unit", "time_unit", "order", "decimal"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read. Numbers are indices of columns, None for a column that is not there.

    clock: the column of the times, if `time` has only dates. zone: that of the time zones.
    flow_unit: of FLOW_UNITS, "" if unknown. time_unit: of HOURS_OF, or DATES, "" if unknown.
    order: MONTH_FIRST or DAY_FIRST for dates such as 4/8/2022, "" if unknown. decimal: "." or
    ",", "" if unknown.
    """

    time: int
    flow: int
    clock: int | None = None
    zone: int | None = None
    flow_unit: str = ""
    time_unit: str = ""
    order: str = MONTH_FIRST
    decimal: str = "."


CHOICES: dict[Part, tuple[str, ...]] = {
    "flow_unit": USUAL_FLOW_UNITS,
    "time_unit": tuple(HOURS_OF),
    "order": (MONTH_FIRST, DAY_FIRST),
    "decimal": (".", ","),
}
"""The answers to each question."""


class Question(NamedTuple):
    """What the file does not say. part: the part of a Reading that the answer is."""

    part: Part
    sentence: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The possible answers."""
        return CHOICES[self.part]


def suggest(
    table: FlowTable, file_name: str = "", time: int | None = None, flow: int | None = None
) -> Reading:
    """Return how a table is probably read; headings decide, then values, then the order.

    time, flow: columns that a person has chosen. What nothing says stays unknown.
    """
    columns = [column(table, index) for index in range(len(table.headings))]
    if flow is None:
        flow = flow_of(columns, time)
    if time is None:
        time = time_of(columns, flow)
    chosen = columns[time]
    clock = zone = None
    if chosen.dates and not any(map(has_clock, sample(table, time))):
        clock = next((one.place for one in columns if one.clocks and one.place != flow), None)
    if chosen.dates:
        zone = next((one.place for one in columns if is_zone_column(one)), None)
    decimal = decimal_sign(_deciding(table, chosen, flow), table.separator)
    reading = Reading(time, flow, clock, zone, decimal=decimal)
    reading = replace(reading, time_unit=_time_unit(table, chosen, len(columns) == 2))
    if chosen.dates:
        found = orders(cell for cell in table.column(time) if cell)
        reading = replace(reading, order=found.pop() if len(found) == 1 else "")
    return replace(reading, flow_unit=_flow_unit(table, reading, columns, file_name))


def questions(table: FlowTable, reading: Reading, file_name: str = "") -> list[Question]:
    """Return what must be asked before the table can be read."""
    asked: list[Question] = []
    if not reading.time_unit:
        said = _said(table.heading(reading.time))
        asked.append(Question("time_unit", f"{said}In which unit is the time?"))
    if not reading.flow_unit:
        said = _said(table.heading(reading.flow)) or _said_by_name(file_name)
        asked.append(Question("flow_unit", f"{said}In which unit is the flow?"))
    if reading.time_unit == DATES and not reading.order:
        date = next(cell for cell in table.column(reading.time) if cell)
        sentence = f'Which number of "{date}" is the month?'
        asked.append(Question("order", sentence))
    if not reading.decimal:
        deciding = _deciding(table, column(table, reading.time), reading.flow)
        cell = next(cell for cell in deciding if "," in cell)
        meanings = " or ".join(cell.replace(",", sign) for sign in ("", "."))
        sentence = f'"{cell}" could mean {meanings}. What is the decimal sign?'
        asked.append(Question("decimal", sentence))
    return asked


def _deciding(table: FlowTable, time: Column, flow: int) -> list[str]:
    """Return the cells that tell the decimal sign: neither dates nor words for "missing"."""
    times = [] if time.dates or time.clocks else table.column(time.place)
    return [cell for cell in (*times, *table.column(flow)) if not is_missing(cell)]


def _time_unit(table: FlowTable, chosen: Column, is_plain: bool) -> str:
    if chosen.dates:
        return DATES
    if chosen.clocks:
        if _MINUTES_FIRST.search(chosen.heading):
            raise InvalidHydrograph(
                f'"{shortened(chosen.heading)}" are minutes and seconds. Write the times as '
                "hours, minutes and seconds, such as 0:01:30."
            )
        return "hours"
    bracketed = in_brackets(chosen.heading)
    found = time_units(bracketed) or time_units(chosen.heading)
    if len(found) == 1:
        return found.pop()
    return "hours" if is_plain and not found and not bracketed and _is_no_date(chosen) else ""


def _is_no_date(chosen: Column) -> bool:
    return not re.search(r"date|datum|fecha", chosen.heading, re.I)


def _flow_unit(
    table: FlowTable, reading: Reading, columns: Sequence[Column], file_name: str
) -> str:
    heading = table.heading(reading.flow)
    found = flow_units(in_brackets(heading)) or flow_units(heading)
    if not found:
        cells = [cell for cell in sample(table, reading.flow) if not is_number(cell)]
        found = numbers(cells, reading.decimal or ".").units
    for one in columns if not found else ():
        if _UNIT_WORDS.fullmatch(one.heading):
            found = set().union(*map(flow_units, set(table.column(one.place))))
    if not found and not in_brackets(heading):
        found = flow_units(table.said)
    if found:
        return found.pop() if len(found) == 1 else ""
    is_plain = len(columns) == 2 and reading.time_unit == "hours" and not in_brackets(heading)
    hint = flow_units(_stem(file_name))
    return "cfs" if is_plain and hint <= {"cfs"} else ""


def _stem(file_name: str) -> str:
    return file_name.rpartition(".")[0] or file_name


def _said(heading: str) -> str:
    unread = in_brackets(heading)
    return f'"{heading}" has no unit that is known. ' if unread else ""


def _said_by_name(file_name: str) -> str:
    found = sorted(flow_units(_stem(file_name)) & FLOW_UNITS.keys())
    return f"The name of the file says {' and '.join(found)}. " if found else ""


def zone_said(table: FlowTable, reading: Reading) -> str:
    """Return the time zone that a heading or the lines above it name; "" for none or several."""
    found = zones_in(table.heading(reading.time))
    if reading.clock is not None:
        found |= zones_in(table.heading(reading.clock))
    if not found:
        # A line above the headings is taken for headings if those are units, too: "datetime,cfs".
        text = f"{table.said}\n{' '.join(table.headings)}"
        found = set(filter(is_zone, _ZONE_SAID.findall(text)))
        found = found or {one for one in zones_in(table.said) if region_of(one)}
    return found.pop() if len(found) == 1 else ""
