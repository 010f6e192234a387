"""The switch of the units: its two places, the address, and what follows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import panel_material_ui as pmui
import pytest

from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.units import METRIC, US
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.details import DamDetails
from dam_inventory.views.cards.inventory_panel import InventoryPanel
from dam_inventory.views.hydrograph.sheet import HydrographSheet
from dam_inventory.views.layout.view_tools import ViewTools
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.table.table import DamTable
from dam_inventory.views.url_state import Address


def test_a_link_says_which_units_are_shown():
    assert Address.read({"units": [b"metric"]}).units is METRIC
    assert Address.read({"units": [b"us"]}).units is US
    assert Address.read({"units": [b"roman"]}).units is US
    assert Address.read({}).units is US


def test_the_tools_and_the_menu_switch_the_units_of_the_session(store: DamStore):
    tools = ViewTools(store, DamMap(store))
    page = SimpleNamespace(data=None)
    panel = InventoryPanel(
        store, SimpleNamespace(open=None, open_history=None, can_import=False), page
    )
    [radio] = panel._layout.select(pmui.RadioBoxGroup)

    tools.units = "metric"
    assert (store.units, radio.value) == (METRIC, "metric")
    radio.value = "us"
    assert (store.units, tools.units) == (US, "us")


@pytest.mark.parametrize("forged", ["", "roman", "__class__"])
def test_forged_units_are_ignored(store: DamStore, forged: str):
    ViewTools(store, DamMap(store)).units = forged

    assert store.units is US


def test_the_table_and_its_chooser_follow_the_units(store: DamStore):
    store.edit(1, {"nid_height_ft": 235.0}, store.snapshot.mark)
    table = DamTable(store, columns="dam_name,nid_height_ft", asked=True)
    table.asked = False
    table.asked = True

    def shown() -> tuple[list[str], str]:
        content = json.loads(table.content)
        texts = [line[4] for line in content["rows"] if line[4]]
        return texts, content["columns"][1]["unit"]

    assert shown() == (["235"], "ft")
    assert '"NID height (ft)"' in table.choices
    store.units = METRIC
    assert shown() == (["71.63"], "m")
    assert '"NID height (m)"' in table.choices


def test_the_details_follow_the_units(store: DamStore):
    store.edit(1, {"nid_storage_acre_ft": 1000.0}, store.snapshot.mark)
    details = DamDetails(store)
    store.selected = 1
    assert ">NID storage (acre-ft)</dt><dd>1,000<" in details._properties.object

    store.units = METRIC

    assert ">NID storage (thousand m³)</dt><dd>1,233<" in details._properties.object
    assert details._report.href == "?report=1&units=metric"


# Panel's FileDownload passes on a `button_style` that was never set.
@pytest.mark.filterwarnings("ignore:Both 'variant' and 'button_style':Warning")
def test_a_hydrograph_is_downloaded_in_the_units_of_the_page(
    store: DamStore, wait_until: Callable[..., None]
):
    store.assign_hydrograph(1, Hydrograph([0, 1], [0, 1000]))
    sheet = HydrographSheet(store)
    sheet.show(1)
    wait_until(lambda: sheet.is_open)
    assert sheet._csv().read() == b"time (hours),flow (cfs)\n0.0,0.0\n1.0,1000.0\n"

    store.units = METRIC

    assert sheet._csv().read().decode().startswith("time (hours),flow (m³/s)\n0.0,0.0\n1.0,28.31")


def test_what_has_no_address_of_its_own_offers_neither_reports_nor_paper(store: DamStore):
    """As in a notebook."""
    details = DamDetails(store)
    store.selected = 1

    assert not details._report.visible
    assert not ViewTools(store, DamMap(store)).is_served
