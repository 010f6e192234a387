"""Parses an uploaded file into a checked hydrograph: the flow of a river over time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from ..errors import InvalidHydrograph
from .units import METRIC, US, Units

FloatArray = npt.NDArray[np.float64]

MAX_POINTS = 100_000
MAX_BYTES = 10_000_000
"""10 MB (1 MB is 1,000,000 bytes)."""

LARGEST = 1e15
"""The largest plausible time in hours, or flow in cubic feet per second."""

SECONDS_PER_HOUR = 3600
CUBIC_FEET_PER_ACRE_FOOT = 43_560
"""Exact (NIST Handbook 44, appendix C)."""

_TOO_FEW = "A hydrograph needs at least two points."
_TOO_MANY = f"A hydrograph has at most {MAX_POINTS:,} points."
_TWO_COLUMNS = (
    "A hydrograph needs two: time (hours) and flow (cfs), separated by a comma, semicolon or tab."
)
_SAVE_AS = "In a spreadsheet, save it as UTF-8 CSV."

_METRIC_FLOW = re.compile(r"m(?:³|\^?3)\s*/\s*s|\bcms\b|\bcumecs?\b", re.I)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LIKE_A_NUMBER = re.compile(r"\s*[+\-\N{MINUS SIGN}]?(?:[.,]?\d|(?:nan|inf|infinity)\s*$)", re.I)
_LIKE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_MAX_LINE_LENGTH = 1000
_MAX_LINES = 10 * MAX_POINTS


@dataclass(frozen=True, eq=False, slots=True)
class Hydrograph:
    """Flow over time, as two read-only arrays of the same length.

    time: hours from the start, float64, shape (n,), strictly increasing, not negative.
    flow: cubic feet per second, float64, shape (n,); negative for reverse flow.
    Raises InvalidHydrograph for arrays that break these rules.
    """

    time: FloatArray
    flow: FloatArray

    def __post_init__(self) -> None:
        for name in ("time", "flow"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if self.time.ndim != 1 or self.time.shape != self.flow.shape:
            raise InvalidHydrograph("A hydrograph needs the same number of times and flows.")
        if self.time.size > MAX_POINTS:
            raise InvalidHydrograph(_TOO_MANY)
        if fault := _first_fault(self.time, self.flow):
            index, reason = fault
            raise InvalidHydrograph(f"Point {index + 1}: {reason}")
        if self.time.size < 2:
            raise InvalidHydrograph(_TOO_FEW)

    @property
    def peak_flow(self) -> float:
        """The largest flow, in cubic feet per second."""
        return float(self.flow.max())

    @property
    def time_to_peak(self) -> float:
        """The time of the largest flow, or of the first of several, in hours from the start."""
        return float(self.time[self.flow.argmax()])

    @property
    def volume(self) -> float:
        """The volume of water between the first point and the last, in acre-feet.

        V = sum((Q[i] + Q[i+1]) / 2 * (t[i+1] - t[i])) * 3600 / 43560. Flow is linear between two
        points (trapezoidal rule, Abramowitz and Stegun 1964, eq. 25.4.1, on each interval).
        """
        cubic_feet = float(np.trapezoid(self.flow, self.time)) * SECONDS_PER_HOUR
        return cubic_feet / CUBIC_FEET_PER_ACRE_FOOT

    def to_csv(self, units: Units = US) -> str:
        """Return CSV text that `parse` reads back, in US units as exactly the same numbers."""
        flows = (self.flow * units.shown("cfs", 1.0)).tolist()
        header = f"time (hours),flow ({units.unit('cfs')})"
        points = zip(self.time.tolist(), flows, strict=True)
        return "\n".join([header, *(f"{time!r},{flow!r}" for time, flow in points), ""])


def parse(content: bytes, file_name: str = "") -> Hydrograph:
    """Read a hydrograph from a text file of two columns: time in hours, and flow in cfs.

    If the header line says that the flow is in cubic meters per second, it is converted.
    content: UTF-8 with or without a byte-order mark; separated by comma, semicolon or tab; with or
    without a header line. With semicolons or tabs, numbers may have a decimal comma.
    Blank lines are ignored.
    file_name: the name of the file in messages about the whole file.
    Raises InvalidHydrograph, which names the first wrong line.
    """
    text = _text(content, f'"{_short(file_name)}"' if file_name else "The file")
    separator = _separator(text)
    names, lines, cells = _cells(text, separator)
    plain = cells
    if separator != "," and _have_decimal_commas(lines, cells):
        plain = [cell.replace(",", ".") for cell in cells]
    for number, cell in enumerate(plain):
        if not _NUMBER.fullmatch(cell):
            line, shown = lines[number // 2], _short(cells[number])
            raise InvalidHydrograph(f'Line {line}: "{shown}" is not a number.')
    time, flow = np.array([float(cell) for cell in plain]).reshape(-1, 2).T
    if names and _METRIC_FLOW.search(names[1]):
        flow = flow * METRIC.stored("cfs", 1.0)
    if fault := _first_fault(time, flow):
        index, reason = fault
        raise InvalidHydrograph(f"Line {lines[index]}: {reason}")
    return Hydrograph(time, flow)


def too_large(name: str, size: int) -> InvalidHydrograph:
    """Return the error for a file that is larger than MAX_BYTES."""
    most = MAX_BYTES // 10**6
    return InvalidHydrograph(f"{name} has {size / 10**6:.1f} MB; the maximum is {most} MB.")


def _text(content: bytes, name: str) -> str:
    """Return the content as text with normalized line endings."""
    if not content:
        raise InvalidHydrograph("Hydrograph file is required.")
    if len(content) > MAX_BYTES:
        raise too_large(name, len(content))
    if b"\0" in content:
        raise InvalidHydrograph(f"{name} is not a text file. {_SAVE_AS}")
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if content.count(b"\n") > _MAX_LINES:
        raise InvalidHydrograph(f"{name} has more than {_MAX_LINES:,} lines.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidHydrograph(f"Line {line} is not UTF-8 text. {_SAVE_AS}") from None


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text), 1):
        if len(line) > _MAX_LINE_LENGTH:
            raise InvalidHydrograph(f"Line {number} has more than {_MAX_LINE_LENGTH:,} characters.")
        yield line


def _separator(text: str) -> str:
    # From the second line, because the first may hold column names with any characters.
    lines = [*islice(filter(str.strip, _lines(text)), 2)]
    return next((sign for sign in "\t;" if lines and sign in lines[-1]), ",")


def _cells(text: str, separator: str) -> tuple[list[str], list[int], list[str]]:
    """Return the names of the columns, the line number of each point, and times and flows.

    The names are empty without a header line. Times and flows are in one flat list, alternating.
    """
    names: list[str] = []
    lines: list[int] = []
    cells: list[str] = []
    rows = csv.reader(_lines(text), delimiter=separator, skipinitialspace=True, strict=True)
    line, may_be_names = 0, True
    try:
        for row in rows:
            # A quoted cell may contain line breaks.
            line, here = rows.line_num, line + 1
            if not "".join(row).strip():
                continue
            if len(row) != 2:
                columns = "1 column" if len(row) == 1 else f"{len(row)} columns"
                raise InvalidHydrograph(f"Line {here} has {columns}. {_TWO_COLUMNS}")
            if may_be_names and _are_names(row):
                names = row
            else:
                lines.append(here)
                cells += map(str.strip, row)
            may_be_names = False
            if len(lines) > MAX_POINTS:
                raise InvalidHydrograph(f"Line {here}: {_TOO_MANY}")
    except csv.Error as error:
        raise InvalidHydrograph(f"Line {line + 1} is not valid CSV: {error}.") from None
    return names, lines, cells


def _are_names(row: Sequence[str]) -> bool:
    return any(map(str.isalpha, "".join(row))) and not any(map(_LIKE_A_NUMBER.match, row))


def _have_decimal_commas(lines: Sequence[int], cells: Sequence[str]) -> bool:
    """Return whether commas are decimal signs: not when any cell has a decimal point."""
    with_comma = [number for number, cell in enumerate(cells) if "," in cell]
    if not with_comma or any("." in cell for cell in cells):
        return False
    if all(_LIKE_THOUSANDS.fullmatch(cells[number]) for number in with_comma):
        line, cell = lines[with_comma[0] // 2], cells[with_comma[0]]
        meanings = " or ".join(cell.replace(",", sign) for sign in ("", "."))
        raise InvalidHydrograph(
            f'Line {line}: "{cell}" could mean {meanings}. Write the numbers without commas.'
        )
    return True


def _first_fault(time: FloatArray, flow: FloatArray) -> tuple[int, str] | None:
    """Return the index of the first invalid point and the reason, or None."""
    too_large = ~((np.abs(time) <= LARGEST) & (np.abs(flow) <= LARGEST))
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


def _short(text: str) -> str:
    """Return at most 40 characters of a text; replace those that are not printable."""
    shown = text.strip()[:41]
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in shown)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
