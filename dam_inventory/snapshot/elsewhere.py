"""Elsewhere: the dams that lie outside the window in which a map begins."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import polars as pl

from ..domain.mercator import Extent, Floats
from ..domain.quality import flags
from ..domain.states import STATES

_DOUBTFUL = ("at_zero", "outside_state")

_CODES = {state.name: state.code for state in STATES}


class Elsewhere(NamedTuple):
    """The dams outside a window.

    number: how many, without those at a doubtful place. states: the postal codes of their
    states, that with the most dams first; without unknown ones. doubtful: the number of those at
    latitude 0, longitude 0 or outside their state's bounds.
    """

    number: int = 0
    states: tuple[str, ...] = ()
    doubtful: int = 0


def outside(x: Floats, y: Floats, window: Extent | None) -> np.ndarray:
    """Return the indices of the points outside a window, int64; those with NaN are nowhere."""
    if window is None:
        return np.empty(0, np.int64)
    is_outside = (x < window.x0) | (x > window.x1) | (y < window.y0) | (y > window.y1)
    return np.flatnonzero(is_outside)


def elsewhere(dams: pl.DataFrame) -> Elsewhere:
    """Return what is said of dams that lie elsewhere. dams: the columns of the fields."""
    found = flags(dams)
    is_doubtful = found.select(pl.any_horizontal(_DOUBTFUL)).to_series()
    counts = Counter(dams.filter(~is_doubtful)["state"].drop_nulls().to_list())
    codes = [_CODES[state] for state, _ in counts.most_common() if state in _CODES]
    doubtful = int(is_doubtful.sum())
    return Elsewhere(len(dams) - doubtful, tuple(codes), doubtful)
