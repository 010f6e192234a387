"""The columns of a snapshot and their types in Polars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import polars as pl

from ..domain.field import Kind
from ..domain.fields import FIELD, FIELDS

COLUMNS = ("id", *FIELD, "other_facts", "added_by", "added_at", "hydrograph_id")

MOMENT = pl.Datetime("us", "UTC")
_TYPES: dict[Kind, pl.DataType] = {
    "number": pl.Float64(),
    "degrees": pl.Float64(),
    "category": pl.Categorical(),
    "categories": pl.Categorical(),
}
DTYPES: dict[str, pl.DataType] = {
    **{column: pl.String() for column in COLUMNS},
    **{field.name: _TYPES.get(field.kind, pl.String()) for field in FIELDS},
    "added_by": pl.Categorical(),
    "id": pl.Int64(),
    "added_at": MOMENT,
    "hydrograph_id": pl.Int64(),
}
"""The type of each column. A column without any value has the type Null, which needs no memory."""

_ALWAYS_KNOWN = ("id", "added_at")
_WRITTEN: dict[str, pl.DataType] = {
    name: pl.String() for name, dtype in DTYPES.items() if dtype == pl.Categorical
}


def typed(values: pl.Series) -> pl.Series:
    """Return a column in its type, or in the type Null if no value is known.

    values: named after the column; texts, or already of its type.
    """
    if values.null_count() == len(values) and values.name not in _ALWAYS_KNOWN:
        return unknown(values.name, len(values))
    return values.cast(DTYPES[values.name])


def unknown(column: str, size: int) -> pl.Series:
    """Return a column without any value."""
    return pl.Series(column, [None], dtype=pl.Null).new_from_index(0, size)


def frame_of(rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Return a frame of rows of the table `dams`, whose values are in the order of COLUMNS."""
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    # Most columns of a few dams are empty, and to make each of them would take 5 ms.
    known = [
        typed(pl.Series(name, values, dtype=_WRITTEN.get(name, DTYPES[name])))
        for name, values in zip(COLUMNS, columns, strict=True)
        if name in _ALWAYS_KNOWN or any(value is not None for value in values)
    ]
    return _without_values(len(rows)).with_columns(known)


@lru_cache(maxsize=8)
def _without_values(size: int) -> pl.DataFrame:
    return pl.DataFrame([unknown(name, size) for name in COLUMNS])


def as_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Return a frame as a pandas DataFrame with its ids as index.

    Numbers are float64 with NaN; all other values are objects, None if unknown.
    """
    columns = {}
    for name in COLUMNS[1:]:
        if DTYPES[name] == pl.Float64:
            columns[name] = pd.Series(frame[name].cast(pl.Float64).to_numpy(), copy=False)
        else:
            columns[name] = pd.Series(frame[name].to_list(), dtype=object)
    result = pd.DataFrame(columns, copy=False)
    result.index = pd.Index(frame["id"].to_numpy(), name="id")
    return result


def joined(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return the dams of two frames, by id."""
    if not len(new):
        return old
    both = pl.concat([old, new], how="vertical_relaxed", rechunk=True)
    return both if both["id"].is_sorted() else both.sort("id")
