"""Windows of the map: how near it comes, and what is drawn around a view to spare."""

from __future__ import annotations

import math

from ...domain.mercator import CONTERMINOUS_US, Extent
from ...snapshot.atlas import View
from ...snapshot.home import MARGIN
from ...snapshot.raster import cell_size

SPARE, RESERVE = 0.3, 0.1
"""How much more than the view is drawn, and is left when more is asked for; see `with_spare`."""

_CLOSE_UP = 20_000.0

_SAME_ZOOM = 0.001
_MAX_ZOOM = 3
"""How far a person may zoom in until fewer dots are drawn."""
_MAX_ZOOM_OF_RASTER = 1.2
"""How far a person may zoom in until dots may take the place of a raster."""


def around(window: Extent | None) -> Extent:
    """Return a window with a margin; for None, the conterminous US."""
    return CONTERMINOUS_US if window is None else window.at_least(_CLOSE_UP).grown(MARGIN)


def close_up(x: float, y: float) -> Extent:
    """Return a window around a position, some 20 km wide."""
    return Extent(x, y, x, y).at_least(_CLOSE_UP)


def with_spare(view: Extent, share: float) -> Extent:
    """Return a view with a margin as wide above as beside it, because people pan in all directions.

    share: the margin, as a share of the side of a square as large as the view.
    """
    return view.widened(share * math.sqrt(view.width * view.height))


def will_do(drawn: View, view: View, needed: Extent, *, is_raster: bool) -> bool:
    """Return whether what is drawn of one view will do for another, of which an extent is needed.

    It does for a pan into the spare around what was seen; at other zooms, too, for dots, and
    for a raster whose cells would be of the same size.
    """
    if drawn.is_clustered != view.is_clustered or not drawn.extent.holds(needed):
        return False
    zoom = drawn.metres_per_pixel / view.metres_per_pixel
    if view.is_clustered:
        return abs(zoom - 1) < _SAME_ZOOM
    if is_raster:
        return cell_size(*drawn[:2]) == cell_size(*view[:2]) and zoom <= _MAX_ZOOM_OF_RASTER
    return zoom <= _MAX_ZOOM
