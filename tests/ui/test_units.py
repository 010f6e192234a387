"""Whoever thinks in meters reads and types meters; the inventory keeps its feet."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.test_edit import known
from tests.ui.test_links import query_of


def test_the_units_are_switched_everywhere_and_an_edit_is_stored_in_those_of_the_inventory(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Measured", nid_height_ft=100.0, nid_storage_acre_ft=1 / 3)
    page = open_page(server)
    page.select("Measured")
    height = page.table.heading("NID height")
    expect(height).to_contain_text("ft")
    page.edit_form.open()
    page.edit_form.open_group("Structure")
    expect(page.edit_form.field("NID height (ft)")).to_have_value("100")
    page.edit_form.field("NID height (ft)").fill("200")

    page.page.get_by_label("Units").select_option(label="Metric units")

    # The draft, the table, the details and the scale follow.
    field = page.edit_form.field("NID height (m)")
    expect(field).to_have_value("60.96")
    expect(height).to_contain_text(re.compile("m$"))
    expect(page.table.row("Measured")).to_contain_text("30.48")
    assert page.map.scale_bar()[1].endswith("m")
    page.edit_form.field("Length (m)").fill("-5")
    page.edit_form.save()
    page.edit_form.expect_error_beside("Length (m)", "Length (m) must not be negative, but is -5.")
    assert known(server, dam_id)["nid_height_ft"] == 100.0

    page.edit_form.field("Length (m)").fill("")
    field.fill("45,72")
    page.edit_form.save()

    page.expect_toast('Your changes to "Measured" have been saved.')
    saved = known(server, dam_id)
    assert (saved["nid_height_ft"], saved["nid_storage_acre_ft"]) == (150.0, 1 / 3)
    page.details.expect_open("Measured")
    assert page.details.facts()["NID height (m)"] == "45.72"
    expect(page.table.row("Measured")).to_contain_text("45.72")

    # Links of this page show the same, whatever their reader prefers.
    link = query_of(page)
    assert "units=metric" in link
    reader = open_page(server, query=link)
    reader.details.expect_open("Measured")
    assert reader.details.facts()["NID height (m)"] == "45.72"


def test_the_browser_remembers_the_units_and_filters_keep_their_meaning(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dam("Tall", nid_height_ft=300.0)
    page = open_page(server, query="?nid_height_ft=200..")
    filters = FiltersOnPage(page)
    filters.expect_chips("NID height: 200 ft or more")

    units = page.page.get_by_label("Units")
    units.focus()
    page.page.keyboard.press("ArrowDown")
    filters.expect_chips("NID height: 60.96 m or more")
    assert "nid_height_ft=200.." in query_of(page)

    page.page.goto(server.url)
    page.wait_until_open()
    expect(units).to_have_value("metric")
    expect(page.table.heading("NID height")).to_contain_text(re.compile("m$"))
    page.page.goto(f"{server.url}?units=us")
    page.wait_until_open()
    expect(units).to_have_value("us")
