"""Writes dams as a workbook of Excel: XlsxWriter makes it, Polars writes the rows of its sheet.

XlsxWriter takes 20 times as long for the rows, within the interpreter's lock, and rounds numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl

from ..errors import InvalidFile
from .export_columns import Layout
from .extras import extra

_MOST_ROWS, _MOST_COLUMNS, _MOST_CHARACTERS = 1_048_576, 16_384, 32_767
"""The limits of a worksheet. The header is one of the rows."""

_SHEET = "xl/worksheets/sheet1.xml"
_NO_ROWS = b"<sheetData/>"


def write(path: Path, parts: Iterable[pl.DataFrame], layout: Layout) -> None:
    """Write a workbook with one sheet, of numbers and texts only: no formula, no link.

    Raises InvalidFile if a sheet can't hold the dams, or the package that makes it is missing.
    """
    xlsxwriter = library()
    _check(layout)
    empty, sheet = path.with_name("empty.xlsx"), path.with_name("sheet.xml")
    with xlsxwriter.Workbook(empty) as workbook:
        workbook.add_worksheet("dams").freeze_panes(1, 0)
    with ZipFile(empty) as made, ZipFile(path, "w", ZIP_DEFLATED) as packed:
        area = f"A1:{_letters(len(layout.headings) - 1)}{layout.size + 1}"
        page = made.read(_SHEET).replace(b'ref="A1"', f'ref="{area}"'.encode())
        before, after = page.split(_NO_ROWS)
        with sheet.open("wb") as file:
            file.write(before + b"<sheetData>")
            file.write(_rows(pl.DataFrame([layout.headings], orient="row"), 1))
            row = 2
            for dams in parts:
                file.write(_rows(layout.table(dams), row))
                row += len(dams)
            file.write(b"</sheetData>" + after)
        for member in made.infolist():
            if member.filename == _SHEET:
                packed.write(sheet, _SHEET)
            else:
                packed.writestr(member, made.read(member))


def library() -> Any:
    """Import the package that makes workbooks. Raises InvalidFile if it is missing."""
    return extra("xlsxwriter", "Excel files", to="write")


def _rows(table: pl.DataFrame, first: int) -> bytes:
    """Return rows of SpreadsheetML (ECMA-376, 18.3.1); cells without a value are left out.

    first: the number of the first row, from 1.
    """
    # A name such as "*" or "^x$" would stand for other columns.
    table = pl.DataFrame([one.alias(str(place)) for place, one in enumerate(table)])
    number = pl.int_range(first, first + pl.len()).cast(pl.String)
    cells = [
        _cell(int(one.name), number, is_text=one.dtype == pl.String)
        for one in table
        if one.null_count() < len(one)
    ]
    longest = table.select(pl.col(pl.String).str.len_chars().max()).max_horizontal().item() or 0
    if longest > _MOST_CHARACTERS:
        raise InvalidFile(
            f"A cell of Excel holds at most {_MOST_CHARACTERS:,} characters, but a text has "
            f"{longest:,}. Export CSV or GeoJSON."
        )
    row = pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>"))
    return "".join(table.select(row).to_series()).encode()


def _cell(place: int, number: pl.Expr, *, is_text: bool) -> pl.Expr:
    value = pl.col(str(place))
    start = pl.lit(f'<c r="{_letters(place)}')
    if not is_text:
        number_text = value.cast(pl.String)
        cell = pl.concat_str(start, number, pl.lit('"><v>'), number_text, pl.lit("</v></c>"))
    else:
        before, after = pl.lit('" t="inlineStr"><is><t>'), pl.lit("</t></is></c>")
        cell = pl.concat_str(start, number, before, _escaped(value), after)
    return cell.fill_null("")


def _escaped(text: pl.Expr) -> pl.Expr:
    """Return text as XML, with the escapes of Excel for what XML can't hold: "_xFFFE_"."""
    for sign, written in (
        ("_x", "_x005F_x"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"),
        ("\ufffe", "_xFFFE_"), ("\uffff", "_xFFFF_"),
    ):  # fmt: skip
        text = text.str.replace_all(sign, written, literal=True)
    # No text of a dam has other control characters, but the name of a user may.
    return text.str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ")


def _letters(place: int) -> str:
    """Return the letters of a column, from 0: A, B, ... AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
