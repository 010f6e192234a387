"""Reads workbooks of Excel and LibreOffice."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..errors import InvalidFile
from . import exported, far_cells, header, panic
from .extras import extra
from .table import Row, Table

_FIRST_DATE = dt.date(1900, 1, 1)
_EVERY = 500


def table(path: Path, on_progress: Callable[[int], None]) -> Table:
    """Read the first sheet with a table.

    Raises InvalidFile if the file is no workbook, or has no such sheet.
    """
    calamine: Any = extra("python_calamine", "Excel files")
    damaged = (calamine.CalamineError, calamine.ZipError, calamine.XmlError, zipfile.BadZipFile)
    try:
        with path.open("rb") as file:
            if fault := far_cells.fault_of(file):
                raise InvalidFile(fault)
        with panic.as_damage():
            workbook = calamine.CalamineWorkbook.from_path(str(path))
            sheets = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            sheet, found = _best(workbook, sheets)
    except calamine.PasswordError as error:
        raise InvalidFile("The workbook is protected by a password. Remove it first.") from error
    except damaged as error:
        raise InvalidFile(
            f"The file is no workbook that can be read ({error}). Save it as .xlsx or CSV."
        ) from error
    others = [name for name in sheets if name != sheet.name]
    notes = list(found.notes)
    if others:
        notes.append(f'Only the sheet "{sheet.name}" is read, not {_listed(others)}.')
    rows = _progressing(
        _rows(sheet, exported.is_export(found.headings)),
        sheet.total_height,
        path.stat().st_size,
        on_progress,
    )
    body = islice(rows, found.first, None)
    first = next(body, None)
    if first is None:
        raise header.no_rows()
    return Table("Excel", found.headings, chain([first], body), tuple(notes))


def _best(workbook: Any, sheets: list[str]) -> tuple[Any, header.Header]:
    """Return the sheet whose header has most names that are known; the first, if none has."""
    candidates = []
    sheet = None
    for name in sheets:
        sheet = None  # Two sheets at once would take twice the memory.
        sheet = workbook.get_sheet_by_name(name)
        rows = list(islice(_rows(sheet), header.LOOKED_AT))
        if found := header.find(rows):
            known = header.names_known(found.headings)
            candidates.append((known > 1, known, name, found))
    if not candidates:
        raise header.no_header() if sheets else InvalidFile("The workbook has no sheet.")
    _, _, name, found = max(candidates, key=lambda one: one[:2])
    if name != sheets[-1]:
        sheet = None
        sheet = workbook.get_sheet_by_name(name)
    return sheet, found


def _rows(sheet: Any, is_exact: bool = False) -> Iterator[Row]:
    """Yield the rows that are not blank. The library leaves out the empty columns on the left."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_text(value, is_exact) for value in row]
        if any(cells) and any(map(str.strip, cells)):
            yield number, cells


def _text(value: Any, is_exact: bool = False) -> str:
    """Return what a person sees in a cell; errors such as #N/A are empty already."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        # As many digits as a spreadsheet shows.
        return repr(value) if is_exact else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        date, time = value.date(), value.time()
        if date < _FIRST_DATE:
            return ""
        return date.isoformat() if time == dt.time() else f"{date} {time.isoformat('seconds')}"
    if isinstance(value, dt.date):
        return value.isoformat() if value >= _FIRST_DATE else ""
    if isinstance(value, dt.time) and value == dt.time():
        # A date of 0.
        return ""
    return str(value)


def _progressing(
    rows: Iterator[Row], height: int, size: int, on_progress: Callable[[int], None]
) -> Iterator[Row]:
    told = 0
    for row in rows:
        if row[0] % _EVERY == 0:
            now = size * row[0] // max(height, 1)
            on_progress(now - told)
            told = now
        yield row
    on_progress(size - told)


def _listed(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
