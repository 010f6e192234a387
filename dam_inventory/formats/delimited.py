"""Reads tables of text: cells with commas, semicolons, tabs or bars between them."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import NamedTuple

from ..errors import InvalidFile
from . import export_csv, exported, header
from .table import Refused, Row, Table
from .text import Source, decoded, encoding_of, lines

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?[;,\s]*", re.I)
_LOOKED_AT = header.LOOKED_AT


class _Dialect(NamedTuple):
    """How cells are separated. has_line: whether the first line says so: "sep=;".

    Spreadsheets do not show that line, so it has no number.
    """

    separator: str
    skips_spaces: bool = False
    has_line: bool = False


def table(source: Source, packed: str = "") -> Table:
    """Read a table of text.

    source: its bytes. packed: how it was compressed, for the name of the format.
    Raises InvalidFile, here or while the rows are read, if it is no such table.
    """
    head = source.head()
    found = encoding_of(head)
    if found is None:
        raise InvalidFile(
            "The file is not a text file. Save the table as CSV, Excel (.xlsx) or GeoJSON."
        )
    encoding, encoding_name = found
    dialect = _dialect(decoded(head, encoding))
    text = lines(source, encoding)
    if dialect.has_line:
        next(text)
    rows = _rows(text, dialect)
    ahead = list(islice(rows, _LOOKED_AT))
    whole = [row for row in ahead if not isinstance(row, Refused)]
    found_header = header.find(whole)
    if found_header is None:
        if not whole:
            raise InvalidFile("The file is empty.")
        raise header.no_header()
    number = whole[found_header.first - 1][0]
    body: Iterator[Row | Refused] = (row for row in chain(ahead, rows) if row[0] > number)
    if exported.is_export(found_header.headings):
        body = map(_unescaped, body)
    first = next(body, None)
    if first is None:
        raise header.no_rows()
    name = ("TSV" if dialect.separator == "\t" else "CSV", _SEPARATORS[dialect.separator])
    return Table(
        ", ".join(filter(None, (*name, encoding_name, packed))),
        found_header.headings,
        chain([first], body),
        found_header.notes,
        "." if dialect.separator == "," else "",
    )


def _rows(text: Iterator[str], dialect: _Dialect) -> Iterator[Row | Refused]:
    """Yield the rows that are not blank; one with broken quotes costs only its first line."""
    number = 1
    again: deque[str] = deque()
    taken: list[str] = []

    def feed() -> Iterator[str]:
        while True:
            line = again.popleft() if again else next(text, None)
            if line is None:
                return
            taken.append(line)
            yield line

    # Without `strict`, an unclosed quote swallows the rest of the file.
    def reader() -> Iterator[list[str]]:
        return csv.reader(
            feed(),
            delimiter=dialect.separator,
            skipinitialspace=dialect.skips_spaces,
            strict=True,
        )

    rows = reader()
    while True:
        taken.clear()
        try:
            row = next(rows, None)
        except csv.Error:
            yield Refused(number, _BROKEN)
            again.extendleft(reversed(taken[1:]))
            rows = reader()
        else:
            if row is None:
                return
            if any(row) and any(map(str.strip, row)):
                yield number, row
        number += 1


def _unescaped(row: Row | Refused) -> Row | Refused:
    return row if isinstance(row, Refused) else (row[0], [*map(export_csv.unescaped, row[1])])


_BROKEN = (
    f"The quotes of the row do not match, or a cell has more than {csv.field_size_limit():,} "
    "characters."
)


def _dialect(head: str) -> _Dialect:
    first, _, _ = head.partition("\n")
    if (said := _SEP_LINE.fullmatch(first)) and said[1] in _SEPARATORS:
        return _Dialect(said[1], has_line=True)
    few = head.splitlines(keepends=True)[: _LOOKED_AT + 20]
    best = max(_SEPARATORS, key=lambda separator: _fit(few, separator))
    spaces = re.search(rf'{re.escape(best)} +"', head) is not None
    return _Dialect(best, spaces)


def _fit(few: Sequence[str], separator: str) -> tuple[int, float, int]:
    """Return how well a separator fits: names that are known, rows of one width, width."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(csv.reader(few, delimiter=separator), _LOOKED_AT))
    rows = [row for row in rows if any(row)]
    known = max((header.names_known(row) for row in rows[: header.WITHIN]), default=0)
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    return (known, 0.0, 1) if width == 1 else (known, count / len(rows), width)
