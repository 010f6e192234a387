"""What the page prints, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.units import METRIC
from dam_inventory.session.store import DamStore
from dam_inventory.views.layout.view_tools import ViewTools
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.report import sheet as sheet_module
from dam_inventory.views.report.sheet import Sheet
from dam_inventory.views.table.table import DamTable


@pytest.fixture
def table(store: DamStore) -> DamTable:
    return DamTable(store)


@pytest.fixture
def dam_map(store: DamStore) -> DamMap:
    return DamMap(store)


@pytest.fixture
def written(store: DamStore, dam_map: DamMap, table: DamTable) -> Callable[[], dict[str, Any]]:
    """Write the sheet, and return it."""
    sheet = Sheet(store, dam_map, table, "Dams of Ann")

    def written() -> dict[str, Any]:
        found: list[str] = []
        sheet.write(found.append)
        return json.loads(found[0])

    return written


def test_a_sheet_has_filter_order_columns_and_units_of_the_page(
    store: DamStore,
    table: DamTable,
    draft: Callable[..., DamDraft],
    written: Callable[[], dict[str, Any]],
):
    store.add(draft("<b>A</b>", state="Utah", nid_height_ft=1000.0))
    store.add(draft("B", state="Utah", nid_height_ft=10.0))
    store.add(draft("C", state="Ohio"))
    store.filter.state = ["Utah", "Texas"]
    table.sort, table.columns = "-dam_name", "dam_name,nid_height_ft,hydrograph_id"
    store.units = METRIC

    sheet = written()

    assert sheet["title"] == "Dams of Ann"
    assert sheet["summary"] == "2 of 5 dams"
    assert sheet["conditions"] == ["State: Texas or Utah"]
    assert [head for head, _ in sheet["heads"]] == ["Name", "NID height (m)", "Hydrograph"]
    assert sheet["rows"] == [["B", "3.05", ""], ["<b>A</b>", "304.8", ""]]
    assert sheet["note"] == ""
    assert sheet["map"]["about"].startswith("5 dams; 2 shown")


def test_a_sheet_stops_at_a_limit_and_counts_the_rest(
    written: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sheet_module, "MAX_ROWS", 1)

    sheet = written()

    assert len(sheet["rows"]) == 1
    assert sheet["note"].startswith("The first 1 of 2 dams are listed; 1 is left out.")


def test_a_page_is_printed_again_even_if_nothing_has_changed(
    written: Callable[[], dict[str, Any]],
):
    assert written() != written()


def test_a_dark_page_knows_the_light_colors_of_its_map(store: DamStore, dam_map: DamMap):
    tools = ViewTools(store, dam_map)
    root = dam_map.__panel__().get_root()
    assert json.loads(tools.light) == []

    dam_map.dark = True
    light = dict(json.loads(tools.light))

    land = next(iter(root.select({"name": "map"}))).renderers[1].glyph
    assert light[land.id]["fill_color"] == "#faf8f3" != land.fill_color
    dam_map.dark = False
    assert json.loads(tools.light) == []


def test_a_filter_with_many_values_is_told_with_all_of_them(
    store: DamStore, written: Callable[[], dict[str, Any]]
):
    store.filter.state = [*"ABCDEFG", ""]
    store.filter.quality = ["zero_size", "at_zero"]
    store.filter.search = "hoover"

    assert written()["conditions"] == [
        "Search: hoover",
        "State: Unknown or A or B or C or D or E or F or G",
        "Data quality: At latitude 0, longitude 0 or Height or storage is 0",
    ]
