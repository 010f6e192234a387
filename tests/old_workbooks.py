"""Writes workbooks as Excel did until 2003 (.xls): a file system with one stream of records."""

from __future__ import annotations

import struct
from collections.abc import Mapping

SECTOR = 512
_END, _TABLE = 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text_cell(row: int, column: int, text: str) -> bytes:
    plain = text.encode("latin-1")
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(plain), 0) + plain)


def number_cell(row: int, column: int, number: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, number))


def several_cells(row: int, first: int, last: int) -> bytes:
    numbers = b"".join(struct.pack("<HI", 0, 0) for _ in range(first, last + 1))
    return record(0xBD, struct.pack("<HH", row, first) + numbers + struct.pack("<H", last))


def dimensions(rows: int, columns: int) -> bytes:
    return record(0x200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))


def workbook(*cells: bytes, stream: str = "Workbook", small: bool = False) -> bytes:
    """Return a workbook with one sheet. small: whether it is where small streams are kept."""
    begin = record(0x809, struct.pack("<HH12x", 0x600, 0x5))
    sheet = record(0x809, struct.pack("<HH12x", 0x600, 0x10)) + b"".join(cells) + record(0x0A)
    at = len(begin) + 4 + 12 + 4
    name = record(0x85, struct.pack("<IBBBB", at, 0, 0, 4, 0) + b"Dams")
    records = begin + name + record(0x0A) + sheet
    size = len(records) if small else max(len(records), 4096)
    return _file_system({stream: records.ljust(size, b"\0")})


def _file_system(streams: Mapping[str, bytes]) -> bytes:
    [(name, content)] = streams.items()
    is_small = len(content) < 4096
    data = content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0")
    count = len(data) // SECTOR
    chain = [*range(3, 2 + count), _END]
    small = [*range(1, -(-len(content) // 64)), _END] if is_small else []
    small_table = struct.pack(f"<{len(small)}I", *small).ljust(SECTOR, b"\xff")
    entries = [
        _entry("Root Entry", 5, 2 if is_small else _END, len(content) if is_small else 0, 1),
        _entry(name, 2, 0 if is_small else 2, len(content)),
    ]
    table = [_TABLE, _END, *chain, *([_END] if is_small else [])]
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 2 + count if is_small else _END, int(is_small), _END, 0, 0,
    ).ljust(SECTOR, b"\xff")  # fmt: skip
    folder = b"".join(entries).ljust(SECTOR, b"\0")
    return header + sectors + folder + data + (small_table if is_small else b"")


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = struct.pack("<64sHBBIII", text, len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)
