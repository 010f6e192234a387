"""The panes of the page: the map with cards over it, and the panel below."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server


def handle(page: DashboardPage) -> Locator:
    return page.page.get_by_role("separator", name="Height of the panel in percent")


def top_of_panel(page: DashboardPage) -> float:
    return page.page.locator(".dock").bounding_box()["y"]


def test_the_panel_is_as_high_as_it_is_dragged(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    top = top_of_panel(page)
    box = handle(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x, y + 100, steps=4)
    page.page.mouse.up()

    assert top_of_panel(page) == pytest.approx(top + 100, abs=12)
    the_map = page.map.box.bounding_box()
    assert the_map["y"] + the_map["height"] == pytest.approx(top_of_panel(page), abs=1)


def test_the_map_fills_what_the_panel_leaves(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    for button in ("Smaller panel", "Larger panel"):
        page.press(button)
        height = page.map.box.bounding_box()["height"]
        page.map.expect(
            lambda height=height: page.map.frame["height"] == pytest.approx(height, abs=1),
            f"the map is as high as its pane after {button}",
        )


def test_the_panel_is_folded_and_filled_by_keys(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    handle(page).focus()

    page.page.keyboard.press("Home")
    expect(handle(page)).to_have_attribute("aria-valuenow", "0")
    expect(page.table.search_field).not_to_be_in_viewport()
    expect(page.button("Smaller panel")).to_be_disabled()

    page.page.keyboard.press("End")
    expect(handle(page)).to_have_attribute("aria-valuenow", "100")
    assert page.map.box.bounding_box()["height"] < 1
    page.table.expect_range(1, 2, of=2)

    page.page.keyboard.press("PageDown")
    expect(page.map.box).to_be_in_viewport(ratio=1)


def test_the_height_is_remembered(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.press("Smaller panel")

    page.page.reload()

    expect(handle(page)).to_have_attribute("aria-valuenow", "0")


def test_a_low_window_begins_with_the_map_and_its_tabs_fill_it(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, viewport=(360, 225))  # 1440 x 900 at 400 % zoom
    expect(handle(page)).to_have_attribute("aria-valuenow", "0")
    assert page.map.box.bounding_box()["height"] > 60

    page.open_tab("Table")

    expect(handle(page)).to_have_attribute("aria-valuenow", "100")
    page.press("Smaller panel")
    expect(handle(page)).to_have_attribute("aria-valuenow", "0")


def test_a_link_to_a_chart_shows_it_in_a_low_window(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, query="?tab=charts", viewport=(360, 225))

    expect(handle(page)).to_have_attribute("aria-valuenow", "100")


def test_a_plot_opens_a_folded_panel_and_follows_the_selection(
    server: Server, open_page: OpenPage
) -> None:
    first, second = (server.add_dam(name) for name in ("First plotted", "Second plotted"))
    server.assign_hydrograph(first, [0, 1], [1, 2])
    server.assign_hydrograph(second, [0, 1], [1, 3])
    page = open_page(server, query=f"?selected={first}")
    page.press("Smaller panel")

    page.press("Hydrograph")
    expect(page.sheet.figure).to_be_visible()
    expect(page.page.get_by_role("tab", name="Hydrograph")).to_have_attribute(
        "aria-selected", "true"
    )

    page.page.get_by_role("tab", name="Hydrograph").focus()
    for name in ("Charts", "Table"):
        page.page.keyboard.press("ArrowLeft")
        expect(page.page.get_by_role("tab", name=name)).to_be_focused()
    page.select("Second plotted")
    page.open_tab("Hydrograph")
    expect(page.sheet.figure).to_have_attribute(
        "aria-label", re.compile("Hydrograph of Second plotted. Peak flow 3 cfs")
    )


def test_without_a_dam_the_panel_says_what_to_do(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.open_tab("Hydrograph")

    expect(page.page.get_by_text("Select a dam to see its hydrograph.")).to_be_visible()
    page.sheet.close()
    expect(page.table.search_field).to_be_visible()


def test_a_card_moves_nothing_and_a_toast_keeps_clear_of_it(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    parts = (page.map.box, page.page.locator(".dock"), page.table.search_field)
    before = [one.bounding_box() for one in parts]

    page.select("Jordanelle")
    page.edit_form.open()
    server.add_dams("Announced")
    expect(page.toast).to_be_visible()

    assert [one.bounding_box() for one in parts] == before
    toast, card = (one.bounding_box() for one in (page.toast, page.page.locator(".side")))
    assert toast["x"] + toast["width"] <= card["x"]
    assert toast["y"] + toast["height"] <= top_of_panel(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_until_the_person_chooses(
    server: Server, open_page: OpenPage, scheme: str
) -> None:
    page = open_page(server)
    light = page.colours()
    page.page.emulate_media(color_scheme="dark")
    page.wait_until_colours_change(light)
    dark = page.colours()

    if scheme == "light":
        page.press("Dark theme")
        page.wait_until_colours_change(dark)

    page.page.reload()
    page.wait_until_open()
    page.page.wait_for_function("tests.isSettled()")
    assert page.colours() == {"light": light, "dark": dark}[scheme]


@pytest.mark.parametrize(
    ("size", "share", "is_legend_seen"),
    [
        ((320, 256), 0.45, True),
        ((360, 225), 0, False),  # 1440 x 900 at 400 % zoom
        ((320, 480), 0.45, True),
        ((844, 390), 0.34, True),
    ],
    ids=str,
)
def test_nothing_covers_anything_over_a_low_map(
    server: Server,
    open_page: OpenPage,
    size: tuple[int, int],
    share: float,
    is_legend_seen: bool,
) -> None:
    server.add_dam("Rated", hazard_potential="High")
    left = f"localStorage.setItem('dam_inventory.panel', '{share}')"
    page = open_page(server, viewport=size, script=left)
    legend, notes = page.page.locator(".legend"), page.page.locator(".notes")
    parts = [page.page.get_by_role("group", name="Map tools"), legend, notes]
    expect(notes).to_contain_text("can't be reached")

    for _ in ("open", "folded"):
        page.settle()
        below = page.map.box.bounding_box()
        boxes = [part.bounding_box() for part in parts if part.is_visible()]
        for box in boxes:
            assert box["y"] + box["height"] <= below["y"] + below["height"]
        for one, other in itertools.combinations(boxes, 2):
            assert are_apart(one, other)
        if (smaller := page.button("Smaller panel")).is_enabled():
            page.click(smaller)
    expect(legend).to_be_visible(visible=is_legend_seen)


def are_apart(one: FloatRect, other: FloatRect) -> bool:
    """Return whether two boxes have no pixel in common."""
    return any(
        low[start] + low[length] <= high[start]
        for low, high in ((one, other), (other, one))
        for start, length in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("size", [(1280, 720), (820, 1180), (390, 844)], ids=str)
def test_a_toast_covers_nothing_of_a_form_with_errors(
    server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(server, viewport=size)
    page.open_form()
    page.form.add()
    page.form.expect_error("name", "Name is required.")

    server.add_dams("Announced beside a form")
    expect(page.toast).to_be_visible()

    toast, card = (one.bounding_box() for one in (page.toast, page.page.locator(".side")))
    is_beside = toast["x"] + toast["width"] <= card["x"]
    assert is_beside or toast["y"] + toast["height"] <= card["y"]
    if size[0] < 768:
        assert round(toast["height"]) <= 40
        page.reload()
        expect(page.button("Add")).to_be_visible()


@pytest.mark.parametrize("size", [(1280, 720), (844, 390), (820, 1180), (390, 844)], ids=str)
def test_a_toast_leaves_what_stands_above_the_map_and_its_tools_in_reach(
    server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(server, viewport=size)

    server.add_dams("Announced again and again")
    expect(page.toast).to_be_visible()

    for name in ("Filters", "Share", "All dams", "Zoom in"):
        expect(page.button(name)).to_be_visible()
        assert page.button(name).evaluate("element => tests.isAtHand(element)"), name
