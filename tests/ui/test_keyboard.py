"""What a person sees who walks through the page with Tab, or forces the colors of the system."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server

FOCUS = Path(__file__).with_name("focus.js").read_text("utf-8")
MOST = 120
TARGET = 24
"""The least width and height of a target in pixels: WCAG 2.2, 2.5.8."""


@pytest.fixture
def server(rated_server: Server) -> Server:
    return rated_server


def walk(page: DashboardPage) -> list[dict[str, Any]]:
    """Press Tab from the page's start to its end; return what had the focus."""
    page.page.evaluate("document.activeElement?.blur()")
    found = []
    for _ in range(MOST):
        page.page.keyboard.press("Tab")
        page.page.evaluate("() => new Promise(requestAnimationFrame)")
        if (focus := page.page.evaluate(FOCUS)) is None:
            return found
        found.append(focus)
    raise AssertionError(f"Tab never leaves the page: {found[-3:]}")


@pytest.mark.parametrize(
    ("size", "tab"),
    [((1280, 900), "hydrograph"), ((390, 844), "table"), ((320, 256), "table")],
    ids=str,
)
def test_tab_leads_to_nothing_that_is_covered_or_without_an_outline(
    server: Server, open_page: OpenPage, size: tuple[int, int], tab: str
) -> None:
    query = f"?selected={server.id_of('Rated')}&tab={tab}"
    page = open_page(server, viewport=size, query=query)
    page.page.emulate_media(reduced_motion="reduce")
    page.details.expect_open("Rated")
    page.settle()

    found = walk(page)

    assert len(found) > 20
    if tab == "hydrograph":
        assert "DIV Reset" in {one["what"] for one in found}
    assert [one["what"] for one in found if not one["isSeen"]] == []
    assert [one["what"] for one in found if not one["isOutlined"]] == []
    assert [one["what"] for one in found if one["size"] < TARGET] == []


def test_a_low_map_has_room_for_the_list_of_dams_in_view(
    server: Server, open_page: OpenPage
) -> None:
    half = "localStorage.setItem('dam_inventory.panel', '0.45')"
    page = open_page(server, viewport=(320, 256), script=half)
    entries = page.map.choices.get_by_role("button")
    tabs = page.page.get_by_role("tablist")
    before = tabs.bounding_box()

    page.map.tool("Dams in view").press("Enter")
    expect(entries.nth(1)).to_be_focused()
    expect(entries.nth(1)).to_be_in_viewport(ratio=0.99)
    assert tabs.bounding_box() != before

    page.page.keyboard.press("Escape")
    expect(page.map.choices).to_be_hidden()
    assert tabs.bounding_box() == before


def test_the_first_tab_stops_skip_to_the_map_and_to_the_results(
    server: Server, open_page: OpenPage
) -> None:
    folded = "localStorage.setItem('dam_inventory.panel', '0')"
    page = open_page(server, script=folded)
    results = page.page.get_by_role("region", name="Results")
    expect(page.table.search_field).not_to_be_in_viewport()

    page.page.keyboard.press("Tab")
    expect(page.button("To the map")).to_be_focused()
    expect(page.button("To the map")).to_be_in_viewport()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")

    expect(results).to_be_focused()
    expect(page.table.search_field).to_be_in_viewport()
    expect(page.button("To the map")).not_to_be_in_viewport()


def test_the_parts_of_the_page_are_named_landmarks(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    filters.open()

    assert page.page.title() == "Dam Inventory"
    assert page.page.locator("html").get_attribute("lang") == "en"
    landmarks: list[tuple[Literal["search", "region", "navigation", "tabpanel"], set[str]]] = [
        ("search", {"Find", "Filters"}),
        ("region", {"Map", "Results"}),
        ("navigation", {"Skip"}),
        ("tabpanel", {"Table"}),
    ]
    for role, names in landmarks:
        expect(page.page.get_by_role(role)).to_have_count(len(names))
        for name in names:
            expect(page.page.get_by_role(role, name=name, exact=True)).to_have_count(1)

    page.open_sidebar()
    expect(page.page.get_by_role("navigation", name="Layers and inventory")).to_be_visible()


def test_forced_colors_keep_icons_and_the_chosen_tab_and_reduced_motion_is_kept(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, query=f"?selected={server.id_of('Rated')}")
    page.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.details.expect_open("Rated")

    icons = page.page.locator(".side button span[style*=mask]")
    colours = icons.evaluate_all(
        "icons => icons.map((one) => getComputedStyle(one).backgroundColor)"
    )
    buttons = icons.locator("xpath=ancestor::button").evaluate_all(
        "buttons => buttons.map((one) => getComputedStyle(one).color)"
    )
    tabs = page.page.get_by_role("tab").evaluate_all(
        "tabs => tabs.map((tab) => getComputedStyle(tab).borderBottomColor)"
    )

    moves = page.page.locator(".side button").evaluate_all(
        "buttons => buttons.map((one) => getComputedStyle(one).transitionDuration)"
    )

    assert {*moves} == {"0s"}
    assert len(colours) > 3
    assert {*colours} == {*buttons}
    assert len({*tabs}) == 2
