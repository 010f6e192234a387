"""The colors of the map's dams: one palette for dots and for the cells of a raster."""

from __future__ import annotations

from functools import cache

from ...domain.palette import Coloring
from ...snapshot.raster import LEVELS, shade

SIZE = 256
PAPER = SIZE - 1
"""The shade of the ground below a number."""

_FAINTEST = 0.7
_CLEAR = "#00000000"
_PAPER = "#fffffff2"


@cache
def palette(coloring: Coloring) -> tuple[str, ...]:
    """Return the color of each `shade`, as "#rrggbbaa": the more dams, the less transparent."""
    colors = [_CLEAR] * SIZE
    for code, color in enumerate(coloring.colors.values()):
        for level in range(LEVELS):
            alpha = _FAINTEST + (1 - _FAINTEST) * (level / (LEVELS - 1)) ** 0.6
            colors[shade(code, level)] = f"{color}{round(255 * alpha):02x}"
    colors[PAPER] = _PAPER
    return tuple(colors)
