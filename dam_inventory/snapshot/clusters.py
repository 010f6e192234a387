"""Groups the points in a view into a limited number of markers to draw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..domain.mercator import Extent, Floats

Rows = npt.NDArray[np.intp]
"""Indices into the given arrays."""

CLUSTER_CELL = 56
"""Minimum side of a grid square whose points become one marker, in pixels."""

_COUNTED = 500_000
MAX_MARKERS = 5_000
"""The maximum number of markers, whatever size a browser reports."""

_SQUARES = 16 * MAX_MARKERS

MAX_ALONE = 300
"""So few points in view are drawn one by one, even if clusters were asked for."""


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers to draw for a view.

    rows: the single points, as indices into the given arrays, int, shape (n,).
    x, y: the center of each cluster, Web Mercator meters, float64, shape (m,): the mean of its
    points, or where its marker is still inside its grid square. So no two of them overlap.
    count: the number of points in each cluster, int, shape (m,), at least 2.
    """

    rows: Rows
    x: Floats
    y: Floats
    count: npt.NDArray[np.intp]


def cluster(x: Floats, y: Floats, view: Extent, metres_per_pixel: float) -> Markers:
    """Group the points in `view` that would overlap on screen.

    x, y: Web Mercator meters, float64, shape (n,); NaN for a point without a location.
    Panning does not move the grid; zooming in halves its squares. If there would be more than
    MAX_MARKERS markers, the squares are larger.
    """
    inside, square, cell = _squares(x, y, view, metres_per_pixel)
    count = np.bincount(square)
    crowded = count > 1
    radius = sizes(count[crowded]) / 2 * metres_per_pixel

    def centers(values: Floats) -> Floats:
        mean = np.bincount(square, weights=values[inside])[crowded] / count[crowded]
        edge = np.floor(mean / cell) * cell
        margin = np.minimum(radius, cell / 2)
        return np.clip(mean, edge + margin, edge + cell - margin)

    return Markers(inside[count[square] == 1], centers(x), centers(y), count[crowded])


def under(
    x: Floats,
    y: Floats,
    view: Extent,
    metres_per_pixel: float,
    place: tuple[float, float],
    reach: float,
) -> Rows:
    """Return the rows of the points in the marker nearest to a place; empty if none is hit.

    The markers are those that `cluster` returns for the same arguments. A single point gives one
    row. place: Web Mercator meters (x, y). reach: how far from its center a marker can be hit, in
    meters; a larger marker can be hit anywhere.
    """
    markers = cluster(x, y, view, metres_per_pixel)
    alone = np.hypot(x[markers.rows] - place[0], y[markers.rows] - place[1])
    grouped = np.hypot(markers.x - place[0], markers.y - place[1])
    radius = np.maximum(sizes(markers.count) / 2 * metres_per_pixel, reach)
    distance = np.concatenate([alone, grouped])
    distance[distance > np.concatenate([np.full(len(alone), reach), radius])] = np.inf
    if distance.min(initial=np.inf) == np.inf:
        return markers.rows[:0]
    nearest = int(distance.argmin())
    if nearest < len(alone):
        return markers.rows[[nearest]]
    return _members(x, y, view, metres_per_pixel, nearest - len(alone))


def sizes(count: npt.NDArray[np.intp]) -> Floats:
    """Return the diameters of markers with `count` points, in pixels."""
    diameters: Floats = (16 + 6 * np.log10(count)).round()
    return diameters


def cell_size(metres_per_pixel: float) -> float:
    """Return the side of a grid square in meters: a power of two, so that squares nest."""
    return _power_of_two(CLUSTER_CELL * metres_per_pixel)


def _power_of_two(least: float) -> float:
    return float(2 ** math.ceil(math.log2(least)))


def _members(x: Floats, y: Floats, view: Extent, metres_per_pixel: float, number: int) -> Rows:
    """Return the rows of the points in one cluster, by its index in the result of `cluster`."""
    inside, square, _ = _squares(x, y, view, metres_per_pixel)
    crowded = np.flatnonzero(np.bincount(square) > 1)
    rows: Rows = inside[square == crowded[number]]
    return rows


def _squares(
    x: Floats, y: Floats, view: Extent, metres_per_pixel: float
) -> tuple[Rows, Rows, float]:
    """Return the rows in view, the number of the grid square of each, and a square's side."""
    inside = np.flatnonzero((x >= view.x0) & (x <= view.x1) & (y >= view.y0) & (y <= view.y1))
    cell = cell_size(metres_per_pixel)
    if len(inside) > MAX_MARKERS:
        cell = max(cell, _power_of_two(math.sqrt(view.width * view.height / _SQUARES)))
    while True:
        square = _numbers(x[inside], y[inside], view, cell)
        if len(inside) <= MAX_MARKERS or np.count_nonzero(np.bincount(square)) <= MAX_MARKERS:
            return inside, square, cell
        cell *= 2


def _numbers(x: Floats, y: Floats, view: Extent, cell: float) -> Rows:
    column = np.floor(x / cell) - np.floor(view.x0 / cell)
    line = np.floor(y / cell) - np.floor(view.y0 / cell)
    square = line * (np.floor(view.width / cell) + 2) + column
    if len(square) and square.max() < _COUNTED:
        numbers: Rows = square.astype(np.intp)
        return numbers
    # A browser may report any size, so the size must not determine how much memory is used.
    numbers = np.unique(square, return_inverse=True)[1]
    return numbers
