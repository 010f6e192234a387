"""Workbooks with a cell far away from all others, which would take all memory to read."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from dam_inventory.errors import InvalidFile, InvalidHydrograph
from dam_inventory.formats.hydrograph_csv import parse
from tests.files import table_of

TABLE = [["Dam Name", "NID ID"], ["Heron", "ZZ00001"]]


def packed(**parts: str | bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return content.getvalue()


def ods(*rows: str, before: str = "") -> bytes:
    """Return a workbook of LibreOffice with the table, and more rows below it."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                     for name in ("office", "table", "text"))  # fmt: skip
    sheet = "".join(row(*map(cell, cells)) for cells in TABLE) + "".join(rows)
    return packed(**{
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": f'<?xml version="1.0"?><office:document-content{spaces}><office:body>'
        f"<office:spreadsheet>{before}<table:table table:name='Dams'>{sheet}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>",
    })  # fmt: skip


def row(*cells: str, times: int = 1) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'
    )


def cell(text: str, times: int = 1) -> str:
    value = f' office:value-type="string"><text:p>{text}</text:p>' if text else ">"
    return f'<table:table-cell table:number-columns-repeated="{times}"{value}</table:table-cell>'


def xlsb(*cells: tuple[int, int, str], kind: int = 6) -> bytes:
    """Return a binary workbook of Excel with the table, and more cells of a kind of record."""
    found = [(y, x, text, 6) for y, texts in enumerate(TABLE) for x, text in enumerate(texts)]
    found += [(*one, kind) for one in cells]
    rows = b"".join(
        record(0, struct.pack("<I", y) + bytes(21))
        + record(its, struct.pack("<II", x, 0) + wide(text))
        for y, x, text, its in found
    )
    sheet = record(129) + record(148, bytes(16)) + record(145) + rows + record(146) + record(130)
    listed = record(156, struct.pack("<II", 0, 1) + wide("rId7") + wide("Dams"))
    book = record(131) + record(143) + listed + record(144) + record(132)
    link = '<Relationships><Relationship Id="{}" Type="{}" Target="{}"/></Relationships>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return packed(**{
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": link.format("rId1", f"{office}/officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": link.format("rId7", f"{office}/sheet", "worksheets/one.bin"),
        "xl/worksheets/one.bin": sheet,
    })  # fmt: skip


def record(kind: int, data: bytes = b"") -> bytes:
    return number(kind) + number(len(data)) + data


def number(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128, value >> 7])


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


EMPTY = cell("", 16_384)
FAR = {
    "a cell at the end of .ods": (
        ods(row(EMPTY, times=1_048_573), row(cell("", 16_383), cell("x"))), "1,048,576", "16,384",
    ),
    "a row that is repeated": (ods(row(cell("x", 100), times=900_000)), "900,002", "100"),
    "a row behind a comment": (
        ods(row(EMPTY, times=900_000), "<!-- <table:table > -->", row(cell("x", 100))),
        "900,003", "100",
    ),
    "a number of times in disguise": (
        ods(row(EMPTY, times=1_048_573), row(cell("x")).replace('"1"', '"&#57;00"')),
        "1,048,576", "16,384",
    ),
    "very many rows before": (
        ods(*[row(cell("Heron Dam"))] * 20_000, row(EMPTY, times=900_000), row(cell("x", 99))),
        "920,003", "99",
    ),
    "a cell at the end of .xlsb": (xlsb((1_048_575, 16_383, "x")), "1,048,576", "16,384"),
    "a column that no sheet has": (xlsb((1, 60_000_000, "x")), "2", "60,000,001"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAR)
def test_a_cell_far_away_is_refused_before_it_is_read(what: str):
    content, row_number, column = FAR[what]
    told = f"A sheet has cells as far away as row {row_number} and column {column}."

    with pytest.raises(InvalidFile) as refused:
        table_of(content)
    assert str(refused.value).startswith(told)
    with pytest.raises(InvalidHydrograph) as refused_too:
        parse(content, "flood.ods")
    assert told in str(refused_too.value)


@pytest.mark.parametrize(
    "content",
    [
        ods(),
        ods(row(EMPTY, times=1_048_574)),
        ods(row(cell(""), EMPTY), row(EMPTY, times=1_000_000), before="<!-- by hand -->"),
        xlsb(),
        xlsb((1_048_575, 16_383, ""), kind=1),
    ],
    ids=["ods", "formatted to its end", "with a comment", "xlsb", "xlsb with a blank cell"],
)
def test_a_sheet_with_empty_cells_to_its_end_is_read(content: bytes):
    _, headings, _, rows = table_of(content)

    assert (headings, [cells for _, cells in rows]) == (tuple(TABLE[0]), TABLE[1:])


def test_the_sheets_of_a_workbook_are_measured_one_by_one():
    tall = "<table:table table:name='Tall'>" + row(cell("x"), times=900_000) + "</table:table>"
    content = ods(row(cell("x", 100)), before=tall)

    assert table_of(content)[1][:2] == ("Dam Name", "NID ID")


def test_a_binary_workbook_without_its_links_is_refused():
    with zipfile.ZipFile(io.BytesIO(xlsb())) as book:
        parts = {
            name: book.read(name) for name in book.namelist() if not name.endswith(".bin.rels")
        }

    with pytest.raises(InvalidFile, match="is no workbook that can be read"):
        table_of(packed(**parts))
