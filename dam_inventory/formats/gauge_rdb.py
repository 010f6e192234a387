"""Files of gauges in the RDB format of the US Geological Survey (USGS).

Lines of comments begin with "#". Below them, separated by tabs: a line of names, a line of formats
such as "5s", and the values. A file with several gauges repeats these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..domain.hydrograph import MAX_POINTS, TOO_MANY
from ..errors import InvalidHydrograph
from .flow_table import FlowTable

_FORMAT = re.compile(r"\d+[sdnSDN]")
_SERIES = re.compile(r"#\s+(\d+)\s+(\d{5})(?:\s+(\d{5}))?\s+(\S.*)")
_NAME = re.compile(r"(?:(\d+)_)?(\d{5})(?:_(\d{5}))?(_cd)?")
_PARAMETERS = {
    "00060": "Discharge, cubic feet per second",
    "00061": "Discharge, instantaneous, cubic feet per second",
    "72137": "Discharge, tidally filtered, cubic feet per second",
    "30208": "Discharge, cubic meters per second",
    "30209": "Discharge, instantaneous, cubic meters per second",
    "00065": "Gage height, feet",
    "00010": "Temperature, water, degrees Celsius",
}
"""What the codes of the commonest parameters mean, for files without a description of theirs."""


def is_rdb(lines: Sequence[str]) -> bool:
    """Return whether a file, without its comments, has names and formats as its first two lines."""
    rows = [line.rstrip("\n").split("\t") for line in lines if line.strip()][:2]
    return len(rows) == 2 and len(rows[0]) > 1 and _are_formats(rows[1])


def gauges(lines: Sequence[str]) -> tuple[FlowTable, ...]:
    """Return one table for each gauge of a file. Raises InvalidHydrograph.

    lines: all lines, with the comments.
    """
    comments = [line for line in lines if line.startswith("#")]
    numbered = [
        (number, line.rstrip("\n").split("\t"))
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    tables: dict[tuple[str, ...], tuple[list[Sequence[str]], list[int]]] = {}
    names: Sequence[str] = ()
    for (number, row), (_, below) in pairwise([*numbered, (0, [""])]):
        if _are_formats(below):
            names = row
        elif not _are_formats(row):
            if len(row) > len(names):
                raise InvalidHydrograph(
                    f"Line {number} has {len(row)} columns, but the names above it {len(names)}."
                )
            full = [*row, *[""] * (len(names) - len(row))]
            rows, lines_of = tables.setdefault((_site(names, full), *names), ([], []))
            rows.append(full)
            lines_of.append(number)
            if len(rows) > MAX_POINTS:
                raise InvalidHydrograph(f"Line {number}: {TOO_MANY}")
    return tuple(
        FlowTable(
            site if len(tables) > 1 else "",
            tuple(_described(one, comments) for one in columns),
            ("",) * len(columns), rows, lines_of, "", "\t", is_gauge=True,
        )
        for (site, *columns), (rows, lines_of) in tables.items()
    )  # fmt: skip


def _are_formats(row: Sequence[str]) -> bool:
    return all(_FORMAT.fullmatch(cell.strip()) for cell in row)


def _site(names: Sequence[str], row: Sequence[str]) -> str:
    return row[names.index("site_no")] if "site_no" in names else ""


def _described(name: str, comments: Sequence[str]) -> str:
    """Return the name of a column with what it means: "Discharge, cubic feet per second (00060)".

    A name is "datetime", or a series with a parameter and a statistic: "11111_00060_00003".
    """
    match = _NAME.fullmatch(name)
    if match is None or match[4]:
        return name
    series, parameter, statistic = match[1], match[2], match[3]
    for comment in comments:
        said = _SERIES.fullmatch(comment.strip())
        if said and said.group(1, 2) == (series, parameter) and said[3] in (None, statistic):
            return f"{said[4]} ({name})"
    meaning = _PARAMETERS.get(parameter, "")
    return f"{meaning} ({name})" if meaning else name
