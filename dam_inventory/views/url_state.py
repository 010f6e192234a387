"""Address: what the page's address says of what it shows, so that a link leads to the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..config.settings import BASEMAPS
from ..domain.mark import Mark
from ..domain.mercator import HALF_WORLD, RADIUS, Extent
from ..snapshot.columns import SORTABLE
from ..snapshot.filters import MAX_SEARCH_LENGTH
from .map.tools import MIN_VIEW
from .table.table import PAGE_SIZES

_MIN_VIEW_ROUNDED = 0.99 * MIN_VIEW
"""An address holds rounded degrees."""


@dataclass(frozen=True, slots=True)
class Address:
    """What could be read of an address; None or a default for what it does not say.

    view: the visible rectangle. selected: the id of a dam. seen: what the page knew last before
    it lost its server. page: of the table, from 0.
    """

    search: str = ""
    sort: str = SORTABLE[0]
    descending: bool = False
    selected: int | None = None
    basemap: str | None = None
    view: Extent | None = None
    seen: Mark | None = None
    page: int | None = None
    page_size: int = PAGE_SIZES[0]

    @classmethod
    def read(cls, arguments: Mapping[str, Sequence[bytes]]) -> Address:
        """Read the query of an address; what makes no sense is passed over, for anybody writes it.

        arguments: values by name, as Tornado gives them.
        """
        texts = {
            name: values[0].decode("utf-8", "replace")
            for name, values in arguments.items()
            if values
        }
        sort = texts.get("sort", "")
        basemap = texts.get("basemap", "")
        page_size = _number(texts.get("rows", "")) or 0
        return cls(
            search=texts.get("search", "")[:MAX_SEARCH_LENGTH],
            sort=sort if sort in SORTABLE else SORTABLE[0],
            descending="descending" in texts,
            selected=_number(texts.get("selected", "")),
            basemap=basemap if basemap in BASEMAPS else None,
            view=_view(texts.get("view", "")),
            seen=Mark.read(texts.get("seen", "")),
            page=_page(texts.get("page", "")),
            page_size=page_size if page_size in PAGE_SIZES else PAGE_SIZES[0],
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _page(text: str) -> int | None:
    number = _number(text)
    return number - 1 if number else None


def _view(text: str) -> Extent | None:
    """Return the rectangle of "west,south,east,north" in degrees (WGS 84)."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        return None
    # Nothing that is not a number passes these comparisons.
    if not (-540 <= west < east <= 540 and -90 <= south < north <= 90):
        return None
    x0, x1 = (math.radians(longitude) * RADIUS for longitude in (west, east))
    y0, y1 = (_northing(latitude) for latitude in (south, north))
    view = Extent(x0, y0, x1, y1)
    return view if min(view.width, view.height) >= _MIN_VIEW_ROUNDED else None


def _northing(latitude: float) -> float:
    """Return the Web Mercator metres of a latitude, also of one beyond the square world's edge."""
    northing = math.asinh(math.tan(math.radians(latitude))) * RADIUS
    return min(max(northing, -2 * HALF_WORLD), 2 * HALF_WORLD)
