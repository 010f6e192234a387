"""The window of a map that shows nearly all dams, without the few that are far away."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..domain.mercator import Extent, Floats

MAX_LEFT_OUT = 0.01
"""At most this share of the dams is left out."""

MARGIN = 0.05
"""What a map shows around the window, as a share of its width and height, on every side."""

WORTH = 25.0
"""Dams are left out only if that shrinks the window by this many times their share."""


class _Cut(NamedTuple):
    """The dams beyond an edge that are left out together."""

    gain: float
    size: int
    side: int


def home_of(x: Floats, y: Floats) -> Extent | None:
    """Return the smallest window around 99% of the points; None without points.

    x, y: Web Mercator meters, float64, shape (n,), NaN for no location. Points at 0/0 do not
    count, unless all are there. Points at an edge are
    left out, in groups, as long as that makes the window's area much smaller: see WORTH. So
    inventories without points far away are shown whole. The window is not proven to be the
    smallest one; groups are chosen one after the other.
    """
    is_located = ~(np.isnan(x) | np.isnan(y))
    # A place at 0/0 means that nobody knew it.
    is_meant = is_located & ((np.abs(x) > 1) | (np.abs(y) > 1))
    if is_meant.any():
        is_located = is_meant
    x, y = x[is_located], y[is_located]
    if not len(x):
        return None
    count, left = len(x), int(len(x) * MAX_LEFT_OUT)
    x, y = _outer(x, y, left)
    while left and len(x) > 1:
        ends = np.sort(x), np.sort(y)
        sides = [ends[0], ends[1], -ends[0][::-1], -ends[1][::-1]]
        best = max(_best(side, number, left, count) for number, side in enumerate(sides))
        if best.gain < WORTH:
            break
        values = (x, y, -x, -y)[best.side]
        is_kept = values >= sides[best.side][best.size]
        left -= int(np.count_nonzero(~is_kept))
        x, y = x[is_kept], y[is_kept]
    return Extent.around(x, y)


def _outer(x: Floats, y: Floats, most: int) -> tuple[Floats, Floats]:
    """Return the points that can become an edge of the window after `most` others are left out."""
    if 4 * (most + 1) >= len(x):
        return x, y
    is_outer = np.zeros(len(x), bool)
    for values in (x, y):
        ends = np.argpartition(values, (most, len(values) - 1 - most))
        is_outer[ends[: most + 1]] = is_outer[ends[len(values) - 1 - most :]] = True
    return x[is_outer], y[is_outer]


def _best(side: Floats, number: int, left: int, count: int) -> _Cut:
    """Return the best cut at the start of ascending values.

    Its gain is by what share the window shrinks, as a logarithm, for the share of the points.
    """
    sizes = np.arange(1, min(left, len(side) - 1) + 1)
    # Points at the same place are left out together, or not at all.
    sizes = sizes[side[sizes] > side[sizes - 1]]
    if not len(sizes):
        return _Cut(0.0, 0, number)
    width = side[-1] - side[sizes]
    with np.errstate(divide="ignore"):
        gains = np.log((side[-1] - side[0]) / np.maximum(width, 1.0)) / (sizes / count)
    best = int(gains.argmax())
    gain = float(gains[best])
    return _Cut(gain if math.isfinite(gain) else 0.0, int(sizes[best]), number)
