"""Charts show the dams that match and are filters, by mouse, by keyboard and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.ui.charts_on_page import ChartsOnPage
from tests.ui.conftest import OpenPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.test_links import query_of
from tests.ui.test_scrolling import at_hand, swipe_until
from tests.ui.test_sizes import faults

MARKUP = """<img src=x onerror="window.hacked=1"> Utah"""
DECADE = "Built by decade"
MATRIX = "Hazard potential by condition assessment"
RASTER = "Storage by height"


@pytest.fixture
def server(tasks_server: Server) -> Server:
    return tasks_server


def test_marks_filter_and_stay_comparable_and_a_link_shows_the_same(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, viewport=(1440, 900))
    charts, filters = ChartsOnPage(page), FiltersOnPage(page)
    charts.open()
    expect(page.page.get_by_role("tab", name="Charts")).to_be_focused()
    charts.expect_told(DECADE, "23 dams")

    charts.choose("State", "Colorado")
    filters.expect_chips("State: Colorado")
    filters.expect_summary("13 of 23 dams")
    charts.expect_chosen("State", "Colorado: 13 dams")
    charts.expect_told(DECADE, "13 dams")
    charts.choose("State", "Montana", also=True)
    charts.expect_chosen("State", "Colorado: 13 dams", "Montana: 2 dams")
    # Those that are not chosen keep their numbers.
    expect(charts.mark("State", "Nevada")).to_have_attribute("aria-label", "Nevada: 1 dam")

    charts.choose(MATRIX, "High, Unknown")
    filters.expect_chips(
        "State: Colorado", "State: Montana", "Hazard potential: High",
        "Condition assessment: Unknown",
    )  # fmt: skip
    charts.expect_chosen(MATRIX, "High: 11 dams", "Unknown: 15 dams", "High, Unknown: 11 dams")
    receiver = ChartsOnPage(open_page(server, query=query_of(page)))
    receiver.expect_chosen("State", "Colorado: 9 dams", "Montana: 2 dams")

    # The second click on what alone is chosen takes it back.
    charts.choose(MATRIX, "High, Unknown")
    charts.choose("State", "Nevada")
    filters.expect_chips("State: Nevada")
    charts.choose("State", "Nevada")
    filters.expect_chips()
    filters.open()
    filters.choose("State", "Ohio")
    charts.expect_chosen("State", "Ohio: 1 dam")


def test_a_drag_chooses_years_and_sizes(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=(1440, 900))
    charts, filters = ChartsOnPage(page), FiltersOnPage(page)
    charts.open()
    column = charts.mark(DECADE, "1930s")

    charts.drag(DECADE, column, charts.mark(DECADE, "1950s"))
    filters.expect_chips("Year completed: 1930 to 1959")
    filters.expect_summary("12 of 23 dams")
    charts.expect_chosen(DECADE, "1930s: 4 dams", "1940s: 3 dams", "1950s: 5 dams")
    charts.choose(DECADE, "1960s", also=True)
    filters.expect_chips("Year completed: 1930 to 1969")
    charts.choose(DECADE, "Unknown", also=True)
    filters.expect_chips("Year completed: 1930 to 1969, or unknown")
    charts.choose(DECADE, "Unknown")
    filters.expect_chips("Year completed: Unknown")
    charts.choose(DECADE, "Unknown")
    filters.expect_chips()

    raster = charts.chart(RASTER).get_by_role("application")
    page.bring(raster)
    box = raster.bounding_box()
    right, middle = box["x"] + box["width"] - 20, box["y"] + 110
    charts.drag_between((right - 120, box["y"] + 4), (right, middle))
    expect(filters.chips).to_have_count(2)
    expect(filters.chips.first).to_contain_text("NID height: ")
    expect(filters.chips.last).to_contain_text("acre-ft or more")
    # So it is where the numbers are: these are large.
    page.open_tab("Table")
    expect(page.table.row("GRAND COULEE")).to_be_visible()
    expect(page.table.row("KENDRICK")).to_have_count(0)


def test_all_goes_by_keyboard(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=(1440, 900))
    charts, filters = ChartsOnPage(page), FiltersOnPage(page)
    charts.open()
    press = page.page.keyboard.press
    charts.mark("State", "Colorado").focus()

    press("Enter")
    charts.expect_chosen("State", "Colorado: 13 dams")
    press("ArrowDown")
    expect(charts.mark("State", "Alabama")).to_be_focused()
    charts.expect_told("State", "Alabama: 2 dams")
    press(" ")
    charts.expect_chosen("State", "Colorado: 13 dams", "Alabama: 2 dams")
    expect(charts.mark("State", "Alabama")).to_be_focused()
    press("Enter")
    press("Enter")
    filters.expect_chips()
    # The whole chart is one stop.
    press("Tab")
    assert page.page.evaluate("tests.focused().textContent") == "Save PNG"

    charts.mark(DECADE, "Before 1800").focus()
    for key in ("End", "ArrowLeft", "ArrowLeft"):
        press(key)
    page.page.keyboard.down("Shift")
    press("ArrowLeft")
    press("ArrowLeft")
    charts.expect_told(DECADE, "1990s to 2010s: 0 dams")
    page.page.keyboard.up("Shift")
    filters.expect_chips("Year completed: 1990 to 2019")
    expect(charts.mark(DECADE, "1990s")).to_be_focused()
    page.press("Clear all")

    raster = charts.chart(RASTER).get_by_role("application")
    page.bring(raster)
    raster.focus()
    press("ArrowUp")
    told = charts.chart(RASTER).locator(".told")
    expect(told).to_contain_text("Storage 3,300 acre-ft to 4,700 acre-ft, height")
    press("Shift+ArrowRight")
    press("Enter")
    expect(filters.chips.last).to_contain_text("NID storage: 3,300 acre-ft to under 6,800 acre-ft")


def test_pictures_numbers_and_tables_have_what_is_shown(
    server: Server, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(server, viewport=(1440, 900), query="?tab=charts&units=metric")
    charts = ChartsOnPage(page)
    inspections = charts.chart("Last inspection by year")
    expect(inspections).to_contain_text("No data: unknown for all 23 dams.")
    server.add_dam("Marked", state=MARKUP, date_built="1951")
    page.reload()
    expect(inspections).to_contain_text("No data: unknown for all 24 dams.")
    charts.choose("State", MARKUP)

    picture = charts.save("State", "Save PNG", tmp_path)
    # The chosen bar, the others, and the ground.
    assert {"30,136,229", "143,143,143", "255,255,255"} < charts.colors(picture)
    assert charts.save("Last inspection by year", "Save PNG", tmp_path).stat().st_size > 1000
    lines = charts.save("State", "Numbers as CSV", tmp_path).read_text("utf-8").splitlines()
    assert lines[:2] == ["State,Dams", "Colorado,13"]
    lines = charts.save(RASTER, "Numbers as CSV", tmp_path).read_text("utf-8").splitlines()
    assert lines[0].startswith("NID storage (thousand m³) from,")
    assert lines[1] == "Unknown,Unknown,Unknown,Unknown,1"

    table = charts.chart(DECADE).get_by_role("table")
    expect(table.get_by_role("row", name="1950s 1", exact=True)).to_be_attached()
    height = charts.chart(DECADE).bounding_box()["height"]
    page.click(charts.chart(DECADE).get_by_role("button", name="Table"))
    expect(table).to_be_in_viewport()
    expect(charts.mark(DECADE, "1950s")).to_be_hidden()
    assert charts.chart(DECADE).bounding_box()["height"] == height
    assert page.page.evaluate("window.hacked") is None
    server.inventory.remove(server.id_of("Marked"), server.inventory.snapshot().mark)


def test_swipes_lead_to_the_last_chart_and_all_fit_every_window(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, viewport=(390, 844), touch=True, query="?tab=charts")
    charts, filters = ChartsOnPage(page), FiltersOnPage(page)
    below = (195, 784)
    colorado = charts.mark("State", "Colorado")
    swipe_until(page, at_hand(colorado), below)
    colorado.tap()
    filters.expect_summary("13 of 23 dams")
    swipe_until(page, at_hand(charts.chart("Last inspection by year")), below)
    # None of the swipes over columns and raster was a drag.
    filters.expect_summary("13 of 23 dams")

    wrong, columns = {}, {}
    for width, height in ((320, 480), (390, 844), (820, 1180), (1440, 900), (2560, 1440)):
        page.page.set_viewport_size({"width": width, "height": height})
        page.settle()
        wrong[width] = faults(page)
        tops = [one.bounding_box()["y"] for one in charts.panel.locator("section").all()]
        columns[width] = tops.count(tops[0])
    assert {width: found for width, found in wrong.items() if found} == {}
    assert (columns[320], columns[390], columns[820], columns[2560]) == (1, 1, 2, 4)
