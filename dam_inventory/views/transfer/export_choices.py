"""What a person can choose to export, and as what."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ...domain.messages import dams
from ...domain.units import US
from ...formats.exports import FORMATS, Columns
from ...session.store import DamStore
from ...snapshot.filters import DamFilter
from ...snapshot.order import Rows
from ...snapshot.region import Region
from ..lists.queries import name_of, query_of

What = Literal["matching", "chosen", "all", "history", "hydrographs"]


class Choice(NamedTuple):
    """What can be exported. total: of the dams; None for history and hydrographs."""

    what: What
    label: str
    total: int | None = None


class Kind(NamedTuple):
    """A kind of file for dams. name: on the page, and what it is for."""

    label: str
    hint: str
    format_name: str
    columns: Columns = "inventory"


KINDS = {
    "csv": Kind("CSV", "For any spreadsheet, R or Python.", "csv"),
    "nid": Kind(
        "CSV, headings of the NID",
        "For programs that read files of the National Inventory of Dams.",
        "csv",
        "nid",
    ),
    "xlsx": Kind("Excel", "A workbook (.xlsx).", "xlsx"),
    "geojson": Kind("GeoJSON", "For web maps and scripts.", "geojson"),
    "gpkg": Kind("GeoPackage", "For QGIS, ArcGIS and other GIS.", "gpkg"),
}
"""The kinds of files, by what the page calls them."""

NO_LINK = "A link can't describe the map's view and a drawn region together."


def choices(store: DamStore) -> list[Choice]:
    """Return what can be exported of what a session shows now."""
    found = []
    if store.rows is not None:
        count = len(store.rows)
        verb = "matches" if count == 1 else "match"
        found.append(Choice("matching", f"{dams(count)} that {verb} the filter", count))
    if count := len(store.chosen):
        label = f"{count:,} selected {'dam' if count == 1 else 'dams'}"
        found.append(Choice("chosen", label, count))
    count = len(store.snapshot)
    return [
        *found,
        Choice("all", f"All {dams(count)}", count),
        Choice("history", "History of changes"),
        Choice("hydrographs", "Hydrographs"),
    ]


def rows_of(store: DamStore, choice: Choice) -> Rows:
    """Return the rows of the dams of a choice."""
    if choice.what == "chosen":
        return store.snapshot.rows_with(store.chosen)
    rows = store.rows if choice.what == "matching" else None
    return store.snapshot.rows() if rows is None else rows


def button(choice: Choice) -> str:
    """Return what the button says that exports a choice."""
    return f"Export {choice.what if choice.total is None else dams(choice.total)}"


def file_words(store: DamStore, choice: Choice) -> tuple[str, list[str]]:
    """Return what a file is called: its contents, and which of them."""
    if choice.total is None:
        return choice.what, []
    if choice.what == "chosen":
        return "dams", ["selection"]
    # In US units, as the numbers in the file.
    return "dams", [name_of(store.filter, US)] if choice.what == "matching" else []


def address(dam_filter: DamFilter, choice: Choice, kind: Kind) -> str | None:
    """Return the address of an export, from the folder of the page; "" if it has none.

    None if this filter can't be put into an address.
    """
    if choice.what not in ("matching", "all"):
        return ""
    query = [f"columns={kind.columns}"] if kind.columns == "nid" else []
    if choice.what == "matching":
        if (conditions := _query(dam_filter)) is None:
            return None
        query.insert(0, conditions)
    path = f"api/dams{FORMATS[kind.format_name].suffix}"
    return "?".join(filter(None, (path, "&".join(filter(None, query)))))


def _query(dam_filter: DamFilter) -> str | None:
    view = dam_filter.criteria.view
    if view is None:
        return query_of(dam_filter)
    corners = ((view.x0, view.y0), (view.x1, view.y0), (view.x1, view.y1), (view.x0, view.y1))
    region = Region.of_points(corners)
    if region is None or dam_filter.criteria.region is not None:
        return None
    numbers = ",".join(f"{number:.10g}" for number in region.numbers)
    return "&".join(filter(None, (query_of(dam_filter), f"region={numbers}")))
