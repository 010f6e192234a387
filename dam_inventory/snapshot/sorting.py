"""Sorting: by which columns dams are sorted, and how their values compare."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from ..domain.fields import FIELD
from .folding import fold, folded

HYDROGRAPH = "hydrograph_id"
"""The column that tells whether a dam has a hydrograph."""

SORTED_BY = (*FIELD, HYDROGRAPH)
"""The columns by which dams can be sorted."""

BY_NAME = SORTED_BY[0]

MAX_SORTED = 4
"""The maximum number of columns in one order."""

_UNRANKED = "99 "
"""Before words that are not in the list of their field."""


class By(NamedTuple):
    """One column of an order."""

    column: str
    descending: bool = False


Sorting = tuple[By, ...]
"""The columns of an order, the most important one first."""


def sorting_of(text: str) -> Sorting:
    """Read columns like "state,-nid_height_ft"; a minus means descending.

    What is invalid or repeated is left out, because a person or a browser may have written it.
    Nothing valid means the order of names.
    """
    found: dict[str, By] = {}
    for part in text.split(","):
        column = part.removeprefix("-")
        if column in SORTED_BY and len(found) < MAX_SORTED:
            found.setdefault(column, By(column, part.startswith("-")))
    return (*found.values(),) or (By(BY_NAME),)


def as_text(sorting: Sorting) -> str:
    """Return the text that `sorting_of` reads."""
    return ",".join(f"-{one.column}" if one.descending else one.column for one in sorting)


def keys(values: pl.Series) -> pl.Series:
    """Return what the values of a column are compared by; null for unknown values.

    Numbers are compared as numbers; words of a ranked field by their place in its list; all other
    texts without case and accents. All dams with a hydrograph are equal.
    """
    column = values.name
    if column == HYDROGRAPH:
        return values.cast(pl.Int64) * 0
    field = FIELD[column]
    if field.is_number:
        return values.cast(pl.Float64).fill_nan(None)
    texts = folded(values.cast(pl.String))
    if not field.is_ranked:
        return texts
    ranks = {fold(word): key(column, word) for word in field.categories}
    return texts.replace_strict(ranks, default=_UNRANKED + texts, return_dtype=pl.String)


def key(column: str, value: Any) -> Any:
    """Return what one known value of a column is compared by, as `keys` do."""
    if column == HYDROGRAPH:
        return 0
    if not isinstance(value, str):
        return value
    text = fold(value)
    if not FIELD[column].is_ranked:
        return text
    words = [fold(word) for word in FIELD[column].categories]
    return f"{words.index(text):02} {text}" if text in words else _UNRANKED + text
