"""Flagged: the data-quality flags of all dams at one revision, one byte a dam."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.palette import QUALITY
from ..domain.quality import FLAGS, QUALITIES, flags
from .dams import Dams
from .order import Rows
from .places import Codes
from .tail import Tail

Bits = npt.NDArray[np.uint8]
"""The flags of dams: the bit of a flag is its number in FLAGS."""

BITS = {name: np.uint8(1 << number) for number, name in enumerate(FLAGS)}

SHARED = "shared_place"
"""The flag that depends on other dams."""

_PLACE = ("longitude", "latitude")


class Flagged:
    """The flags of the dams of an `Overlay`, computed when they are first asked for.

    base, gone, tail: those of the overlay.
    """

    def __init__(self, base: Dams, gone: Rows, tail: Tail) -> None:
        self._base = base
        self._gone = gone
        self._tail = tail

    @cached_property
    def bits(self) -> tuple[Bits, Bits]:
        """The flags of the base and of the tail: about 0.3 s for a base of a million dams."""
        old, new = self._base, self._tail.dams
        base, tail = own_bits(old), own_bits(new)
        if not len(self._gone) and not len(new):
            return base, tail
        # Only the dams at the places of changed dams can have other neighbors than in the base.
        here, there = _places(old), _places(new).with_columns(pl.col("row") + len(old))
        changed = pl.concat([here[self._gone], there]).select(_PLACE).drop_nulls().unique()
        near = pl.concat([here.join(changed, on=_PLACE, how="semi"), there.drop_nulls()])
        near = near.filter(~pl.col("row").is_in(self._gone.tolist()))
        is_shared = near.select(pl.len().over(_PLACE) > 1).to_series().to_numpy()
        rows = near["row"].to_numpy()
        bits = np.concatenate([base, tail])
        bits[rows] &= ~BITS[SHARED]
        bits[rows[is_shared]] |= BITS[SHARED]
        return bits[: len(old)], bits[len(old) :]

    def names(self, row: int) -> tuple[str, ...]:
        """Return the names of the flags of one dam."""
        base, tail = self.bits
        bits = base[row] if row < len(base) else tail[row - len(base)]
        return tuple(name for name, bit in BITS.items() if bits & bit)

    @cached_property
    def codes(self) -> tuple[Codes, Codes]:
        """The categories of QUALITY of the base and of the tail."""
        labels = [*QUALITIES.values()]
        first = [next((i for i in range(len(FLAGS)) if bits >> i & 1), -1) for bits in range(128)]
        code = np.array([QUALITY.categories.index(labels[one]) for one in first], np.uint8)
        base, tail = self.bits
        return code[base], code[tail]

    @property
    def has_codes(self) -> bool:
        """Whether `codes` were computed."""
        return "codes" in self.__dict__


def own_bits(dams: Dams) -> Bits:
    """Return the flags of dams, compared only with one another; they are computed once."""
    return dams.computed("flags", lambda: _bits_of(dams.frame))


def _bits_of(frame: pl.DataFrame) -> Bits:
    found = flags(frame)
    bits = np.zeros(len(frame), np.uint8)
    for name, bit in BITS.items():
        bits[found[name].to_numpy()] |= bit
    return bits


def _places(dams: Dams) -> pl.DataFrame:
    places = dams.frame.select(pl.col(one).cast(pl.Float64) for one in _PLACE)
    return places.with_row_index("row")
