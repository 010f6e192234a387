"""Opens a file that a person has, in any of the formats that can be read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import InvalidFile
from .table import Table
from .text import text_lines


@contextmanager
def open_table(
    path: Path, name: str, on_progress: Callable[[int], None] | None = None
) -> Iterator[Table]:
    """Open a file, and close it at the end.

    name: the name of the file as the person knows it.
    on_progress: called with the number of bytes of the file that were read since the last call.
    Raises InvalidFile, here or while the rows are read, if the file can't be read.
    """
    with path.open("rb") as stream:
        rows = enumerate(csv.reader(text_lines(stream, on_progress or (lambda _: None))), 1)
        header = next((row for _, row in rows if len(row) > 1), None)
        if header is None:
            raise InvalidFile(f"{name} has no header.")
        yield Table("CSV, commas, UTF-8", tuple(header), ((n, row) for n, row in rows if any(row)))
