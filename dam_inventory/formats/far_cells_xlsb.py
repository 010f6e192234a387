"""How far the cells of a binary workbook of Excel (.xlsb) reach.

Its parts are records: a type, a size in seven bits of each byte, and as many bytes of data.
Source: [MS-XLSB], 2.1.4 "Record" and 2.3.1 "Record Enumeration".
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree

_BOOK, _LINKS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_MOST_LINKS = 1_000_000
"""In bytes."""

_ROW, _FIRST_CELL, _LAST_CELL, _SHEET = 0, 2, 11, 156
"""BrtRowHdr; the cells with a value, from BrtCellRk to BrtFmlaError; BrtBundleSh."""

_AT_ONCE = 1_000_000
_HEAD = 6
"""Two bytes for the type of a record, and four for its size."""
_KEPT = 600
"""So much of the data of a record has the row, the column, or the link to a sheet."""


def reaches(packed: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """Yield the greatest row and column of the cells with a value, from 1, for each sheet."""
    names = {name.casefold().replace("\\", "/"): name for name in packed.namelist()}
    if _BOOK not in names:
        return
    try:
        with packed.open(names[_LINKS]) as part:
            # Expat refuses entities that would grow without end.
            links = ElementTree.fromstring(part.read(_MOST_LINKS))  # noqa: S314
    except (KeyError, ElementTree.ParseError) as error:
        raise zipfile.BadZipFile(f"{_LINKS}: {error}") from error
    targets = {link.get("Id", ""): link.get("Target", "") for link in links.iter()}
    with packed.open(names[_BOOK]) as part:
        found = [_text(data[8:]) for kind, data in _records(part) if kind == _SHEET]
    sheets = {PurePosixPath(targets.get(one, "").casefold()).name for one in found}
    # All parts of such a name, in whatever folder.
    for name in names:
        if PurePosixPath(name).name in sheets:
            with packed.open(names[name]) as part:
                yield _reach(part)


def _text(data: bytes) -> str:
    """Return a text: the number of its characters, and these in UTF-16."""
    return data[4 : 4 + 2 * int.from_bytes(data[:4], "little")].decode("utf-16-le", "replace")


def _reach(part: IO[bytes]) -> tuple[int, int]:
    row = rows = columns = 0
    for kind, data in _records(part):
        if kind == _ROW:
            row = int.from_bytes(data[:4], "little") + 1
        elif _FIRST_CELL <= kind <= _LAST_CELL:
            rows = max(rows, row)
            columns = max(columns, int.from_bytes(data[:4], "little") + 1)
    return rows, columns


def _records(part: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the type of each record, and the beginning of its data."""
    held, at = b"", 0
    while True:
        some = part.read(_AT_ONCE)
        held, at = held[at:] + some, max(at - len(held), 0)
        last = len(held) - (_HEAD + _KEPT if some else 0)
        while at < last:
            kind, size = held[at], held[at + 1] if at + 1 < len(held) else 0
            if kind < 0x80 and size < 0x80:  # As nearly all are.
                at += 2
            else:
                kind, at = _number(held, at, 2)
                size, at = _number(held, at, 4)
            yield kind, held[at : at + min(size, _KEPT)]
            at += size
        if not some:
            return


def _number(held: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of at most so many bytes, and where it ends."""
    number = 0
    for place in range(most):
        byte = held[at] if at < len(held) else 0
        number |= (byte & 0x7F) << 7 * place
        at += 1
        if byte < 0x80:
            break
    return number, at
