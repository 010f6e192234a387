"""Writes dams as a workbook of Excel."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import InvalidFile
from .export_columns import Layout
from .extras import extra

_MOST_ROWS, _MOST_COLUMNS, _MOST_CHARACTERS = 1_048_576, 16_384, 32_767
"""The limits of a worksheet. The header is one of the rows."""


class _Exact(float):
    """A number that is written with all its digits; the library would round it to 16."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def write(path: Path, parts: Iterable[pl.DataFrame], layout: Layout) -> None:
    """Write a workbook with one sheet, of numbers and texts only: no formula, no link.

    Raises InvalidFile if a sheet can't hold the dams, or the package that writes it is missing.
    """
    xlsxwriter = library()
    _check(layout)
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet("dams")
        sheet.freeze_panes(1, 0)
        plain = workbook.add_format()
        for column, heading in enumerate(layout.headings):
            _write(sheet, 0, column, heading, plain)
        row = 0
        for dams in parts:
            for values in layout.table(dams).iter_rows():
                row += 1
                for column, value in enumerate(values):
                    if value is not None:
                        _write(sheet, row, column, value, plain)


def library() -> Any:
    """Import the package that writes workbooks. Raises InvalidFile if it is missing."""
    return extra("xlsxwriter", "Excel files", to="write")


def _write(sheet: Any, row: int, column: int, value: str | float, plain: Any) -> None:
    if not isinstance(value, str):
        sheet.write_number(row, column, _Exact(value))
    elif len(value) > _MOST_CHARACTERS:
        raise InvalidFile(
            f"A cell of Excel holds at most {_MOST_CHARACTERS:,} characters, but a text has "
            f"{len(value):,}. Export CSV or GeoJSON."
        )
    elif value.startswith("<r>") and value.endswith("</r>"):
        # The library takes such a text for markup of its own, unless it comes in two pieces.
        sheet.write_rich_string(row, column, plain, value[:1], value[1:])
    else:
        sheet.write_string(row, column, value)


def _check(layout: Layout) -> None:
    if layout.size >= _MOST_ROWS:
        raise InvalidFile(
            f"A sheet of Excel has room for {_MOST_ROWS - 1:,} dams, but there are "
            f"{layout.size:,}. Set a filter, or export CSV, GeoJSON or GeoPackage."
        )
    if len(layout.headings) > _MOST_COLUMNS:
        raise InvalidFile(
            f"A sheet of Excel has room for {_MOST_COLUMNS:,} columns, but the dams have "
            f"{len(layout.headings):,}, most of them other facts. Export CSV or GeoJSON."
        )
