"""Downsample a hydrograph to as many points as a screen can show (pure NumPy)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ...domain.hydrograph import FloatArray, Hydrograph

Rows = npt.NDArray[np.intp]


def thinned(
    hydrograph: Hydrograph, most: int, start: float = -math.inf, end: float = math.inf
) -> tuple[FloatArray, FloatArray]:
    """Return time and flow of a subset of the points that draws the same line.

    most: maximum number of points, at least 6. start, end: the visible hours; one point beyond
    each end is kept, so that the line continues to the edge of the view.
    The hours are divided into equal spans, and each keeps its first, last, lowest and highest
    point. With one span per column of pixels the line looks identical; peaks are always kept
    (M4: Jugel, Jerzak, Hackenbroich and Markl 2014, PVLDB 7(10), pp. 797-808).
    """
    time, flow = hydrograph.time, hydrograph.flow
    first, after = int(time.searchsorted(start)), int(time.searchsorted(end, side="right"))
    left, right = max(first - 1, 0), min(after, time.size - 1)
    if right - left < most:
        return time[left : right + 1], flow[left : right + 1]
    spans = (most - (left < first) - (right == after)) // 4
    inside = first + _four_of_each_span(time[first:after], flow[first:after], spans)
    rows = np.unique(np.concatenate([[left], inside, [right]]))
    return time[rows], flow[rows]


def _four_of_each_span(time: FloatArray, flow: FloatArray, spans: int) -> Rows:
    share = (time - time[0]) / (time[-1] - time[0])
    span = np.minimum(share * spans, spans - 1).astype(np.intp)
    firsts = np.flatnonzero(np.diff(span, prepend=-1))
    sizes = np.diff(firsts, append=time.size)

    def first_rows_of(extremes: FloatArray) -> Rows:
        equal = np.flatnonzero(flow == np.repeat(extremes, sizes))
        rows: Rows = equal[np.diff(span[equal], prepend=-1) > 0]
        return rows

    lowest = first_rows_of(np.minimum.reduceat(flow, firsts))
    highest = first_rows_of(np.maximum.reduceat(flow, firsts))
    return np.concatenate([firsts, firsts + sizes - 1, lowest, highest])
