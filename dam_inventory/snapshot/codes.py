"""Codes: a column of few different texts as small numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.fields import FIELD
from ..domain.states import STATES
from .criteria import UNKNOWN
from .folding import fold

Bools = npt.NDArray[np.bool_]

_POSTAL_CODES = {state.name: state.code for state in STATES}


class Codes:
    """The values of a column, each as an index into its different values.

    values: the different values, ascending; the first one is UNKNOWN. parts: the same values as
    tuples of their parts, of which `categories` may have several. numbers: by row, read-only, of
    the smallest unsigned type.
    """

    def __init__(self, column: str, values: list[str], numbers: npt.NDArray[np.unsignedinteger]):
        self.values = [UNKNOWN, *values]
        self.numbers = numbers
        self.numbers.flags.writeable = False
        has_parts = FIELD[column].kind == "categories"
        self.parts = [_parts(value) if has_parts else (value,) for value in self.values]
        self._is_of_states = column == "state"

    @classmethod
    def of(cls, values: pl.Series) -> Codes:
        """Return the codes of a column of the type Categorical, or Null."""
        if values.dtype == pl.Null:
            return cls(values.name, [], np.zeros(len(values), np.uint8))
        different = values.unique().drop_nulls()
        different = different.filter(different.cast(pl.String) != UNKNOWN)
        # Polars sorts categories by their text.
        different = different.gather(different.cast(pl.String).arg_sort())
        dtype = np.min_scalar_type(len(different))
        # Its own numbers are those of all categories of the process.
        theirs = different.to_physical().to_numpy()
        none = int(theirs.max()) + 1 if len(theirs) else 0
        ours = np.zeros(none + 1, dtype)
        ours[theirs] = np.arange(1, len(theirs) + 1)
        # A category that is the empty text may have a greater number.
        numbers = np.minimum(values.to_physical().fill_null(none).to_numpy(), none)
        return cls(values.name, different.cast(pl.String).to_list(), ours[numbers])

    def any_of(self, wanted: Collection[str]) -> Bools:
        """Return for each different value whether one of its parts is wanted."""
        wanted = frozenset(wanted)
        return np.array([not wanted.isdisjoint(parts) for parts in self.parts])

    def containing(self, word: str) -> Bools:
        """Return for each different value whether it contains a folded word."""
        return np.array([word in text for text in self._folded])

    def by_part(self, counts: npt.NDArray[np.int64]) -> Mapping[str, int]:
        """Return the number of dams by part; counts: that by different value."""
        found: dict[str, int] = {}
        for parts, count in zip(self.parts, counts.tolist(), strict=True):
            for part in parts:
                found[part] = found.get(part, 0) + count
        return found

    @cached_property
    def _folded(self) -> list[str]:
        if self._is_of_states:
            return [fold(f"{one}\n{_POSTAL_CODES.get(one, '')}") for one in self.values]
        return [fold(one) for one in self.values]


def _parts(value: str) -> tuple[str, ...]:
    """Return the different parts of a value between semicolons."""
    parts = dict.fromkeys(part.strip() for part in value.split(";"))
    return tuple(part for part in parts if part) or (UNKNOWN,)
