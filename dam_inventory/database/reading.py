"""Reads all dams into a Polars frame.

A million rows of Python objects take 7 s to fetch and convert. So the database packs each column
of a piece of the table into one JSON text, which Polars unpacks in another thread. Numbers are
fetched as they are, because SQLite may write only 15 of their digits.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
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

from ..snapshot.schema import COLUMNS, DTYPES, typed, unknown
from .models import DamRow

_DAMS = DamRow.__table__
HELD = tuple(
    cast(_DAMS.c[name], Text).label(name) if name == "other_facts" else _DAMS.c[name]
    for name in COLUMNS
)
"""The columns of the table as a snapshot holds them: `other_facts` as JSON text."""
_OF = dict(zip(COLUMNS, HELD, strict=True))
_PIECE = 20_000
_IS_IN_PIECE = and_(
    _DAMS.c.id.between(bindparam("first"), bindparam("last")), _DAMS.c.removed_at.is_(None)
)
_NUMBERS = frozenset(column for column in COLUMNS if DTYPES[column] == pl.Float64)
_SAVED = "%Y-%m-%d %H:%M:%S%.f"


class _Piece(NamedTuple):
    """Some rows of the table: JSON arrays by column, and the columns of numbers."""

    packed: dict[str, str]
    numbers: pl.DataFrame


def all_dams(connection: Connection) -> pl.DataFrame:
    """Return the dams that are not removed: see `dams_between`."""
    last = connection.execute(select(func.max(_DAMS.c.id))).scalar() or 0
    return dams_between(connection, 1, last)


def dams_between(connection: Connection, first_id: int, last_id: int) -> pl.DataFrame:
    """Return the dams with these ids that are not removed, by id, typed by `schema.typed`."""
    pieces: dict[str, list[pl.Series]] = {column: [] for column in COLUMNS}
    # Unpack one piece while the next one is fetched.
    with ThreadPoolExecutor(1) as unpacking:
        before: Future[list[pl.Series]] | None = None
        for piece in _pieces(connection, first_id, last_id):
            following = unpacking.submit(_unpacked, piece)
            _keep(pieces, before)
            before = following
        _keep(pieces, before)
    # Column by column, so that only one of them is in memory twice.
    frame = pl.DataFrame([_joined(column, pieces.pop(column)) for column in COLUMNS])
    if len(frame) > _PIECE:
        _return_memory()
    return frame


def _return_memory() -> None:
    """Return freed memory to the system: glibc keeps 60 MB of what a million dams needed."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)


def _pieces(connection: Connection, first_id: int, last_id: int) -> Iterator[_Piece]:
    """Fetch a part of the table. A column without any value so far is only examined."""
    used: frozenset[str] = frozenset()
    for first in range(first_id, last_id + 1, _PIECE):
        ids = {"first": first, "last": min(last_id, first + _PIECE - 1)}
        found = connection.execute(_packed(used, connection.dialect.name), ids).one()._mapping
        if found["others"]:
            counts = connection.execute(_counts(), ids).one()._mapping
            used |= {column for column in COLUMNS if counts[column]}
            found = connection.execute(_packed(used, connection.dialect.name), ids).one()._mapping
        if found["dams"]:
            packed = {column: found[column] for column in used - _NUMBERS}
            yield _Piece(packed, _numbers(connection, used & _NUMBERS, ids))


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


def _numbers(connection: Connection, columns: frozenset[str], ids: dict[str, int]) -> pl.DataFrame:
    if not columns:
        return pl.DataFrame()
    query = select(*(_DAMS.c[column] for column in columns)).where(_IS_IN_PIECE)
    result = connection.execute(query.order_by(_DAMS.c.id), ids)
    # SQLAlchemy's rows would take three times as long as the driver's.
    values = np.array(result.cursor.fetchall(), np.float64)
    return pl.DataFrame(values, list(columns), orient="row").fill_nan(None)


def _unpacked(piece: _Piece) -> list[pl.Series]:
    texts = pl.DataFrame({column: [text] for column, text in piece.packed.items()})
    columns = texts.select(
        pl.col(column)
        .str.json_decode(pl.List(pl.Int64 if DTYPES[column] == pl.Int64 else pl.String))
        .explode()
        for column in texts.columns
    )
    # No database promises an order within an array, but it is the same in all of a query.
    columns = columns.with_columns(_moments(columns["added_at"])).sort("id")
    return [typed(column) for column in (*columns, *piece.numbers)]


def _moments(texts: pl.Series) -> pl.Series:
    moments = texts.str.to_datetime(_SAVED, time_unit="us", time_zone="UTC", strict=False)
    if not moments.null_count():
        return moments
    # Written by another program, in another form of ISO 8601.
    others = [dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in texts]
    return pl.Series(texts.name, others, dtype=DTYPES["added_at"])


def _keep(pieces: dict[str, list[pl.Series]], unpacked: Future[list[pl.Series]] | None) -> None:
    """Add the columns of a piece; columns that it does not have are empty there."""
    if unpacked is None:
        return
    columns = {column.name: column for column in unpacked.result()}
    size = len(columns["id"])
    for name, parts in pieces.items():
        parts.append(columns[name] if name in columns else unknown(name, size))


def _joined(column: str, parts: list[pl.Series]) -> pl.Series:
    if not parts:
        return typed(pl.Series(column, [], dtype=DTYPES[column]))
    return typed(pl.concat([part.cast(DTYPES[column]) for part in parts], rechunk=True))
