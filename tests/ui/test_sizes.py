"""The page at every size of window: nothing overlaps, is cut off, scrolls the page or jumps."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server

SIZES = [
    (320, 256),  # 1280 x 1024 at 400 % zoom
    (320, 480),
    (390, 844),
    (844, 390),
    (820, 1180),
    (1280, 720),
    (1440, 900),
    (2560, 1440),
]
SHIFTS = """
window.shifts = 0
new PerformanceObserver((list) => {
    for (const {value} of list.getEntries()) { window.shifts += value }
}).observe({type: "layout-shift"})
"""


def resized(page: DashboardPage, size: tuple[int, int]) -> None:
    width, height = size
    page.page.set_viewport_size({"width": width, "height": height})
    page.settle()


def faults(page: DashboardPage) -> list[str]:
    """What is wrong with the page as it is seen now."""
    found = page.page.evaluate("tests.misplaced()")
    height, width = page.page.evaluate(
        "[document.scrollingElement.scrollHeight - innerHeight,"
        " document.scrollingElement.scrollWidth - innerWidth]"
    )
    page.page.mouse.move(30, page.height - 20)
    page.page.mouse.wheel(0, 200)
    if height > 0 or width > 0 or page.page.evaluate("scrollX + scrollY") != 0:
        found.append(f"The page scrolls by {width} x {height}.")
    return found


def test_nothing_overlaps_or_is_cut_off_at_any_size(server: Server, open_page: OpenPage) -> None:
    server.add_dam("Rated", hazard_potential="High", county="Clark", state="Nevada")
    page = open_page(server, viewport=SIZES[0])
    filters = page.button("Filters")
    wrong = {}

    for size in SIZES:
        resized(page, size)
        if size[0] >= 1280 and filters.get_attribute("aria-expanded") == "false":
            filters.click()
            page.settle()
        wrong[size, "page"] = faults(page)
        page.press("Larger panel")
        page.settle()
        wrong[size, "panel"] = faults(page)
        page.press("Smaller panel")
        page.press("Add dam")
        expect(page.button("Add")).to_be_in_viewport(ratio=1)
        page.press("Add")
        page.form.expect_error("name", "Name is required.")
        # The buttons stay in sight, wherever the form is scrolled.
        for name in ("Add", "Cancel"):
            expect(page.button(name)).to_be_in_viewport(ratio=1)
        wrong[size, "form"] = faults(page)
        page.form.cancel()

    assert {key: found for key, found in wrong.items() if found} == {}


def test_a_card_that_opens_shifts_nothing(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.page.evaluate(SHIFTS)

    page.table.click_on("Jordanelle")
    page.details.expect_open("Jordanelle")
    page.settle()
    page.edit_form.open()
    page.press("Close")
    page.details.expect_open("Jordanelle")
    page.press("History")
    expect(page.history.title).to_be_visible()
    page.settle()

    # A part of a pixel is no jump.
    assert page.page.evaluate("window.shifts") < 0.001


def test_on_a_phone_the_table_is_a_list_of_cards_with_the_same_keys(
    server: Server, open_page: OpenPage
) -> None:
    facts = {"hazard_potential": "High", "county": "Clark", "state": "Nevada"}
    server.add_dam("Hoover listed", date_built="1935-10", nid_height_ft=730.0, **facts)
    server.add_dam("Hoover other")
    page = open_page(server, viewport=(390, 844))
    page.table.search("hoover")
    cell = page.table.rows.filter(has_text="Hoover listed").locator("td.name")

    told = "(cell, part) => getComputedStyle(cell, part).content"
    assert json.loads(cell.evaluate(told, "::before")) == "H"
    assert json.loads(cell.evaluate(told, "::after")) == "Clark, Nevada · 1935 · 730 ft"
    assert cell.bounding_box()["height"] == 64
    box = page.page.locator(".scroll")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") == 0

    order = page.page.get_by_role("combobox", name="Sort by")
    expect(page.table.rows).to_have_count(2)
    expect(page.table.rows.first).to_contain_text("Hoover listed")
    order.select_option("Name")
    page.page.get_by_role("button", name="Ascending").click()
    expect(page.table.rows.first).to_contain_text("Hoover other")
    order.select_option("NID height")
    expect(page.table.rows.first).to_contain_text("Hoover listed")
    expect(page.page.get_by_role("button", name="Descending")).to_be_visible()
    order.select_option("Owner")
    expect(cell).to_have_attribute("data-brief", re.compile(" · Clark, Nevada · 1935 · 730 ft$"))

    cell.focus()
    page.page.keyboard.press("End")
    expect(cell).to_be_focused()
    page.page.keyboard.press(" ")
    expect(page.table.ticked).to_have_count(1)
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    page.details.expect_open("Hoover other")
