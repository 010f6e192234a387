"""Reads hydrographs from the files that people have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ..domain.hydrograph import MAX_NAME, FloatArray, Hydrograph, first_fault
from ..domain.units import US, Units
from ..errors import InvalidHydrograph
from .flow_files import tables_of
from .flow_numbers import is_missing, numbers, units_behind
from .flow_reading import DATES, Part, Question, Reading, questions, suggest, zone_said
from .flow_table import FlowTable
from .flow_times import Times, dated, elapsed, shortened, steps_in_words
from .flow_units import FLOW_UNITS

_MOST_SIGNS = 3


@dataclass(frozen=True, eq=False, slots=True)
class ReadHydrograph:
    """A hydrograph as a file has it.

    flow_unit: that of the file. notes: sentences to show. region: where the clock of its times is,
    such as "America/Denver"; "" if the file names none.
    """

    hydrograph: Hydrograph
    flow_unit: str
    notes: tuple[str, ...]
    region: str = ""

    def in_words(self, units: Units = US) -> str:
        """Return what the file says, in one line.

        For example "15-minute values, 2022-04-08 to 2022-04-12, UTC-5, m³/s shown as cfs, 3 values
        missing."
        """
        hydrograph, shown = self.hydrograph, units.unit("cfs")
        parts = [steps_in_words(hydrograph.time)]
        first, last = (
            hydrograph.at(float(hydrograph.time[0])),
            hydrograph.at(float(hydrograph.time[-1])),
        )
        if first is None or last is None:
            parts.append(f"{hydrograph.time[0]:,.10g} to {hydrograph.time[-1]:,.10g} hours")
        else:
            days = dict.fromkeys((first.date().isoformat(), last.date().isoformat()))
            zone = hydrograph.zone or "no time zone stated"
            parts += [" to ".join(days), f"{self.region} ({zone})" if self.region else zone]
        own = self.flow_unit
        parts.append(own if own == shown else f"{own} shown as {shown}")
        if missing := hydrograph.missing:
            parts.append(f"{missing:,} value{'s' if missing > 1 else ''} missing")
        sentence = ", ".join(parts)
        return sentence[0].upper() + sentence[1:] + "."


class Attempt(NamedTuple):
    """How a table was read. asked: all questions; open: those without an answer, else `read`."""

    reading: Reading
    asked: list[Question]
    open: list[Question]
    read: ReadHydrograph | None


def parse(content: bytes, file_name: str = "") -> Hydrograph:
    """Read a hydrograph from a file that says all that is needed, without asking anybody.

    content: see `flow_files.tables_of`. The first table, and its likeliest columns, are read; see
    `flow_reading.suggest`. Two columns without units are hours and cubic feet per second.
    Raises InvalidHydrograph, which names the first wrong line, or what the file does not say.
    """
    tried = attempt(tables_of(content, file_name)[0], file_name)
    if tried.read is None:
        question = tried.open[0]
        raise InvalidHydrograph(
            f"{question.sentence} The file does not say it. Choices: {', '.join(question.choices)}."
        )
    return tried.read.hydrograph


def attempt(
    table: FlowTable,
    file_name: str,
    time: int | None = None,
    flow: int | None = None,
    answers: Mapping[Part, str] = MappingProxyType({}),
) -> Attempt:
    """Read a hydrograph as far as the file and the answers say how.

    time, flow: the columns that a person has chosen, None for the likeliest. answers: choices of
    the questions that a former attempt has asked; others are ignored. Raises InvalidHydrograph.
    """
    if time is not None and time == flow:
        raise InvalidHydrograph("Time and flow must be two different columns.")
    reading = suggest(table, file_name, time, flow)
    asked = questions(table, reading, file_name)
    known = {one.part: answers[one.part] for one in asked if answers.get(one.part) in one.choices}
    reading = replace(reading, **known)  # type: ignore[arg-type]
    still_open = [one for one in asked if one.part not in known]
    return Attempt(reading, asked, still_open, None if still_open else read(table, reading))


def read(table: FlowTable, reading: Reading) -> ReadHydrograph:
    """Read a hydrograph from two columns of a table; `questions` must be answered.

    Rows are sorted by time. A time that is there twice with the same flow counts once; with
    different flows it is refused. Missing values are NaN. Raises InvalidHydrograph.
    """
    table, blank = _with_times(table, reading)
    if len(table.rows) < 2:
        raise InvalidHydrograph("A hydrograph needs at least two points.")
    places = [f"{table.place} {line}" for line in table.lines]
    times = _times(table, reading, places)
    cells = table.column(reading.flow)
    found = numbers(cells, reading.decimal, table.is_gauge)
    if found.wrong:
        index = found.wrong[0]
        raise InvalidHydrograph(f'{places[index]}: "{shortened(cells[index])}" is not a number.')
    if found.units - {reading.flow_unit}:
        _check_units(cells, reading.flow_unit, places)
    flow = np.array(found.values, dtype=np.float64) * FLOW_UNITS[reading.flow_unit]
    order, notes = _in_order(times.hours, flow, places)
    hours, flow = times.hours[order], flow[order]
    if fault := first_fault(hours, flow):
        index, reason = fault
        raise InvalidHydrograph(f"{places[int(order[index])]}: {reason}")
    if blank:
        notes.append(f"{blank:,} row{'s' if blank > 1 else ''} without a time left out.")
    notes += [*times.notes, *_missing(found.missing)]
    hydrograph = Hydrograph(hours, flow, times.start)
    return ReadHydrograph(hydrograph, reading.flow_unit, tuple(notes), times.region)


def _check_units(cells: Sequence[str], unit: str, places: Sequence[str]) -> None:
    for cell, place in zip(cells, places, strict=True):
        if (units := units_behind(cell)) and unit not in units:
            raise InvalidHydrograph(f'{place}: "{shortened(cell)}" is not in {unit}.')


def default_name(file_name: str, table: FlowTable | None = None) -> str:
    """Return a name for the hydrograph of a file: that of the file, and of its sheet or gauge."""
    stem = PurePath(file_name.replace("\\", "/")).name
    while re.search(r"\.[A-Za-z0-9]{1,5}$", stem):
        stem = stem.rpartition(".")[0]
    parts = [stem, table.name if table else ""]
    name = " ".join(" ".join(part.split()) for part in parts if part)
    name = "".join(one if one.isprintable() else " " for one in name)
    return name[:MAX_NAME].strip() or "Hydrograph"


def _with_times(table: FlowTable, reading: Reading) -> tuple[FlowTable, int]:
    """Leave out the rows without a time and a flow; return the number of those that had others."""
    cells = zip(table.column(reading.time), table.column(reading.flow), strict=True)
    kept = []
    for index, (time, flow) in enumerate(cells):
        if time and (reading.time_unit == DATES or not is_missing(time) or not is_missing(flow)):
            kept.append(index)
        elif not is_missing(flow):
            raise InvalidHydrograph(f"{table.place} {table.lines[index]} has no time.")
    left_out = len(table.rows) - len(kept)
    if not left_out:
        return table, 0
    rows, lines = [table.rows[one] for one in kept], [table.lines[one] for one in kept]
    return replace(table, rows=rows, lines=lines), left_out


def _times(table: FlowTable, reading: Reading, places: Sequence[str]) -> Times:
    cells = table.column(reading.time)
    if reading.time_unit != DATES:
        return elapsed(cells, reading.time_unit, reading.decimal, places)
    zones = table.column(reading.zone)
    if reading.zone is None:
        zones = [zone_said(table, reading)] * len(cells)
    return dated(cells, table.column(reading.clock), zones, places, reading.order)


def _in_order(
    hours: FloatArray, flow: FloatArray, places: Sequence[str]
) -> tuple[np.ndarray, list[str]]:
    """Return the indices of the rows by time, each time once, and what was done to them."""
    notes: list[str] = []
    order = np.argsort(hours, kind="stable")
    if (np.diff(hours) < 0).any():
        notes.append("The rows are sorted by time.")
    if not hours.size or not np.isfinite(hours).all():
        return np.arange(hours.size), []
    starts = np.flatnonzero(np.diff(hours[order], prepend=-np.inf) > 0)
    if starts.size == order.size:
        return order, notes
    chosen = []
    for rows in np.split(order, starts[1:]):
        known = [row for row in rows.tolist() if not np.isnan(flow[row])]
        if len({float(flow[row]) for row in known}) > 1:
            first, second = known[0], next(row for row in known if flow[row] != flow[known[0]])
            raise InvalidHydrograph(
                f"{places[second]} has the time of {places[first].lower()}, but another flow. Keep "
                "one of them. If the clock was set back here, name its region in the heading, such "
                "as America/Denver."
            )
        chosen.append(known[0] if known else int(rows[0]))
    repeated = order.size - len(chosen)
    notes.append(f"{repeated:,} repeated row{'s' if repeated > 1 else ''} left out.")
    return np.array(chosen), notes


def _missing(signs: Counter[str]) -> list[str]:
    """Say which signs were taken for missing values, except for empty cells."""
    counted = [(sign, count) for sign, count in signs.most_common() if sign]
    if not counted:
        return []
    parts = [f'"{shortened(sign)}" ({count:,})' for sign, count in counted[:_MOST_SIGNS]]
    if len(counted) > _MOST_SIGNS:
        parts.append(f"{len(counted) - _MOST_SIGNS} others")
    return [f"Taken as missing: {', '.join(parts)}."]
