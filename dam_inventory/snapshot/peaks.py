"""Peaks: the cells of a grid that have the most dams far and wide."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .grid import Grid


def peaks(counts: npt.NDArray[np.intp], grid: Grid, reach: int) -> npt.NDArray[np.intp]:
    """Return the numbers of cells such that every full cell has one within reach.

    counts: the number of dams in each cell. reach: in cells, to each side; no two peaks are
    within reach of each other. The first ones have more dams than any cell within reach; then
    those that have the most of what is left, and so on.
    """
    left = _ranks(counts.reshape(grid.height, grid.width), grid)
    is_peak = np.zeros(left.shape, bool)
    while left.any():
        is_highest = (left > 0) & (left == _highest(left, reach))
        is_peak |= is_highest
        left[_highest(is_highest, reach)] = 0
    return np.flatnonzero(is_peak)


def _ranks(counts: npt.NDArray[np.intp], grid: Grid) -> npt.NDArray[np.int64]:
    """Return different numbers in the order of the counts, 0 for empty cells.

    Equal counts are in an order that is as good as random, but the same wherever the view ends;
    in an order of rows there would be as many rounds as rows.
    """
    line = np.arange(grid.south, grid.south + grid.height, dtype=np.int64)[:, None]
    column = np.arange(grid.west, grid.west + grid.width, dtype=np.int64)
    mixed = (line * 0x9E3779B1 ^ column * 0x85EBCA77) * 0xC2B2AE3D
    unique = (line % 1024) * 1024 + column % 1024
    ranks: npt.NDArray[np.int64] = (
        (counts.astype(np.int64) << 40) + ((mixed >> 12 & 0xFFFFF) << 20) + unique
    )
    return np.where(counts > 0, ranks, 0)


def _highest(values: npt.NDArray[Any], reach: int) -> npt.NDArray[Any]:
    """Return the maximum of each cell and those within reach."""
    height, width = values.shape
    padded = np.pad(values, reach)
    lines = padded[:, :width].copy()
    for right in range(1, 2 * reach + 1):
        np.maximum(lines, padded[:, right : right + width], out=lines)
    highest = lines[:height].copy()
    for down in range(1, 2 * reach + 1):
        np.maximum(highest, lines[down : down + height], out=highest)
    return highest
