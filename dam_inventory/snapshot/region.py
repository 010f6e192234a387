"""Region: a part of the map that a person has drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..domain.mercator import HALF_WORLD, Floats, to_degrees, to_mercator

MAX_CORNERS = 100
"""The maximum number of corners of a region."""

_DECIMALS = 5
"""Corners are rounded to so many decimals of a degree, about 1 m, so that addresses are short."""

_WORLD = 2 * HALF_WORLD
Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon whose edges are straight on the map, that is in Web Mercator.

    corners: longitude and latitude of each in degrees (WGS 84), at least three, the first one not
    repeated. Where edges cross, what lies in an even number of loops is outside. Of two regions
    that share an edge, a dam on it lies in one.
    """

    corners: Corners

    @classmethod
    def of(cls, value: Any) -> Region | None:
        """Return a region for pairs of longitude and latitude; None for anything else."""
        if isinstance(value, Region):
            value = value.corners
        if not _is_list(value) or len(value) > MAX_CORNERS + 1:
            return None
        corners: list[tuple[float, float]] = []
        for pair in value:
            if (corner := _corner(pair)) is None:
                return None
            if corners[-1:] != [corner]:
                corners.append(corner)
        if len(corners) > 1 and corners[0] == corners[-1]:
            corners.pop()
        is_flat = any(len({*axis}) < 2 for axis in zip(*corners, strict=True))
        if is_flat or len({*corners}) < 3 or len(corners) > MAX_CORNERS:
            return None
        return cls(tuple(corners))

    @classmethod
    def of_numbers(cls, numbers: Sequence[float]) -> Region | None:
        """Return the region of `numbers`; None for others."""
        if len(numbers) == 4:
            west, south, east, north = numbers
            if west >= east or south >= north:
                return None
            return cls.of(((west, south), (east, south), (east, north), (west, north)))
        if len(numbers) % 2:
            return None
        return cls.of(tuple(zip(numbers[::2], numbers[1::2], strict=True)))

    @classmethod
    def of_points(cls, points: Any) -> Region | None:
        """Return the region of points [x, y] in Web Mercator meters; None for anything else.

        What lies beyond the edges of the world is cut off; a map shows the world several times.
        """
        if not _is_list(points) or not 3 <= len(points) <= MAX_CORNERS + 1:
            return None
        pairs = [_pair(point) for point in points]
        known = [pair for pair in pairs if pair is not None]
        if len(known) < len(pairs):
            return None
        middle = (min(x for x, _ in known) + max(x for x, _ in known)) / 2
        if abs(middle) > 10 * _WORLD:
            return None
        shift = round(middle / _WORLD) * _WORLD
        return cls.of(tuple(_degrees(x - shift, y) for x, y in known))

    @property
    def numbers(self) -> tuple[float, ...]:
        """West, south, east and north of a rectangle; the coordinates of all other corners."""
        if len(self.corners) == 4:
            (west, south), _, (east, north), _ = self.corners
            if Region.of_numbers((west, south, east, north)) == self:
                return (west, south, east, north)
        return tuple(number for corner in self.corners for number in corner)

    @property
    def outline(self) -> tuple[Floats, Floats]:
        """The corners in Web Mercator meters, each of shape (number of corners,)."""
        degrees = np.array(self.corners)
        return to_mercator(degrees[:, 0], degrees[:, 1])


def _corner(pair: Any) -> tuple[float, float] | None:
    numbers = _pair(pair)
    if numbers is None or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        return None
    longitude, latitude = (round(number, _DECIMALS) for number in numbers)
    return longitude, latitude


def _pair(value: Any) -> tuple[float, float] | None:
    if not _is_list(value) or len(value) != 2:
        return None
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in value):
        return None
    try:
        first, second = map(float, value)
    except OverflowError:
        return None
    return (first, second) if math.isfinite(first) and math.isfinite(second) else None


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _degrees(x: float, y: float) -> tuple[float, float]:
    x, y = (min(max(one, -HALF_WORLD), HALF_WORLD) for one in (x, y))
    longitude, latitude = to_degrees(x, y)
    # `to_degrees` writes the eastern edge of the world as the western one.
    return (180.0 if x == HALF_WORLD else longitude), latitude
