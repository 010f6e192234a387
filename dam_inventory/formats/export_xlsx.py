"""Writes dams as a workbook of Excel: XlsxWriter makes it, Polars writes the rows of its sheet.

XlsxWriter takes 20 times as long for the rows, within the interpreter's lock, and rounds numbers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl

from ..errors import InvalidFile
from .export_columns import Layout
from .extras import extra

_MOST_ROWS, _MOST_COLUMNS, _MOST_CHARACTERS = 1_048_576, 16_384, 32_767
"""The limits of a worksheet. The header is one of the rows."""

_SHEET = "xl/worksheets/sheet1.xml"
_NO_ROWS = b"<sheetData/>"
_PIECE = 1 << 22


def write(path: Path, parts: Iterable[pl.DataFrame], layout: Layout) -> Generator[None]:
    """Write a workbook with one sheet, of numbers and texts only, a part at each step.

    Raises InvalidFile if a sheet can't hold the dams, or the package that makes it is missing.
    """
    xlsxwriter = library()
    _check(layout)
    empty, sheet = BytesIO(), path.with_name("sheet.xml")
    with xlsxwriter.Workbook(empty, {"in_memory": True}) as workbook:
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
                yield
            file.write(b"</sheetData>" + after)
        for member in made.infolist():
            if member.filename == _SHEET:
                yield from _pack(sheet, packed)
            else:
                packed.writestr(member, made.read(member))


def _pack(sheet: Path, packed: ZipFile) -> Generator[None]:
    info = ZipInfo.from_file(sheet, _SHEET)
    info.compress_type = ZIP_DEFLATED
    with sheet.open("rb") as file, packed.open(info, "w") as member:
        while data := file.read(_PIECE):
            member.write(data)
            yield


def library() -> Any:
    """Import the package that makes workbooks. Raises InvalidFile if it is missing."""
    return extra("xlsxwriter", "Excel files", to="write")


_ESCAPE = "_(x[0-9A-Fa-f]{4})([_\0\ufffe\uffff])"
"""What Excel takes for an escape, when the signs of `_escaped` are written, too."""


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
    # No text of a dam has control characters but these, but the name of a user may.
    text = text.str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ")
    for _ in range(2):  # The end of an escape may be the start of the next one.
        text = text.str.replace_all(_ESCAPE, "\0${1}${2}")
    for sign, written in (
        ("\0", "_x005F_"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"),
        ("\ufffe", "_xFFFE_"), ("\uffff", "_xFFFF_"),
    ):  # fmt: skip
        text = text.str.replace_all(sign, written, literal=True)
    return text


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
