"""The page's address leads somebody else to what its sender saw."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui import many
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage, wait_for
from tests.ui.server import Server

WINDOW, PHONE = (1280, 900), (390, 844)


def query_of(page: DashboardPage) -> str:
    """Return what the address says, once it says what the page shows."""
    page.settle()
    page.page.wait_for_function("damInventory.noting === undefined")
    return "?" + page.page.url.partition("?")[2]


def expect_the_same(sender: DashboardPage, receiver: DashboardPage) -> None:
    """Wait until two windows of one size show the same rectangle, to within two pixels."""
    pixel = sender.map.scale

    def is_so() -> bool:
        pairs = zip(sender.map.view, receiver.map.view, strict=True)
        return all(abs(one - other) < 2 * pixel for one, other in pairs)

    wait_for(receiver.page, is_so, "the same view", lambda: (sender.map.view, receiver.map.view))


def by_buttons(page: DashboardPage) -> None:
    page.map.see()
    for _ in range(2):
        page.map.tool("Zoom in").click()
    page.settle()


def by_zoom_to_results(page: DashboardPage) -> None:
    page.table.search("rio grande")
    page.table.expect_text("100 of 2,000 dams")
    before = page.map.view
    page.map.see()
    page.map.tool("Zoom to results").click()
    page.map.expect(lambda: page.map.view != before, "the map has moved")


def by_a_dam_out_of_view(page: DashboardPage) -> None:
    page.map.zoom(12)
    page.table.click_on("Dam 0000")
    page.map.expect_selection_on("Dam 0000")


def by_the_home_button(page: DashboardPage) -> None:
    by_buttons(page)
    page.map.home()


@pytest.mark.long
@pytest.mark.parametrize("size", [WINDOW, PHONE])
@pytest.mark.parametrize(
    "move", [by_buttons, by_zoom_to_results, by_a_dam_out_of_view, by_the_home_button]
)
def test_the_address_has_the_view_however_the_map_was_moved(
    large_server: Server,
    open_page: OpenPage,
    move: Callable[[DashboardPage], None],
    size: tuple[int, int],
) -> None:
    sender = open_page(large_server, viewport=size)
    home = query_of(sender)
    move(sender)

    receiver = open_page(large_server, viewport=size, query=query_of(sender))

    expect_the_same(sender, receiver)
    assert home == "?"
    if move is by_the_home_button:
        assert query_of(receiver) == "?"


def test_a_link_shows_search_order_page_row_ring_and_view_of_its_sender(
    large_server: Server, open_page: OpenPage
) -> None:
    sender = open_page(large_server)
    sender.table.search("rio grande")
    sender.table.expect_range(1, 10, of=100)
    sender.table.show_rows(25)
    sender.table.sort_by("Name")
    sender.table.sort_by("Name")
    sender.table.next_page()
    sender.table.expect_range(26, 50, of=100)
    name = sender.table.rows.nth(3).locator("td.name").inner_text()
    sender.table.click_on(name)
    sender.map.zoom(-2)

    receiver = open_page(large_server, query=query_of(sender))

    expect_the_same(sender, receiver)
    receiver.details.expect_open(name)
    receiver.table.expect_range(26, 50, of=100)
    receiver.table.expect_selected(name)
    assert receiver.table.order("Name") == sender.table.order("Name")
    expect(receiver.table.search_field).to_have_value("rio grande")
    expect(receiver.page.get_by_label("Rows per page")).to_have_value("25")
    assert len(receiver.map.selection_marks()) == len(sender.map.selection_marks()) == 1
    # The view may differ by less than a pixel, and has been compared.
    assert query_of(receiver).partition("view=")[0] == query_of(sender).partition("view=")[0]


def test_a_link_to_a_dam_shows_it_on_the_map_and_in_the_table(
    large_server: Server, open_page: OpenPage
) -> None:
    dam_id = large_server.id_of("Dam 1234")

    page = open_page(large_server, query=f"?selected={dam_id}")

    page.details.expect_open("Dam 1234")
    page.map.expect_selection_on("Dam 1234")
    page.table.expect_selected("Dam 1234")
    page.table.expect_range(1231, 1240, of=2_000)
    ring, middle = page.map.selection_marks()[0], page.map.centre
    assert (ring["page_x"], ring["page_y"]) == pytest.approx(middle, abs=2)


def test_a_dam_that_is_chosen_on_the_map_is_on_the_page_of_the_table(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server, query="?view=-119.3,34.9,-118.3,35.5")
    page.table.expect_range(1, 10, of=2_000)
    page.map.expect_dam("Dam 0403")

    page.map.click_on("Dam 0403")

    page.table.expect_selected("Dam 0403")
    page.table.expect_range(401, 410, of=2_000)


def test_an_address_with_a_view_that_makes_no_sense_leads_to_all_dams(
    large_server: Server, open_page: OpenPage
) -> None:
    usual = open_page(large_server)
    page = open_page(large_server, query="?view=1e-323,0,2e-323,1e-323&page=0&rows=7")

    expect_the_same(usual, page)
    page.table.expect_range(1, 10, of=many.COLUMNS * many.LINES)


def test_a_link_to_a_dam_that_is_gone_says_so_and_the_page_goes_on(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve()
    mark, dam_id = server.inventory.snapshot().mark, server.id_of("Deer Creek")
    server.inventory.remove(dam_id, mark)
    today = f"{server.inventory.history(dam_id, most=1)[0].at:%Y-%m-%d}"

    page = open_page(server, query=f"?selected={dam_id}&compare=4711,{dam_id}&tab=compare")

    page.expect_toast(
        f'The dam of this link (no. {dam_id}, "Deer Creek") is not in the inventory any more; it '
        f"was removed on {today}.\nThe dam of this link (no. 4711) is not in this inventory."
    )
    page.button("Close").click()
    page.open_tab("Table")
    page.table.click_on("Jordanelle")
    page.details.expect_open("Jordanelle")

    strange = "?selected=<b>&compare=9999999999999999999999,x&tab=compare&page=99999999999999"
    other = open_page(server, query=strange)
    other.expect_no_toast()
    expect(other.page.get_by_text("Nothing to compare yet.")).to_be_visible()
