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

    most: maximum number of points, at least 7. start, end: the visible hours; one point beyond
    each end is kept, so that the line continues to the edge of the view.
    The hours are divided into equal spans, and each keeps its first, last, lowest and highest
    point, and the first whose flow is missing, so that gaps stay gaps. With one span per column of
    pixels the line looks identical; peaks are always kept
    (M4: Jugel, Jerzak, Hackenbroich and Markl 2014, PVLDB 7(10), pp. 797-808).
    """
    time, flow = hydrograph.time, hydrograph.flow
    first, after = int(time.searchsorted(start)), int(time.searchsorted(end, side="right"))
    left, right = max(first - 1, 0), min(after, time.size - 1)
    if right - left < most:
        return time[left : right + 1], flow[left : right + 1]
    of_each = 5 if hydrograph.missing else 4
    spans = (most - (left < first) - (right == after)) // of_each
    inside = first + _rows_of_each_span(time[first:after], flow[first:after], spans)
    rows = np.unique(np.concatenate([[left], inside, [right]]))
    return time[rows], flow[rows]


def alone(flow: FloatArray) -> FloatArray:
    """Return the flows between two missing ones, which no line reaches; NaN for all others."""
    is_missing = np.isnan(flow)
    around = np.concatenate([[True], is_missing, [True]])
    return np.where(around[:-2] & around[2:], flow, math.nan)


def _rows_of_each_span(time: FloatArray, flow: FloatArray, spans: int) -> Rows:
    share = (time - time[0]) / (time[-1] - time[0])
    span = np.minimum(share * spans, spans - 1).astype(np.intp)
    firsts = np.flatnonzero(np.diff(span, prepend=-1))
    sizes = np.diff(firsts, append=time.size)

    def first_of_each_span(is_one: npt.NDArray[np.bool_]) -> Rows:
        found = np.flatnonzero(is_one)
        rows: Rows = found[np.diff(span[found], prepend=-1) > 0]
        return rows

    # fmin and fmax pass over missing flows, unless a span has nothing else.
    lowest = first_of_each_span(flow == np.repeat(np.fmin.reduceat(flow, firsts), sizes))
    highest = first_of_each_span(flow == np.repeat(np.fmax.reduceat(flow, firsts), sizes))
    missing = first_of_each_span(np.isnan(flow))
    return np.concatenate([firsts, firsts + sizes - 1, lowest, highest, missing])
