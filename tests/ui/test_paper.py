"""What people print, and the reports that they read on a phone and on paper."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.ui.conftest import OpenPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.paper import COUNT_PRINTS, corner_of_map, print_by_key, texts_of
from tests.ui.server import Server
from tests.ui.tasks import JEFFERSON_HIGH, Keyboard

MARKUP = """<img src=x onerror="window.hacked=1"> Otter"""


def opened(report: Page) -> Page:
    expect(report.get_by_role("main")).to_have_attribute("aria-busy", "false")
    return report


def test_ctrl_p_prints_the_map_and_the_dams_of_the_filter(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(
        crowded_server, colour_scheme="dark", script=COUNT_PRINTS, query="?hazard_potential=High"
    )
    filters = FiltersOnPage(page)
    filters.expect_summary("3,002 of 6,002 dams")

    print_by_key(page.page)
    sheets = texts_of(page.page)

    first, last = sheets[0], sheets[-1]
    assert "3,002 of 6,002 dams · Hazard potential: High" in first
    assert re.search(r"Hazard potential High 3,002 (?!Low)", first)
    assert "Land: Natural Earth" in first
    assert re.search(r"\w+ \d+, \d{4}, revision \d+", first)
    assert all("Name Hazard potential" in sheet for sheet in sheets)
    assert sum(len(re.findall(r"Crowd \d{4}", sheet)) for sheet in sheets) == 500
    assert "The first 500 of 3,002 dams are listed; 2,502 are left out." in last
    for control in ("Filters", "Add dam", "Rows", "Compare", "Share"):
        assert not any(control in sheet for sheet in sheets)
    # In the light colors, though the page is dark and stays so.
    assert min(corner_of_map(page.page)) > 180
    assert max(page.map.ground()) < 120

    # The browser's own menu does not wait for the server.
    page.press("Clear all")
    filters.expect_summary("6,002 dams")
    page.settle()
    sheets = texts_of(page.page, "Letter")
    assert "6,002 dams" in sheets[0]
    assert "Crowd 0000" in sheets[0]
    assert "This is one page of the table." in sheets[-1]
    assert "Land: Natural Earth" in sheets[0]
    assert min(corner_of_map(page.page)) > 180


def test_the_report_of_a_dam_reads_well_on_paper_and_on_a_phone(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam(MARKUP, state="Nevada", county="CLARK", nid_height_ft=730.0)
    server.assign_hydrograph(dam_id, [0, 1, 2], [1, 3, 2])
    page = open_page(server, query=f"?selected={dam_id}")
    page.details.expect_open(MARKUP)
    with page.page.expect_popup() as popup:
        page.click(page.page.get_by_role("link", name="Report"))
    report = opened(popup.value)

    expect(report.get_by_role("heading", level=1)).to_have_text(MARKUP)
    assert report.title().startswith(MARKUP)
    sheets = texts_of(report, "Letter")
    assert len(sheets) == 1
    for text in (
        MARKUP,
        "Clark County, Nevada",
        "NID height (ft) 730 1",
        "Peak flow 3 cfs",
        "1. The form for a new dam",
        "2. A hydrograph file with 3 points",
        "Outside its state's bounds",
        "A new dam has been added",
        "Page 1 of 1",
    ):
        assert text in sheets[0]
    assert "Back to the map" not in sheets[0]

    report.set_viewport_size({"width": 320, "height": 640})
    assert report.evaluate("document.scrollingElement.scrollWidth") == 320
    expect(report.get_by_role("img", name="Location: 40.5")).to_be_visible()
    report.get_by_role("link", name="Metric units").click()
    expect(opened(report).get_by_text("NID height (m)").first).to_be_visible()
    expect(report.get_by_role("img", name="Peak flow 0.084951 m³/s")).to_be_visible()

    server.inventory.remove(dam_id, server.inventory.snapshot().mark)
    expect(report.get_by_role("status")).to_have_text(re.compile("The inventory has changed"))
    report.reload()
    expect(report.get_by_text("is not in the inventory any more")).to_be_visible()
    assert report.evaluate("window.hacked") is None
    report.get_by_role("link", name="Back to the map").click()
    expect(report.get_by_role("tab", name="Table")).to_be_visible()


def test_a_keyboard_leads_to_the_report_of_a_list(
    tasks_server: Server, open_page: OpenPage
) -> None:
    page = open_page(
        tasks_server, query="?state=Colorado&county=JEFFERSON&hazard_potential=High&sort=-dam_name"
    )
    keyboard = Keyboard(page)
    keyboard.go_to("Print, report or export")
    keyboard.press("Enter", "Tab", "Tab")
    assert keyboard.focused == "Report of these dams"
    keyboard.press("Escape")
    assert keyboard.focused == "Print, report or export"
    keyboard.press("Enter", "Tab", "Tab")
    with page.page.expect_popup() as popup:
        keyboard.press("Enter")
    report = opened(popup.value)

    expect(report.get_by_role("rowheader")).to_have_text(JEFFERSON_HIGH[::-1])
    expect(report.get_by_role("heading", level=1)).to_have_text("4 of 23 dams")
    [sheet] = texts_of(report)
    for text in ("State: Colorado", "County: JEFFERSON", "Hazard potential: High", *JEFFERSON_HIGH):
        assert text in sheet
