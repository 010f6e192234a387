"""Clusters: the dams in a view as a limited number of markers that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent, Floats
from .grid import Cells, Grid, Layer, at_least
from .order import NO_ROWS, Rows
from .peaks import peaks

MAX_ALONE = 300
"""So few dams in view are drawn one by one, even if clusters were asked for."""

SMALLEST, LARGEST = 30, 60
"""Diameters in pixels: of a cluster of a few dams, and of the largest ones."""

MAX_CELLS = 100_000
"""The maximum number of cells, whatever size a browser reports."""

_REACH = 5
"""No other cluster begins within so many cells of one; LARGEST is as wide as they are."""

_WINDOW = range(-_REACH, _REACH + 1)
_NEARBY = sorted(
    ((line, column) for line in _WINDOW for column in _WINDOW),
    key=lambda one: (-(one[0] ** 2 + one[1] ** 2), one),
)
"""The cells that a cluster can have, as distances from its own: the farthest ones first."""

Integers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers to draw for a view.

    rows: the rows of dams that are alone.
    x, y: the center of each cluster, Web Mercator meters, float64, shape (m,), where most of its
    dams are. counts: its number of dams by category, int, shape (m, number of categories). The
    centers are so far apart that their markers, as large as `sizes` says, do not overlap.
    """

    rows: Rows
    x: Floats
    y: Floats
    counts: Integers

    @property
    def count(self) -> Integers:
        """The number of dams in each cluster, int, shape (m,), at least 2."""
        count: Integers = self.counts.sum(axis=1)
        return count


def cluster(
    layers: Sequence[Layer], view: Extent, metres_per_pixel: float, categories: int
) -> Markers:
    """Group dams that would overlap on screen.

    layers: dams inside `view`. categories: the number of their codes.
    A cluster begins in the square of a few pixels that has the most dams far and wide, then in
    the best one of those that are left. Each dam belongs to the nearest one. So clusters stand
    where the dams are, not in rows and columns, and panning moves them only at the edge.
    """
    grouped = _Grouped(layers, view, metres_per_pixel)
    counts = grouped.counts(categories)
    total = counts.sum(axis=1)
    x, y = grouped.centers()
    is_one = total == 1
    return Markers(grouped.members(is_one), x[~is_one], y[~is_one], counts[~is_one])


def under(
    layers: Sequence[Layer],
    view: Extent,
    metres_per_pixel: float,
    place: tuple[float, float],
    reach: float,
) -> Rows:
    """Return the rows of the dams in the marker nearest to a place; empty if none is hit.

    The markers are those that `cluster` returns for the same arguments. place: Web Mercator
    meters (x, y). reach: how far from its center a marker can be hit, in meters; a larger marker
    can be hit anywhere.
    """
    grouped = _Grouped(layers, view, metres_per_pixel)
    x, y = grouped.centers()
    total = grouped.total()
    radius = np.where(total > 1, sizes(total) / 2 * metres_per_pixel, 0)
    distance = np.hypot(x - place[0], y - place[1])
    distance[distance > np.maximum(radius, reach)] = np.inf
    if distance.min(initial=np.inf) == np.inf:
        return NO_ROWS
    return grouped.members(np.arange(len(distance)) == distance.argmin())


def sizes(count: Integers) -> Floats:
    """Return the diameters of clusters with `count` dams in pixels: 1.4 times for 10 times more."""
    diameters: Floats = (24 + 3.2 * np.maximum(count, 1) ** 0.25).round()
    return np.clip(diameters, SMALLEST, LARGEST)


class _Grouped:
    """Dams in the cells of a grid, and the cluster to which each cell belongs."""

    def __init__(self, layers: Sequence[Layer], view: Extent, metres_per_pixel: float) -> None:
        self._layers = layers
        cell = at_least(LARGEST / _REACH * metres_per_pixel, view, MAX_CELLS)
        self._grid = Grid.over(view, cell)
        self._cells: list[Cells] = [self._grid.cells(layer) for layer in layers]
        full = self._grid.counts(
            [Layer(one.rows, one.x, one.y, np.zeros(len(one.x), np.uint8), one.sign)
             for one in layers],
            self._cells, 1,
        )[0]  # fmt: skip
        self._full = full
        self._center = peaks(full, self._grid, _REACH)
        self._owner = self._owners()

    def counts(self, categories: int) -> Integers:
        """Return the number of dams by cluster and category."""
        cells = np.flatnonzero(self._full)
        counts = self._grid.counts(self._layers, self._cells, categories)[:, cells]
        return np.array([self._sum(cells, one) for one in counts]).T

    def total(self) -> Integers:
        """Return the number of dams by cluster."""
        cells = np.flatnonzero(self._full)
        return self._sum(cells, self._full[cells])

    def centers(self) -> tuple[Floats, Floats]:
        """Return the mean x and y of the dams in the cell where each cluster began."""
        number = np.full(len(self._grid), -1, np.intp)
        number[self._center] = np.arange(len(self._center))
        sums = np.zeros((2, len(self._center)))
        for layer, cells in zip(self._layers, self._cells, strict=True):
            there = number[cells]
            is_in = there >= 0
            for axis, values in enumerate((layer.x, layer.y)):
                found = np.bincount(there[is_in], values[is_in], len(self._center))
                sums[axis] += layer.sign * found
        x, y = sums / self._full[self._center]
        return x, y

    def members(self, is_wanted: npt.NDArray[np.bool_]) -> Rows:
        """Return the rows of the dams in some clusters."""
        is_in = np.append(is_wanted, False)[self._owner]
        rows, gone = [NO_ROWS], [NO_ROWS]
        for layer, cells in zip(self._layers, self._cells, strict=True):
            (rows if layer.sign > 0 else gone).append(layer.rows[is_in[cells]])
        return np.setdiff1d(np.concatenate(rows), np.concatenate(gone), assume_unique=True)

    def _sum(self, cells: Integers, counts: Integers) -> Integers:
        sums = np.bincount(self._owner[cells], counts, len(self._center))
        return sums.astype(np.intp)

    def _owners(self) -> Integers:
        """Return the nearest cluster of each cell, -1 for cells far away from all."""
        width, height = self._grid.width, self._grid.height
        owner = np.full((height + 2 * _REACH, width + 2 * _REACH), -1, np.intp)
        line, column = np.divmod(self._center, width)
        for down, right in _NEARBY:
            owner[line + down + _REACH, column + right + _REACH] = np.arange(len(self._center))
        return owner[_REACH : height + _REACH, _REACH : width + _REACH].ravel()
