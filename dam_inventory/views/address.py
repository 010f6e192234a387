"""Address: what the page's address says of what it shows, so that a link leads to the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..columns import SORTABLE
from ..filters import LONGEST
from ..mark import Mark
from ..mercator import Extent, to_mercator
from ..settings import BASEMAPS


@dataclass(frozen=True, slots=True)
class Address:
    """What could be read of an address; None or a default for what it does not say.

    view: the visible rectangle. selected: the id of a dam. seen: what the page knew last before
    it lost its server.
    """

    search: str = ""
    sort: str = SORTABLE[0]
    descending: bool = False
    selected: int | None = None
    basemap: str | None = None
    view: Extent | None = None
    seen: Mark | None = None

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
        return cls(
            search=texts.get("search", "")[:LONGEST],
            sort=sort if sort in SORTABLE else SORTABLE[0],
            descending="descending" in texts,
            selected=_number(texts.get("selected", "")),
            basemap=basemap if basemap in BASEMAPS else None,
            view=_view(texts.get("view", "")),
            seen=Mark.read(texts.get("seen", "")),
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _view(text: str) -> Extent | None:
    """Return the rectangle of "west,south,east,north" in degrees (WGS 84)."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        return None
    # Nothing that is not a number passes these comparisons.
    if not (-540 <= west < east <= 540 and -90 <= south < north <= 90):
        return None
    x, y = to_mercator([west, east], [south, north])
    return Extent(float(x[0]), float(y[0]), float(x[1]), float(y[1]))
