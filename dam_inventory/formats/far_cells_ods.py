"""How far the cells of a workbook of LibreOffice (.ods) reach.

It says how often a cell or a row is repeated, so that few bytes may be very many cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""What reads a sheet stops there, whatever the sheet says."""

_AT_ONCE = 1_000_000
_LONGEST_ROW = 64_000_000
"""In bytes. No spreadsheet writes a longer one."""

_BEGIN = re.compile(rb"<table:table(?:-row)?[\s/>]")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell[\s/>]")
_TIMES = re.compile(rb"""table:number-(?:columns|rows)-repeated\s*=\s*["']([^"']*)["']""")


def reaches(part: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the greatest row and column of the cells with a value, from 1, for each sheet.

    part: the content of the workbook, as XML.
    """
    row = rows = columns = 0
    hides = False
    for piece in _pieces(part):
        # A comment, or text that is no markup, may only look like the beginning of a sheet.
        hides = hides or b"<!" in piece or b"<?" in piece[1:]
        if piece.startswith(b"<table:table-row"):
            row += 1 + _repetitions(piece[: piece.find(b"<", 1)])
            if width := _width(piece):
                rows, columns = min(row, _MOST_ROWS), max(columns, min(width, _MOST_COLUMNS))
        elif not hides:
            yield rows, columns
            row = rows = columns = 0
        if len(piece) > _LONGEST_ROW:
            rows, columns = _MOST_ROWS, _MOST_COLUMNS
    yield rows, columns


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Yield the rows, and what precedes those of each sheet."""
    rest = b""
    while some := part.read(_AT_ONCE):
        rest += some
        begins = sorted({0, *(match.start() for match in _BEGIN.finditer(rest))})
        yield from (rest[begin:end] for begin, end in pairwise(begins))
        rest = rest[begins[-1] :]
        if len(rest) > _LONGEST_ROW:
            break
    yield rest


def _width(row: bytes) -> int:
    """Return the number of cells up to the last one with a value; 0 if all are empty."""
    last = max(row.rfind(b"office:value"), row.rfind(b"-value"))
    if last < 0:
        return 0
    # Its tag ends before the next one. A sign such as ">" may be part of an attribute.
    end = row.find(b"<", last)
    cells = row[row.find(b"<", 1) : end if end > 0 else len(row)]
    return len(_CELL.findall(cells)) + _repetitions(cells)


def _repetitions(tags: bytes) -> int:
    """Return how many cells or rows there are beside those that are written out."""
    return sum(
        max(int(times), 1) - 1 if times.isdigit() and len(times) < 10 else _MOST_ROWS
        for times in _TIMES.findall(tags)
    )
