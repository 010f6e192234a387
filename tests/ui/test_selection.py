"""Selection: one and the same in the map, in the table and on the card with the details."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server


def test_a_click_on_a_dam_selects_it_in_the_table_and_opens_its_details(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.table.search("provo river")

    page.map.click_on("Jordanelle")

    page.details.expect_open("Jordanelle")
    page.table.expect_selected("Jordanelle")
    assert page.details.facts() | {"Added at": ""} == {
        "Owner": "Reclamation",
        "River": "Provo River",
        "Date built": "1993",
        "Latitude": "40.59817°",
        "Longitude": "-111.42405°",
        "Added at": "",
    }

    page.map.click_on("Deer Creek")

    page.details.expect_open("Deer Creek")
    page.table.expect_selected("Deer Creek")


def test_a_dam_that_is_out_of_view_comes_into_view(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.map.zoom(12)
    scale = page.map.scale
    assert "Dam 0000" not in page.map.dams()

    page.table.click_on("Dam 0000")

    page.map.expect_selection_on("Dam 0000")
    assert page.map.scale == pytest.approx(scale, rel=1e-3)


def test_a_button_of_the_card_zooms_to_the_dam(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server)
    page.table.click_on("Dam 0003")
    far = page.map.scale

    page.press("Zoom to dam")

    page.map.expect(lambda: page.map.scale < far / 10, "the map is close")
    page.map.expect_selection_on("Dam 0003")
    [ring] = page.map.selection_marks()
    assert (ring["page_x"], ring["page_y"]) == pytest.approx(page.map.centre, abs=2)


def test_a_row_that_is_clicked_or_entered_is_marked_on_the_map_and_its_card_can_be_closed(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.table.search("deer creek")
    page.table.expect_range(1, 1, of=1)

    page.table.click_on("Deer Creek")
    page.details.expect_open("Deer Creek")
    page.map.expect_selection_on("Deer Creek")

    page.details.close()
    page.table.expect_selected()
    page.map.expect_no_selection()

    page.table.cell("Deer Creek").press("Enter")
    page.details.expect_open("Deer Creek")
    page.table.expect_selected("Deer Creek")
    page.details.close()
    page.table.click_on("Deer Creek")
    page.details.expect_open("Deer Creek")


def test_row_and_map_show_each_other_what_is_pointed_at_and_the_server_is_not_asked(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.map.home()
    dams = page.map.dams()

    def expect_ring_on(name: str) -> None:
        place = (dams[name]["page_x"], dams[name]["page_y"])
        page.map.expect(
            lambda: page.map.pointed_at() == pytest.approx(place, abs=1.5), f"a ring is on {name}"
        )

    sent = page.characters_sent
    page.table.cell("Dam 0003").hover()
    expect_ring_on("Dam 0003")
    page.table.cell("Dam 0005").hover()
    expect_ring_on("Dam 0005")
    page.table.search_field.hover()
    page.map.expect(lambda: page.map.pointed_at() is None, "no row is pointed at")
    assert page.characters_sent == sent

    page.map.hover("Dam 0004")
    expect(page.table.pointed).to_have_text(["Dam 0004"])
    page.map.point_at(page.map.frame["x"] + 100, page.map.frame["y"] + 100)
    expect(page.table.pointed).to_have_count(0)

    page.table.search_field.focus()
    page.press_tab_until_focus_is_on("Dam 0000")
    page.page.keyboard.press("ArrowDown")
    expect_ring_on("Dam 0001")
    # It follows the map, and what is out of view has no ring.
    page.map.zoom(12)
    assert page.map.pointed_at() is None
    page.map.zoom(-20)
    page.map.expect(lambda: "Dam 0001" in page.map.dams(), "it is in view again")
    dams = page.map.dams()
    expect_ring_on("Dam 0001")
    page.page.keyboard.press("ArrowDown")
    expect_ring_on("Dam 0002")
    page.page.keyboard.press("Shift+Tab")
    page.map.expect(lambda: page.map.pointed_at() is None, "the focus has left the table")
