"""How far the cells of an old workbook of Excel (.xls) reach.

The file is a small file system of its own, in which one stream has the workbook as records: a type
and a size of two bytes each, and as many bytes of data.
Sources: [MS-CFB], 2.2 to 2.6; [MS-XLS], 2.1.4 "Record", 2.4.90 "Dimensions", 2.5.13 "Cell".
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from typing import IO

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_IN_HEADER = 109
"""So many places of sectors of the allocation table are in the header."""
_LAST = 0xFFFFFFF0
"""From this number on, a sector is the end of a chain, or none."""
_SMALL, _SMALL_SECTOR = 4096, 64
"""Streams below this size are kept in sectors of their own within the first entry."""
_NAMES = ("Workbook", "Book")

_BEGIN, _PASSWORD, _DIMENSIONS = 0x809, 0x2F, 0x200
_SEVERAL_CELLS = frozenset({0xBD, 0xBE})
"""MulRk and MulBlank, with the last column at their end."""
_CELLS = frozenset({0x06, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E, *_SEVERAL_CELLS})


def is_one(workbook: IO[bytes]) -> bool:
    """Return whether a file is of this format."""
    workbook.seek(0)
    return workbook.read(len(_MAGIC)) == _MAGIC


def reaches(workbook: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the greatest row and column, from 1, of the cells of each sheet.

    What a sheet says of its size counts, too: as much memory is taken at once. Raises struct.error
    if the file is damaged.
    """
    workbook.seek(0)
    for stream in _workbooks(workbook.read()):
        yield from _reaches(stream)


def _reaches(stream: bytes) -> Iterator[tuple[int, int]]:
    at = rows = columns = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind in _CELLS and at + size <= len(stream) and size >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            if kind in _SEVERAL_CELLS:
                (column,) = struct.unpack_from("<H", stream, at + size - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == _DIMENSIONS and size >= 10:
            wide = "<4xI2xH" if size >= 14 else "<2xH2xH"
            row, column = struct.unpack_from(wide, stream, at)
            rows, columns = max(rows, row), max(columns, column)
        elif kind == _BEGIN:
            yield rows, columns
            rows = columns = 0
        elif kind == _PASSWORD:
            return  # What follows is encrypted; who reads it is told so.
        at += size
    yield rows, columns


def _workbooks(file: bytes) -> Iterator[bytes]:
    """Yield the streams of a file that may be its workbook: the first one of each name."""
    (shift,) = struct.unpack_from("<H", file, 30)
    (first_entry,) = struct.unpack_from("<I", file, 48)
    (first_small,) = struct.unpack_from("<I", file, 60)
    size = 1 << min(shift, 20)
    table = _table(file, size)
    folder = _chain(file, table, first_entry, size, size)
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    for name in _NAMES:
        entry = next((one for one in entries if _name(one) == name), None)
        if entry is None:
            continue
        # The size has eight bytes only in files with large sectors.
        length = int.from_bytes(entry[120 : 124 if size == _HEADER else 128], "little")
        if length >= _SMALL:
            yield _chain(file, table, _start(entry), size, size)[:length]
        else:
            small = _chain(file, table, _start(entries[0]), size, size)
            small_table = array("I", _chain(file, table, first_small, size, size))
            yield _chain(small, small_table, _start(entry), _SMALL_SECTOR, 0)[:length]


def _name(entry: bytes) -> str:
    return entry[:64].decode("utf-16-le", "replace").partition("\0")[0]


def _table(file: bytes, size: int) -> array[int]:
    """Return which sector follows each one. size: of a sector, in bytes."""
    places = [*struct.unpack_from(f"<{_IN_HEADER}I", file, _HEADER - 4 * _IN_HEADER)]
    (more,) = struct.unpack_from("<I", file, 68)
    for _ in range(len(file) // size):
        if more >= _LAST:
            break
        *some, more = struct.unpack_from(f"<{size // 4}I", file, (more + 1) * size)
        places += some
    table = array("I")
    for place in places:
        if place < _LAST:
            table.frombytes(file[(place + 1) * size : (place + 2) * size])
    return table


def _start(entry: bytes) -> int:
    return int.from_bytes(entry[116:120], "little")


def _chain(file: bytes, table: array[int], sector: int, size: int, before: int) -> bytes:
    """Return the data of the sectors from one on. before: how many bytes come before the first."""
    parts: list[bytes] = []
    while sector < len(table) and len(parts) < len(table):
        parts.append(file[before + sector * size : before + (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)
