"""Reading files of dams as the import does, with what the columns are taken for by themselves."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from operator import attrgetter
from pathlib import Path
from typing import Any

from dam_inventory.formats import dam_blocks
from dam_inventory.formats.dam_blocks import Block
from dam_inventory.formats.dam_rows import DamRow, Refused, read
from dam_inventory.formats.mapping import Mapping, suggest
from dam_inventory.formats.registry import open_table
from dam_inventory.formats.table import Table


def rows_of(file: Path | bytes | str, change: Callable[[Mapping], Mapping] | None = None) -> Any:
    """Return the rows of a file, or of the content of one: `DamRow` and `Refused`.

    Blocks of rows must say the same.
    """
    rows = _with(file, lambda table: list(read(table, _mapping(table, change))))
    if isinstance(file, Path) and not file.is_file():
        return rows  # A pipe is read only once.
    blocks = _with(file, lambda table: list(dam_blocks.read(table, _mapping(table, change))))
    assert said_by(blocks) == sorted(rows, key=attrgetter("row"))
    return rows


def said_by(blocks: Iterable[Block]) -> list[DamRow | Refused]:
    """Return the rows that blocks stand for, in the order of the file."""
    rows: list[DamRow | Refused] = []
    for block in blocks:
        rows += block.refused
        for position, number in enumerate(block.rows):
            values = {field: column[position] for field, column in block.columns.items()}
            if values.get("other_facts"):
                values["other_facts"] = json.loads(values["other_facts"])
            known = {field: value for field, value in values.items() if value is not None}
            unread = tuple(cell for place, cell in block.unread if place == position)
            rows.append(DamRow(number, known, unread, block.exported_ids[position]))
    return sorted(rows, key=attrgetter("row"))


def dams_of(file: Path | bytes | str) -> list[dict[str, Any]]:
    """Return the values of the dams of a file in which every row is one."""
    rows = rows_of(file)
    assert [row for row in rows if isinstance(row, Refused)] == []
    return [row.values for row in rows if isinstance(row, DamRow)]


def table_of(file: Path | bytes | str) -> tuple[str, tuple[str, ...], tuple[str, ...], list[Any]]:
    """Return format, headings, notes and rows of a table."""
    return _with(file, lambda table: (table.format, table.headings, table.notes, list(table.rows)))


def mapping_of(file: Path | bytes | str) -> Mapping:
    """Return what the columns of a file are taken for."""
    return _with(file, suggest)


def with_far_cell(workbook: Path) -> bytes:
    """Return a workbook with one more cell in each sheet: the last one that a sheet can have."""
    far = (
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(workbook) as book, zipfile.ZipFile(packed, "w") as copy:
        for name in book.namelist():
            copy.writestr(name, book.read(name).replace(b"</sheetData>", far))
    return packed.getvalue()


def with_damaged_part(workbook: Path) -> bytes:
    """Return a workbook of which a sheet can't be unpacked; the list of its parts is whole."""
    content = bytearray(workbook.read_bytes())
    with zipfile.ZipFile(workbook) as book:
        sheet = book.getinfo("xl/worksheets/sheet1.xml")
    begin = sheet.header_offset + 30 + len(sheet.filename)
    content[begin : begin + 40] = b"\xff" * 40
    return bytes(content)


def _mapping(table: Table, change: Callable[[Mapping], Mapping] | None) -> Mapping:
    mapping = suggest(table)
    return change(mapping) if change else mapping


def _with(file: Path | bytes | str, use: Callable[[Table], Any]) -> Any:
    if isinstance(file, Path):
        with open_table(file, file.name) as table:
            return use(table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dams"
        path.write_bytes(file.encode() if isinstance(file, str) else file)
        return _with(path, use)
