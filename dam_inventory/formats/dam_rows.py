"""Reads the dams in the rows of a table, as a mapping says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..domain.dam import DamDraft, Value
from ..errors import InvalidDam
from .mapping import Mapping
from .table import Refused, Table

__all__ = ["DamRow", "Refused", "Unread", "read"]


class Unread(NamedTuple):
    """A cell that can't be read: the field stays unknown, the text is kept as another fact."""

    row: int
    heading: str
    value: str
    reason: str


class DamRow(NamedTuple):
    """A dam. values: by field, and `other_facts`, as `DamDraft.checked_facts` returns them."""

    row: int
    values: dict[str, Value]
    unread: tuple[Unread, ...] = ()


def read(table: Table, mapping: Mapping) -> Iterator[DamRow | Refused]:
    """Yield the dam of each row, or the reason why the row has none."""
    for row in table.rows:
        if isinstance(row, Refused):
            yield row
            continue
        number, cells = row
        facts, others = {}, {}
        for column, text in zip(mapping.columns, cells, strict=False):
            if column.field:
                facts[column.field] = text
            elif text.strip():
                others[column.heading] = text
        try:
            yield DamRow(number, DamDraft(**facts, other_facts=others).checked_facts())
        except InvalidDam as error:
            yield Refused(number, str(error))
