"""Reads the dams of a table in blocks of rows, column by column: faster than row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, islice
from typing import Any, NamedTuple

from ..domain.dam import IDENTIFYING, OTHER_FACTS
from . import mapping as mappings
from . import plain_cells
from .dam_rows import DamRow, RowReader, Unread, exported_id
from .left import Left, Reader
from .row_columns import Remembered
from .table import Refused, Row, Table

AT_ONCE = 500
"""How many rows a block has at most."""

Column = Sequence[Any]


class Block(NamedTuple):
    """The dams of some rows, in the order of the file.

    rows: the number of the row of each dam. columns: by field, the value of each dam, None if it
    is unknown; `other_facts` as JSON. others: the headings of other facts. exported_ids: as in
    DamRow. unread: cells that can't be read, each with the position of its dam. refused: rows
    without a dam.
    """

    rows: Sequence[int]
    columns: Mapping[str, Column]
    others: Sequence[str]
    exported_ids: Sequence[int | None]
    unread: Sequence[tuple[int, Unread]]
    refused: Sequence[Refused]


def read(table: Table, mapping: mappings.Mapping) -> Iterator[Block]:
    """Yield what `dam_rows.read` yields, and raise what it raises."""
    reader = _BlockReader(table, mapping)
    return map(reader.block, iter(lambda: [*islice(table.rows, AT_ONCE)], []))


def blocks(rows: Iterable[DamRow | Refused | Block]) -> Iterator[Block]:
    """Yield dams in blocks, whether they come in blocks or row by row."""
    some: list[DamRow | Refused] = []
    for one in rows:
        if not isinstance(one, Block):
            some.append(one)
        if some and (len(some) == AT_ONCE or isinstance(one, Block)):
            yield _of_rows(some)
            some = []
        if isinstance(one, Block):
            yield one
    if some:
        yield _of_rows(some)


def _of_rows(rows: Sequence[DamRow | Refused]) -> Block:
    dams = [row for row in rows if isinstance(row, DamRow)]
    fields = dict.fromkeys(field for dam in dams for field in dam.values)
    return Block(
        [dam.row for dam in dams],
        {field: [_cell(dam, field) for dam in dams] for field in fields},
        [*dict.fromkeys(heading for dam in dams for heading in _others(dam))],
        [dam.exported_id for dam in dams],
        [(position, cell) for position, dam in enumerate(dams) for cell in dam.unread],
        [row for row in rows if isinstance(row, Refused)],
    )


def _others(dam: DamRow) -> Iterable[str]:
    others = dam.values.get(OTHER_FACTS)
    return others if isinstance(others, Mapping) else ()


def _cell(dam: DamRow, field: str) -> str | float | None:
    value = dam.values.get(field)
    return json.dumps(value) if isinstance(value, Mapping) else value


class _BlockReader:
    """Reads blocks of rows of one table."""

    def __init__(self, table: Table, mapping: mappings.Mapping) -> None:
        self._one = RowReader(table, mapping)
        self._others = [
            (
                one.place,
                Remembered(
                    _as_json(one.heading, one.values.read), plain_cells.of_fact(one.heading)
                ),
            )
            for one in self._one.others
        ]

    def block(self, some: Sequence[Row | Refused]) -> Block:
        """Return the dams of some rows, and why others have none."""
        one = self._one
        if not one.is_plain:
            return _of_rows([row if isinstance(row, Refused) else one.dam(*row) for row in some])
        rows = [row for row in some if not isinstance(row, Refused)]
        refused = [row for row in some if isinstance(row, Refused)]
        odd: set[int] = set()
        columns, others, ids = self._columns([row for _, row in rows], odd)
        unread: list[tuple[int, Unread]] = []
        is_dam = [True] * len(rows)
        for index in sorted(odd):
            dam = one.dam(*rows[index])
            if isinstance(dam, Refused):
                refused.append(dam)
                is_dam[index] = False
                continue
            ids[index] = dam.exported_id
            others.update(dict.fromkeys(_others(dam)))
            for field, column in columns.items():
                column[index] = _cell(dam, field)
            unread += [(sum(is_dam[:index]), cell) for cell in dam.unread]
        refused.sort(key=lambda row: row.row)
        return Block(
            [*compress([number for number, _ in rows], is_dam)],
            {
                field: [*compress(column, is_dam)]
                for field, column in columns.items()
                if column.count(None) < len(column)
            },
            [*others],
            [*compress(ids, is_dam)],
            unread,
            refused,
        )

    def _columns(
        self, rows: Sequence[Sequence[str]], odd: set[int]
    ) -> tuple[dict[str, list[Any]], dict[str, None], list[int | None]]:
        """Return the columns of rows, the headings of other facts, and the exported ids.

        odd: gets the rows that have to be read alone.
        """
        one = self._one
        odd.update(index for index, row in enumerate(rows) if len(row) != one.width)
        blank = ("",) * one.width
        whole = [blank if index in odd else row for index, row in enumerate(rows)] if odd else rows
        cells = [*zip(*whole, strict=True)] or [()] * one.width
        columns = {fact.field: _values(fact.values, cells[fact.place], odd) for fact in one.facts}
        for field, also in one.copied:
            columns[also] = [*columns[field]]
        odd.update(_unlocated(columns, len(rows)))
        others = [_values(known, cells[place], odd) for place, known in self._others]
        facts = [", ".join(filter(None, parts)) for parts in zip(*others, strict=True)]
        columns[OTHER_FACTS] = [f"{{{fact}}}" if fact else None for fact in facts]
        columns[OTHER_FACTS] += [None] * (len(rows) - len(facts))
        headings = {
            other.heading: None
            for other, values in zip(one.others, others, strict=True)
            if values.count(None) < len(values)
        }
        ids = [None] * len(rows) if one.id is None else [*map(exported_id, cells[one.id])]
        return columns, headings, [*ids]


def _unlocated(columns: Mapping[str, Column], count: int) -> Iterator[int]:
    """Yield the rows with half a location, with one at 0, 0, or with nothing that identifies."""
    unknown = [None] * count
    names, latitudes, nid_ids, federal_ids = (columns.get(one, unknown) for one in IDENTIFYING)
    longitudes = columns.get("longitude", unknown)
    for index, (x, y) in enumerate(zip(longitudes, latitudes, strict=True)):
        if x is None and y is None:
            if names[index] is nid_ids[index] is federal_ids[index] is None:
                yield index
        elif x is None or y is None or x == y == 0:
            yield index


def _values(known: Remembered, texts: Sequence[str], odd: set[int]) -> list[Any]:
    """Return what the cells of a column mean; add the rows in which something is left of them."""
    if known.plain and known.is_varied:
        matches, read = known.plain
        values = [read(text) if matches(text) else known[text] for text in texts]
    else:
        met = known.met
        values = [*map(known.__getitem__, texts)]
        known.is_varied = known.met - met > len(texts) / 2
    if known.has_left:
        for index, value in enumerate(values):
            if isinstance(value, Left):
                odd.add(index)
                values[index] = None
    return values


def _as_json(heading: str, read: Reader) -> Reader:
    """Return a function that reads another fact as a member of a JSON object."""
    name = json.dumps(heading)

    def written(text: str) -> str | float | Left | None:
        value = read(text)
        return f"{name}: {json.dumps(str(value))}" if isinstance(value, str | float) else value

    return written
