"""Conversion between degrees (WGS 84, EPSG:4326) and Web Mercator meters (EPSG:3857).

The spherical formulas of EPSG method 1024, on a sphere with the WGS 84 semi-major axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RADIUS = 6_378_137.0
"""Radius of the sphere, in meters (IOGP Guidance Note 7-2, section 4.1.3.2)."""

MAX_LATITUDE = 85.051129
"""The edge of Web Mercator's square world, in degrees; points beyond it are drawn at the edge."""

HALF_WORLD = np.pi * RADIUS


class Extent(NamedTuple):
    """A rectangle in Web Mercator meters."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def around(cls, x: Floats, y: Floats) -> Extent:
        """Return the bounding box of points; at least one must not be NaN."""
        edges = np.nanmin(x), np.nanmin(y), np.nanmax(x), np.nanmax(y)
        return cls(*(float(edge) for edge in edges))

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def grown(self, share: float) -> Extent:
        """Return this rectangle, with `share` of its width and height added on every side."""
        dx, dy = self.width * share, self.height * share
        return Extent(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)

    def holds(self, other: Extent) -> bool:
        """Return whether all of another rectangle is in this one."""
        return (
            self.x0 <= other.x0 and other.x1 <= self.x1
            and self.y0 <= other.y0 and other.y1 <= self.y1
        )  # fmt: skip

    def widened(self, meters: float) -> Extent:
        """Return this rectangle with all sides moved outward by some meters."""
        return Extent(self.x0 - meters, self.y0 - meters, self.x1 + meters, self.y1 + meters)

    def at_least(self, size: float) -> Extent:
        """Return this rectangle, widened around its center to sides of at least `size` meters."""
        dx, dy = max(0.0, size - self.width) / 2, max(0.0, size - self.height) / 2
        return Extent(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)


def to_mercator(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Project degrees to meters. Keeps shapes and NaN; clamps latitudes beyond ±85.05°."""
    clamped = np.clip(np.asarray(latitude, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE)
    x = np.radians(np.asarray(longitude, dtype=np.float64)) * RADIUS
    y = np.log(np.tan(np.pi / 4 + np.radians(clamped) / 2)) * RADIUS
    return x, y


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees of a point in meters; longitude wraps to ±180."""
    longitude = (float(np.degrees(x / RADIUS)) + 180) % 360 - 180
    latitude = float(np.degrees(2 * np.arctan(np.exp(y / RADIUS)) - np.pi / 2))
    return longitude, latitude


def _conterminous_us() -> Extent:
    x, y = to_mercator([-124.85, -66.88], [24.39, 49.39])
    return Extent.around(x, y)


CONTERMINOUS_US = _conterminous_us()
"""From Cape Alava to West Quoddy Head and from Key West to the 49th parallel."""
