"""A region of the map filters: drawn by mouse, by finger, or taken with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from tests.importing import import_all
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage, wait_for
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.test_links import query_of

VIEW = "?view=-118,32,-92,48"
PLACES = {"West": (-110, 40), "East": (-100, 40), "North": (-105, 44), "South": (-105, 36)}


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    url = f"sqlite:///{tmp_path_factory.mktemp('regions') / 'dams.db'}"
    engine = open_database(url, example_dams=False)
    drafts = [
        DamDraft(name, longitude=east, latitude=north) for name, (east, north) in PLACES.items()
    ]
    import_all(Inventory(engine), [one.checked_facts() for one in drafts], source="a test")
    engine.dispose()
    return serve(database_url=url)


def begin(page: DashboardPage, shape: str, *, touch: bool = False) -> None:
    """Choose a shape, and wait until it can be drawn."""
    page.map.see()
    page.map.tool("Draw a region").click()
    button = page.map.tool(shape)
    button.tap() if touch else button.click()
    expect(page.map.tool("Cancel")).to_be_visible()


def drag(page: DashboardPage, *places: tuple[float, float]) -> None:
    mouse = page.page.mouse
    for number, place in enumerate(places):
        mouse.move(*page.map.at(*place), steps=3)
        if number == 0:
            mouse.down()
    mouse.up()


def expect_outlines(page: DashboardPage, *corners: int) -> None:
    """Wait until outlines with these numbers of corners are on the map."""

    def outlines() -> list[int]:
        found = page.page.evaluate(
            """() => tests.map.of("GlyphRenderer").filter(({glyph}) => glyph.type === "Patches")
                .flatMap(({data_source}) => [...data_source.data.xs].map((xs) => xs.length))"""
        )
        return [int(count) for count in found]

    wait_for(page.page, lambda: outlines() == [*corners], "the outlines", outlines)


def test_a_region_drawn_with_the_mouse_filters_until_its_chip_is_removed_and_is_in_the_link(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, query=VIEW)
    filters = FiltersOnPage(page)
    view = page.map.view

    begin(page, "Rectangle")
    drag(page, (-112, 45), (-108, 43), (-103, 39))

    filters.expect_summary("2 of 4 dams")
    page.table.expect_column(0, ["North", "West"])
    filters.expect_chips("In the drawn region")
    expect_outlines(page, 4)
    assert page.map.view == view, "drawing has moved the map"
    link = query_of(page)

    receiver = open_page(server, query=link)
    FiltersOnPage(receiver).expect_summary("2 of 4 dams")
    FiltersOnPage(receiver).expect_chips("In the drawn region")
    expect_outlines(receiver, 4)
    assert query_of(receiver).partition("&view")[0] == link.partition("&view")[0]

    filters.remove("In the drawn region")
    filters.expect_summary("4 dams")
    expect_outlines(page)
    assert "region" not in query_of(page)


def test_a_polygon_is_drawn_with_clicks_and_escape_gives_it_up(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, query=VIEW)
    filters = FiltersOnPage(page)
    begin(page, "Polygon")
    for corner in ((-112, 41), (-98, 41), (-98, 39)):
        page.page.mouse.click(*page.map.at(*corner))
    expect(page.map.tool("Finish")).to_be_visible()

    page.page.keyboard.press("Escape")

    expect(page.map.tool("Cancel")).to_be_hidden()
    expect(page.map.region).to_be_focused()
    filters.expect_summary("4 dams")
    begin(page, "Polygon")
    corners = ((-112, 41), (-98, 41), (-98, 39), (-105, 35), (-106, 37), (-112, 41))
    for corner in corners:
        page.page.mouse.click(*page.map.at(*corner))
    filters.expect_summary("3 of 4 dams")
    page.table.expect_column(0, ["East", "South", "West"])
    expect_outlines(page, 5)


def test_what_the_map_shows_becomes_a_region_with_the_keyboard_alone(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, query="?view=-103,38,-97,42")
    keyboard = page.page.keyboard
    page.map.tool("Draw a region").focus()

    keyboard.press("Enter")
    expect(page.map.tool("Rectangle")).to_be_focused()
    keyboard.press("Escape")
    expect(page.map.tool("Draw a region")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")

    FiltersOnPage(page).expect_summary("1 of 4 dams")
    page.table.expect_column(0, ["East"])
    page.map.tool("Home").click()
    FiltersOnPage(page).expect_chips("In the drawn region")


def test_a_rectangle_is_drawn_by_touch_with_two_taps_or_with_a_swipe(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, touch=True, viewport=(800, 900), query=VIEW)
    filters = FiltersOnPage(page)
    view = page.map.view
    begin(page, "Rectangle", touch=True)
    for corner in ((-101, 41), (-99, 39)):
        page.page.touchscreen.tap(*page.map.at(*corner))
    filters.expect_summary("1 of 4 dams")
    page.table.expect_column(0, ["East"])

    begin(page, "Rectangle", touch=True)
    touch = page.page.context.new_cdp_session(page.page)
    path = [page.map.at(*place) for place in ((-112, 41), (-110, 40), (-103, 35))]
    for kind, places in (
        ("touchStart", path[:1]), ("touchMove", path[1:2]), ("touchMove", path[2:]),
        ("touchEnd", []),
    ):  # fmt: skip
        points = [{"x": x, "y": y} for x, y in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    filters.expect_summary("2 of 4 dams")
    page.table.expect_column(0, ["South", "West"])
    assert page.map.view == view, "drawing has moved the map"
