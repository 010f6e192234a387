"""Opening: what a file says before its rows are read, and what its columns are taken for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..database.inventory import Inventory
from ..formats.mapping import Mapping, suggest
from ..formats.registry import open_table
from .uploads import Upload


@dataclass(frozen=True)
class Opened:
    """The format of a file in words, sentences about it, and its columns.

    is_remembered: whether the mapping is that of an earlier import of a file with this header.
    """

    format: str
    notes: tuple[str, ...]
    mapping: Mapping
    is_remembered: bool


def read(upload: Upload, inventory: Inventory, on_progress: Callable[[int], None]) -> Opened:
    """Read the head of a file. Raises InvalidFile; and what `on_progress` raises."""
    with open_table(upload.path, upload.name, on_progress) as table:
        remembered = inventory.mapping(table.headings)
        mapping = suggest(table, remembered)
        return Opened(table.format, table.notes, mapping, remembered is not None)
