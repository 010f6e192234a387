"""Whether the cells of a workbook reach too far, found before the workbook is read."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from . import far_cells_ods, far_cells_xls, far_cells_xlsb

MOST_CELLS = 30_000_000
"""So many cells take about a gigabyte while they are read."""

_CELL = rb"""\br=["']([A-Za-z]{1,3})[0-9]{1,7}["']"""
_COLUMN, _ROW = re.compile(_CELL), re.compile(rb"""\br=["'][A-Za-z]{1,3}([0-9]{1,7})["']""")
_AT_ONCE = 1_000_000
_LONGEST = 32
"""More than the reference of a cell takes, in bytes."""


def fault_of(workbook: IO[bytes]) -> str:
    """Return why a workbook can't be read (Excel, LibreOffice); "" if no cell is too far away.

    What reads a workbook holds a rectangle with all cells, the empty ones, too. A single cell far
    away from all others would take more memory than there is, which ends the process. Raises
    zipfile.BadZipFile for a file that is damaged, or packed with a password.
    """
    try:
        for rows, columns in _reaches(workbook):
            if rows * columns > MOST_CELLS:
                return (
                    f"A sheet has cells as far away as row {rows:,} and column {columns:,}. "
                    "Delete the rows and columns outside the table, or save it as CSV."
                )
    except (zlib.error, struct.error, ValueError, EOFError, OSError, RuntimeError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    return ""


def _reaches(workbook: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the greatest row and column of the cells in each part that may be a sheet."""
    if far_cells_xls.is_one(workbook):
        yield from far_cells_xls.reaches(workbook)
    if not zipfile.is_zipfile(workbook):
        return
    with zipfile.ZipFile(workbook) as packed:
        yield from far_cells_xlsb.reaches(packed)
        # All of them: a workbook may give its sheets any name.
        for name in packed.namelist():
            with packed.open(name) as part:
                if name.casefold() == "content.xml":
                    yield from far_cells_ods.reaches(part)
                else:
                    yield _reach(part)


def _reach(part: IO[bytes]) -> tuple[int, int]:
    """Return the greatest row and column of the cells in a part of a workbook, from 1."""
    rows = columns = 0
    before = b""
    while some := part.read(_AT_ONCE):
        text = before + some
        rows = max([rows, *map(int, {*_ROW.findall(text)})])
        columns = max([columns, *map(_number, {*_COLUMN.findall(text)})])
        before = text[-_LONGEST:]
    return rows, columns


def _number(letters: bytes) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
