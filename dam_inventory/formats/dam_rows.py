"""Reads the dams in the rows of a table, as a mapping says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..domain.checks import checked_value
from ..domain.dam import (
    IDENTIFYING,
    MAX_OTHER_FACTS,
    OTHER_FACTS,
    Value,
    identified,
)
from ..domain.fields import FIELD
from ..errors import InvalidDam, InvalidFile
from . import cells, exported, other_facts, plain_cells, reference_systems
from .columns import Column
from .left import Left
from .mapping import Mapping
from .questions import decimal_mark_of
from .row_columns import Fact, Other, Remembered
from .table import Refused, Table

__all__ = ["DamRow", "Refused", "RowReader", "Unread", "read"]


class Unread(NamedTuple):
    """A cell that can't be read: the field stays unknown, the text is kept as another fact.

    heading: the column. value: the text of the cell, or its beginning.
    """

    row: int
    heading: str
    value: str
    reason: str


class DamRow(NamedTuple):
    """A dam. values: by field, and `other_facts`, as `DamDraft.checked_facts` returns them.

    exported_id: the id that the dam had in the inventory that the file was exported from; None
    for other files. Two such dams are two, however alike they are.
    """

    row: int
    values: dict[str, Value]
    unread: tuple[Unread, ...] = ()
    exported_id: int | None = None


def read(table: Table, mapping: Mapping) -> Iterator[DamRow | Refused]:
    """Yield the dam of each row, or the reason why the row has none.

    A cell that can't be read does not cost the dam, and a row costs only itself.
    mapping: for the headings of the table.
    Raises InvalidFile, here or during iteration, if no column can identify a dam, or if the file
    can't be read on.
    """
    reader = RowReader(table, mapping)
    return (row if isinstance(row, Refused) else reader.dam(*row) for row in table.rows)


class RowReader:
    """Reads rows of one table.

    width: the number of its columns. facts: those that hold a field. others: those that hold
    other facts. copied: fields that are another one, too. id: the place of the ids of an export,
    None if there are none.
    Raises InvalidFile if the mapping is for another table, or if no column can identify a dam.
    """

    def __init__(self, table: Table, mapping: Mapping) -> None:
        if mapping.header != table.headings:
            raise InvalidFile("The columns of the file have changed.")
        mapping.check()
        self.width = len(table.headings)
        self.is_exact = table.is_exact
        self.facts: list[Fact] = []
        self.others: list[Other] = []
        self.id: int | None = None
        self._object: int | None = None
        self._headings: dict[str, tuple[int, str]] = {}
        for index, column in enumerate(mapping.columns):
            texts = [row[index] for row in table.first_rows if index < len(row)]
            if column.field is None or column.question:
                self._other(index, column.heading, table)
                continue
            mark = decimal_mark_of(column, table)
            read = cells.reader(column.field, column.unit, mark, texts, column.heading)
            if self.is_exact and column.field == exported.field_of(column.heading):
                read = cells.exact(column.field, read)
            plain = plain_cells.of_field(FIELD[column.field], column.unit, mark)
            self.facts.append(Fact(index, column.field, column.heading, Remembered(read, plain)))
            self._headings[column.field] = index, column.heading
        self.copied = [
            (field, also)
            for field, also in _ALSO.items()
            if field in self._headings and also not in self._headings
        ]
        self._transform = _transform(mapping.columns)
        names = [heading for _, heading, _ in self.others]
        self.is_plain = (
            self._transform is None
            and self._object is None
            and len(names) <= MAX_OTHER_FACTS
            and len({*names}) == len(names)
        )
        """Whether each cell stands for itself, so that columns can be read for themselves."""

    def _other(self, index: int, heading: str, table: Table) -> None:
        """Take a column for other facts, unless it is one of the record of an export."""
        if not exported.is_export(table.headings):
            self.others.append(Other(index, heading, Remembered(other_facts.plain)))
        elif heading == "id":
            self.id = index
        elif heading == OTHER_FACTS:
            self._object = index
        elif heading not in exported.skipped(table.headings):
            read = other_facts.exact if self.is_exact else other_facts.plain
            self.others.append(Other(index, exported.fact_of(heading), Remembered(read)))

    def dam(self, number: int, row: Sequence[str]) -> DamRow | Refused:
        """Return the dam of a row."""
        width = self.width
        if len(row) != width:
            if any(cell.strip() for cell in row[width:]):
                return Refused(number, f"The row has {len(row)} cells, but the header has {width}.")
            row = [*row[:width], *([""] * (width - len(row)))]
        values: dict[str, Value] = {}
        others: dict[str, str] = {}
        unread: list[Unread] = []
        for index, field, heading, known in self.facts:
            if not (text := row[index]):
                continue
            value = known[text]
            if value is None:
                continue
            if isinstance(value, Left):
                self._leave(Unread(number, heading, text, value.reason), others, unread)
                if (value := value.value) is None:
                    continue
            values[field] = value
        for index, heading, known in self.others:
            if not (text := row[index]):
                continue
            value = known[text]
            if value is None:
                continue
            if isinstance(value, Left):
                unread.append(Unread(number, heading, text[:_SHOWN], value.reason))
                value = value.value
            others[heading] = str(value)
        if self._object is not None and (text := row[self._object]):
            if (object_read := other_facts.of_object(text)) is None:
                cell = Unread(number, OTHER_FACTS, text, "The text is no JSON object.")
                self._leave(cell, others, unread)
            else:
                others.update(object_read)
        for field, also in self.copied:
            if field in values:
                values[also] = values[field]
        self._place(number, row, values, others, unread)
        if others:
            values["other_facts"] = _limited(number, others, unread)
        try:
            checked = identified(values, is_exact=self.is_exact)
        except InvalidDam as error:
            return Refused(number, _why(unread, self._headings) or str(error))
        its_id = None if self.id is None else exported_id(row[self.id])
        return DamRow(number, checked, tuple(unread), its_id)

    def _leave(self, cell: Unread, others: dict[str, str], unread: list[Unread]) -> None:
        if kept := other_facts.kept(cell.value):
            others[cell.heading] = kept
        if cell.reason:
            unread.append(cell._replace(value=cell.value[:_SHOWN]))

    def _place(
        self,
        number: int,
        row: Sequence[str],
        values: dict[str, Value],
        others: dict[str, str],
        unread: list[Unread],
    ) -> None:
        """Transform the coordinates to WGS 84, and leave one without the other."""
        x, y = values.get("longitude"), values.get("latitude")
        if x is None and y is None:
            return
        reason = ""
        if x is None or y is None:
            reason = "A location needs both coordinates."
        elif self._transform:
            try:
                x, y = self._transform(float(str(x)), float(str(y)))
                values["longitude"] = checked_value("longitude", x)
                values["latitude"] = checked_value("latitude", y)
            except ValueError:
                reason = "The coordinates are outside the reference system."
        if not reason:
            return
        for field in ("latitude", "longitude"):
            if values.pop(field, None) is not None:
                index, heading = self._headings[field]
                self._leave(Unread(number, heading, row[index], reason), others, unread)


_ALSO = {
    "primary_owner_type": "owner_type",
    "primary_purpose": "purposes",
    "primary_dam_type": "dam_type",
}
"""What the main one of several is, too, in a file that does not give all of them."""

_SHOWN = 200
"""How many characters of a cell are reported."""


def _transform(columns: Sequence[Column]) -> Callable[[float, float], tuple[float, float]] | None:
    units = {c.unit for c in columns if c.field in ("latitude", "longitude") and not c.question}
    systems = [unit for unit in units if unit.startswith("EPSG:")]
    if not systems:
        return None
    if len(units) > 1:
        raise InvalidFile("Latitude and longitude must be in the same reference system.")
    return reference_systems.to_degrees(systems[0])


def exported_id(text: str) -> int | None:
    """Return the number of a dam that a cell of an export has."""
    return int(text) if _ID.fullmatch(text.strip()) else None


_ID = re.compile(r"[0-9]{1,18}")


def _limited(number: int, others: dict[str, str], unread: list[Unread]) -> dict[str, str]:
    """Return as many other facts as a dam may have; the rest are left unread."""
    if len(others) <= MAX_OTHER_FACTS:
        return others
    facts = list(others.items())
    reason = f"A dam can have {MAX_OTHER_FACTS} other facts."
    unread.extend(
        Unread(number, heading, text[:_SHOWN], reason) for heading, text in facts[MAX_OTHER_FACTS:]
    )
    return dict(facts[:MAX_OTHER_FACTS])


def _why(unread: Sequence[Unread], headings: dict[str, tuple[int, str]]) -> str:
    """Return why a row without an identified dam has none: what would identify it is not read."""
    identifying = {headings[f][1] for f in (*IDENTIFYING, "longitude") if f in headings}
    reasons = (cell.reason for cell in unread if cell.heading in identifying)
    return " ".join(dict.fromkeys(reasons))
