"""Reads all dams into a Polars frame.

A million rows of Python objects take 7 s to fetch and convert. So the database packs each column
of a piece of the table into one JSON text, which Polars unpacks in another thread. Numbers are
fetched as they are, because SQLite may write only 15 of their digits; they come last, because
only they need the interpreter, which is busy with imports when a server starts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)

from ..domain.mark import Ground
from ..snapshot.schema import COLUMNS, DTYPES, typed, unknown
from . import ground
from .memory import return_freed
from .models import DamRow, ImportedEditRow

_DAMS = DamRow.__table__
HELD = tuple(
    cast(_DAMS.c[name], Text).label(name) if name == "other_facts" else _DAMS.c[name]
    for name in COLUMNS
)
"""The columns of the table as a snapshot holds them: `other_facts` as JSON text."""
_OF = dict(zip(COLUMNS, HELD, strict=True))
_PIECE = 20_000
_ANY = -1
_IMPORTED = select(ImportedEditRow.dam_id).where(ImportedEditRow.seq > bindparam("since"))
_IS_IN_PIECE = and_(
    _DAMS.c.id.between(bindparam("first"), bindparam("last")),
    _DAMS.c.removed_at.is_(None),
    or_(bindparam("since", type_=Integer) == _ANY, _DAMS.c.id.in_(_IMPORTED)),
)
_NUMBERS = frozenset(column for column in COLUMNS if DTYPES[column] == pl.Float64)
_SAVED = "%Y-%m-%d %H:%M:%S%.f"


_Columns = Callable[[], list[pl.Series]]


class _Piece(NamedTuple):
    """Some rows of the table.

    ids: the first and the last id, and `since`. size: the number of dams. texts: JSON arrays by
    column. numbers: the columns of numbers that have values.
    """

    ids: dict[str, int]
    size: int
    texts: dict[str, str]
    numbers: frozenset[str]


def all_dams(connection: Connection, now: Ground) -> pl.DataFrame:
    """Return the dams that are not removed: see `dams_between`.

    now: the ground that the connection reads. Large inventories are read by two connections at
    once, if a second one reads the same ground.
    """
    if now.last_dam <= 2 * _PIECE:
        return dams_between(connection, 1, now.last_dam)
    with connection.engine.connect() as second, second.begin():
        is_same = ground.read(second) == now
        return dams_between(connection, 1, now.last_dam, second if is_same else None)


def dams_between(
    connection: Connection,
    first_id: int,
    last_id: int,
    second: Connection | None = None,
    since: int = _ANY,
) -> pl.DataFrame:
    """Return the dams with these ids that are not removed, by id, typed by `schema.typed`.

    second: another connection that reads the same, to fetch numbers at the same time.
    since: only the dams that imports after this `seq`, or their undoing, have changed.
    """
    parts: dict[str, list[pl.Series]] = {column: [] for column in COLUMNS}
    ids = {"first": first_id, "last": last_id, "since": since}
    for piece, texts, numbers in _fetched(connection, ids, second):
        known = {one.name: one for one in (*texts(), *numbers())}
        for name, found in parts.items():
            found.append(known[name] if name in known else unknown(name, piece.size))
    # Column by column, so that only one of them is in memory twice.
    frame = pl.DataFrame([_joined(column, parts.pop(column)) for column in COLUMNS])
    if len(frame) > _PIECE:
        return_freed()
    return frame


def _fetched(
    connection: Connection, ids: Mapping[str, int], second: Connection | None
) -> list[tuple[_Piece, _Columns, _Columns]]:
    """Return each piece with its texts and its numbers, which may still have to be fetched."""
    found: list[tuple[_Piece, _Columns, _Columns]] = []
    with ThreadPoolExecutor(1) as unpacking, ThreadPoolExecutor(1) as fetching:
        for piece in _pieces(connection, ids):
            if found:
                found[-1][1]()  # so that no more than two pieces are packed
            texts = unpacking.submit(_unpacked, piece.texts).result
            piece = piece._replace(texts={})
            if second is None:
                numbers: _Columns = partial(_numbers, connection, piece)
            else:
                numbers = fetching.submit(_numbers, second, piece).result
            found.append((piece, texts, numbers))
    return found


def _pieces(connection: Connection, wanted: Mapping[str, int]) -> Iterator[_Piece]:
    """Fetch a part of the table. A column without any value so far is only examined."""
    used: frozenset[str] = frozenset()
    last = wanted["last"]
    for first in range(wanted["first"], last + 1, _PIECE):
        ids = {**wanted, "first": first, "last": min(last, first + _PIECE - 1)}
        found = connection.execute(_packed(used, connection.dialect.name), ids).one()._mapping
        if found["others"]:
            counts = connection.execute(_counts(), ids).one()._mapping
            used |= {column for column in COLUMNS if counts[column]}
            found = connection.execute(_packed(used, connection.dialect.name), ids).one()._mapping
        if found["dams"]:
            texts = {column: found[column] for column in used - _NUMBERS}
            yield _Piece(ids, found["dams"], texts, used & _NUMBERS)


def _packed(used: Collection[str], database: str) -> Select[Any]:
    """Return the query for the used columns, the number of dams, and that of other values."""
    packed = []
    for column in sorted({*used} - _NUMBERS):
        values: ColumnElement[Any] = _OF[column]
        if database == "sqlite":
            packed.append(func.json_group_array(values).label(column))
            continue
        if column == "added_at":
            values = func.to_char(func.timezone("UTC", values), "YYYY-MM-DD HH24:MI:SS.US")
        packed.append(cast(func.json_agg(values), Text).label(column))
    unused = [_DAMS.c[column].is_not(None) for column in COLUMNS if column not in used]
    others = func.count(case((or_(*unused), 1))) if unused else func.nullif(0, 0)
    columns: list[ColumnElement[Any]] = [func.count().label("dams"), others.label("others")]
    return select(*columns, *packed).select_from(_DAMS).where(_IS_IN_PIECE)


def _counts() -> Select[Any]:
    columns: list[ColumnElement[Any]] = [func.count(_DAMS.c[c]).label(c) for c in COLUMNS]
    return select(*columns).where(_IS_IN_PIECE)


def _unpacked(texts: dict[str, str]) -> list[pl.Series]:
    packed = pl.DataFrame({column: [text] for column, text in texts.items()})
    columns = packed.select(
        pl.col(column)
        .str.json_decode(pl.List(pl.Int64 if DTYPES[column] == pl.Int64 else pl.String))
        .explode()
        for column in packed.columns
    )
    # No database promises an order within an array, but it is the same in all of a query.
    columns = columns.with_columns(_moments(columns["added_at"])).sort("id")
    return [typed(column) for column in columns]


def _numbers(connection: Connection, piece: _Piece) -> list[pl.Series]:
    if not piece.numbers:
        return []
    query = select(*(_DAMS.c[column] for column in piece.numbers)).where(_IS_IN_PIECE)
    result = connection.execute(query.order_by(_DAMS.c.id), piece.ids)
    # SQLAlchemy's rows would take three times as long as the driver's.
    values = np.array(result.cursor.fetchall(), np.float64)
    frame = pl.DataFrame(values, list(piece.numbers), orient="row").fill_nan(None)
    return [typed(column) for column in frame]


def _moments(texts: pl.Series) -> pl.Series:
    moments = texts.str.to_datetime(_SAVED, time_unit="us", time_zone="UTC", strict=False)
    if not moments.null_count():
        return moments
    # Written by another program, in another form of ISO 8601.
    others = [dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in texts]
    return pl.Series(texts.name, others, dtype=DTYPES["added_at"])


def _joined(column: str, parts: list[pl.Series]) -> pl.Series:
    if not parts:
        return typed(pl.Series(column, [], dtype=DTYPES[column]))
    return typed(pl.concat([part.cast(DTYPES[column]) for part in parts], rechunk=True))
