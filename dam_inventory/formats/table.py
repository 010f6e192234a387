"""Table: a file of rows and columns, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from . import exported
from .values import DecimalMark

SAMPLED_ROWS = 200
"""How many rows of a table are read ahead, to find out what its columns contain."""


class Refused(NamedTuple):
    """A row that can't be read.

    row: the number of the row as a spreadsheet shows it: from 1, with the header.
    """

    row: int
    reason: str


Row = tuple[int, Sequence[str]]
"""The number of a row as a spreadsheet shows it, or of a feature, and its cells as text."""


@dataclass
class Table:
    """The rows of a file, and what the file says about them.

    format: for people, such as "CSV, semicolons, Windows-1252".
    headings: one for each column, each a different text, none empty.
    rows: the rows below the header, read once, forward. Blank rows are left out; a row may have
    fewer or more cells than there are headings.
    notes: sentences for the person who imports the file.
    decimal_mark: what separates decimals where no cell tells; "" if the format does not tell.
    """

    format: str
    headings: tuple[str, ...]
    rows: Iterator[Row | Refused]
    notes: tuple[str, ...] = ()
    decimal_mark: DecimalMark = "."

    def __post_init__(self) -> None:
        ahead = list(islice(self.rows, SAMPLED_ROWS))
        self.first_rows = tuple(row[1] for row in ahead if not isinstance(row, Refused))
        """The cells of the first rows; `rows` still yields them."""
        self.is_exact = exported.is_exact(self.headings, self.first_rows)
        """Whether cells mean exactly what they say, because the file is an export."""
        if exported.is_export(self.headings):
            self.notes = (*self.notes, exported.NOTE)
        self.rows = chain(ahead, self.rows)

    def cells(self, index: int) -> list[str]:
        """Return the first cells of a column."""
        return [row[index] for row in self.first_rows if index < len(row)]
