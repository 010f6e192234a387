"""The layers in the sidebar: what the map shows, and how."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui import many
from tests.ui.conftest import OpenPage
from tests.ui.server import Server


def test_the_dams_can_be_hidden_and_made_transparent_and_the_basemap_chosen(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, tiles="tile")
    page.open_sidebar()
    at = page.map.expect_dam("Deer Creek")

    page.layers.dams.uncheck()
    page.map.expect_dams(())
    # What can't be seen can't be clicked.
    page.map.click(at["page_x"], at["page_y"])
    page.details.expect_closed()
    page.layers.dams.check()
    page.map.expect_dam("Deer Creek")

    page.layers.opacity.fill("0.4")
    expect(page.page.get_by_text("Opacity: 40%")).to_be_visible()
    page.map.expect(
        lambda: page.map.dams()["Deer Creek"]["alpha"] == pytest.approx(0.4), "it is transparent"
    )

    expect(page.layers.basemap("OpenStreetMap")).to_be_checked()
    page.layers.basemap("ESRI").check()
    page.map.expect_tiles()
    expect(page.map.attribution).to_contain_text("Esri")

    page.layers.basemap("Outline").check()
    page.map.expect_no_tiles()
    expect(page.map.attribution).to_be_hidden()
    assert page.map.basemap == "Outline"


def test_zoom_to_results_shows_all_that_the_search_found(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.table.search("rio grande")
    page.table.expect_text("100 of 2,000 dams")
    before = page.map.view

    page.map.see()
    page.map.tool("Zoom to results").click()

    page.map.expect(lambda: page.map.view != before, "the map has moved")
    page.settle()
    page.map.expect_dams({f"Dam {number:04}" for number in many.RIO_GRANDE})
