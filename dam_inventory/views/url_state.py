"""Address: the page's state in its URL, so that a link opens the same view."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..config.settings import BASEMAPS
from ..domain.mark import Mark
from ..domain.mercator import HALF_WORLD, RADIUS, Extent
from ..domain.palette import COLORINGS, PLAIN
from ..domain.units import SYSTEMS, US, Units
from ..domain.work_lists import MAX_NAME_LENGTH
from ..session.comparison import MOST
from ..snapshot import filter_text
from ..snapshot.filters import MAX_SEARCH_LENGTH
from ..snapshot.sorting import BY_NAME, as_text, sorting_of
from .layout.dock import TABS
from .map.tools import MIN_VIEW
from .table import columns
from .table.table import PAGE_SIZES

LIST = "list"
"""What the address of the report of all dams that match its filter says instead of an ID."""

_MIN_VIEW_ROUNDED = 0.99 * MIN_VIEW
"""A URL contains rounded degrees, so allow a slightly smaller view."""


@dataclass(frozen=True, slots=True)
class Address:
    """The state read from a URL; None or a default for each missing part.

    view: the visible rectangle. selected: the ID of a dam. seen: the newest change that the page
    knew before it lost its connection. page: the table's page, from 0. sort, columns: as
    `sorting_of` and `columns_of` read them. color: what the dams are colored by. clusters: whether
    close ones are drawn as rings. tab: what the panel shows. units: those of the numbers that are
    shown. compared: the IDs of dams, as many as can be compared. report: the ID of the dam whose
    report is asked for, or LIST. filters: parameters of a DamFilter, without the search. list: the
    name of the work list that the filter is.
    """

    search: str = ""
    sort: str = BY_NAME
    selected: int | None = None
    basemap: str | None = None
    view: Extent | None = None
    seen: Mark | None = None
    page: int | None = None
    page_size: int = PAGE_SIZES[0]
    columns: str = ""
    color: str | None = None
    clusters: bool = False
    tab: str = TABS[0]
    units: Units = US
    compared: tuple[int, ...] = ()
    report: int | str | None = None
    list: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, arguments: Mapping[str, Sequence[bytes]]) -> Address:
        """Read the query of a URL; ignore invalid parts, because a person may have edited it.

        arguments: values by name, as Tornado provides them.
        """
        all_texts = {
            name: [value.decode("utf-8", "replace") for value in values]
            for name, values in arguments.items()
        }
        texts = {name: values[0] for name, values in all_texts.items() if values}
        basemap, tab = texts.get("basemap", ""), texts.get("tab", "")
        page_size = _number(texts.get("rows", "")) or 0
        return cls(
            search=texts.get("search", "")[:MAX_SEARCH_LENGTH],
            sort=_sort(texts),
            selected=_number(texts.get("selected", "")),
            basemap=basemap if basemap in BASEMAPS else None,
            view=_view(texts.get("view", "")),
            seen=Mark.read(texts.get("seen", "")),
            page=_page(texts.get("page", "")),
            page_size=page_size if page_size in PAGE_SIZES else PAGE_SIZES[0],
            filters=filter_text.read(all_texts),
            color=_color(texts.get("color", "")),
            clusters=texts.get("clusters") == "yes",
            tab=tab if tab in TABS else TABS[0],
            units=SYSTEMS.get(texts.get("units", ""), US),
            list=texts.get("list", "")[:MAX_NAME_LENGTH],
            compared=_numbers(texts.get("compare", "")),
            report=_report(texts.get("report", "")),
            columns=columns.as_text(columns.columns_of(texts.get("columns", ""))),
        )


def _color(text: str) -> str | None:
    if text == "plain":
        return PLAIN.name
    return text if text and text in COLORINGS else None


def _sort(texts: Mapping[str, str]) -> str:
    sorting = sorting_of(texts.get("sort", ""))
    if "descending" in texts and len(sorting) == 1:  # as in older links
        sorting = (sorting[0]._replace(descending=True),)
    return as_text(sorting)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _numbers(text: str) -> tuple[int, ...]:
    numbers = (_number(one) for one in text.split(",", 4 * MOST))
    return tuple(dict.fromkeys(one for one in numbers if one is not None))[:MOST]


def _report(text: str) -> int | str | None:
    return LIST if text == LIST else _number(text)


def _page(text: str) -> int | None:
    number = _number(text)
    return number - 1 if number else None


def _view(text: str) -> Extent | None:
    """Return the rectangle of "west,south,east,north" in degrees (WGS 84)."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        return None
    # NaN fails these comparisons.
    if not (-540 <= west < east <= 540 and -90 <= south < north <= 90):
        return None
    x0, x1 = (math.radians(longitude) * RADIUS for longitude in (west, east))
    y0, y1 = (_northing(latitude) for latitude in (south, north))
    view = Extent(x0, y0, x1, y1)
    return view if min(view.width, view.height) >= _MIN_VIEW_ROUNDED else None


def _northing(latitude: float) -> float:
    """Return the northing of a latitude in Web Mercator meters, even beyond the square world."""
    northing = math.asinh(math.tan(math.radians(latitude))) * RADIUS
    return min(max(northing, -2 * HALF_WORLD), 2 * HALF_WORLD)
