"""The page never scrolls, and each of its panes does: by wheel, keys and touch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server

SIZES = [(390, 844), (1280, 800), (1000, 400)]
OTHER_SIZES = [
    (320, 480), (640, 400), (844, 390), (1366, 640), (1920, 1080), (2560, 1440), (320, 256),
]  # fmt: skip
PHONE = (390, 844)


def swipe_until(page: DashboardPage, is_seen: Callable[[], bool], at: tuple[int, int]) -> None:
    """Swipe up from a place in the window until something is seen."""
    touch = page.page.context.new_cdp_session(page.page)

    def put(kind: str, *places: tuple[int, int]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for _ in range(20):
        if is_seen():
            return
        x, y = at
        put("touchStart", at)
        for higher in range(20, 200, 20):
            put("touchMove", (x, y - higher))
            page.page.evaluate("() => new Promise(requestAnimationFrame)")
        put("touchEnd")
        page.page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("Swipes do not bring it into view.")


def at_hand(what: Locator) -> Callable[[], bool]:
    return lambda: what.evaluate("element => tests.isAtHand(element)")


@pytest.mark.parametrize(
    "size",
    [*SIZES, *(pytest.param(one, marks=pytest.mark.long) for one in OTHER_SIZES)],
    ids=str,
)
def test_the_wheel_leads_to_the_pager_and_nothing_overlaps_at_every_size(
    large_server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    # A low window begins with a folded panel, which has no table to turn the pages of.
    half = "localStorage.setItem('dam_inventory.panel', '0.45')" if size[1] < 320 else ""
    page = open_page(large_server, viewport=size, script=half)
    expect_panes(page, size)

    page.table.next_page()

    page.table.expect_range(11, 20, of=2_000)
    page.page.keyboard.press("End")
    page.page.mouse.move(size[0] / 2, size[1] - 20)
    page.page.mouse.wheel(0, 5_000)
    page.settle()
    assert page.page.evaluate("scrollY") == 0
    expect_panes(page, size)


def expect_panes(page: DashboardPage, size: tuple[int, int]) -> None:
    """Fail unless the map and the panel below it fill the window side by side."""
    the_map, tabs = page.map.box.bounding_box(), page.page.locator(".dock").bounding_box()
    assert the_map is not None
    assert tabs is not None
    assert the_map["height"] > 20
    assert tabs["y"] == pytest.approx(the_map["y"] + the_map["height"], abs=1)
    assert tabs["y"] + tabs["height"] < size[1]
    assert the_map["x"] + the_map["width"] == pytest.approx(size[0], abs=1)
    assert page.map.frame["width"] == pytest.approx(the_map["width"], abs=1)
    page.expect_nothing_wider_than(size[0])


def test_on_a_phone_swipes_lead_to_the_button_that_saves_an_edit(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Swiped", latitude=40.52)
    page = open_page(server, viewport=PHONE, touch=True, query=f"?selected={dam_id}")
    page.details.expect_open("Swiped")
    side = page.page.locator(".side")
    below = (PHONE[0] // 2, PHONE[1] - 60)
    swipe_until(page, at_hand(page.button("Edit")), below)
    page.button("Edit").tap()
    page.edit_form.wait_for()
    page.settle()

    swipe_until(page, at_hand(page.button("Save")), below)
    page.button("Save").tap()

    page.edit_form.expect_closed()
    expect(side).to_be_visible()
    page.details.close()
    swipe_until(page, at_hand(page.button("Next page")), below)


def test_swipes_lead_past_the_map_also_when_a_phone_is_held_sideways(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server, viewport=(844, 390), touch=True)
    view = page.map.view

    swipe_until(page, at_hand(page.button("Next page")), (422, 360))
    page.button("Next page").tap()

    page.table.expect_range(11, 20, of=2_000)
    assert page.map.view == view


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (844, 390)], ids=str)
def test_a_plot_leaves_the_map_in_sight_and_can_be_closed(
    server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    name = f"Plotted {size}"
    server.assign_hydrograph(server.add_dam(name), [0, 1], [1, 2])
    page = open_page(server, viewport=size)
    page.table.search(name)
    if size[0] >= 768:
        page.press(f"Plot the hydrograph of {name}")
    else:  # The table of a phone has no column for it.
        page.table.click_on(name)
        page.press("Hydrograph")
    expect(page.sheet.figure).to_be_visible()
    page.settle()

    page.map.see()

    page.sheet.close()
    expect(page.table.search_field).to_be_visible()


def test_the_land_is_drawn_the_same_while_one_drags_the_map(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, tiles="failure")
    x, y = page.map.centre
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for step in range(1, 6):
        page.page.mouse.move(x + 10 * step, y)
        page.page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.map.ground() == (0xFA, 0xF8, 0xF3)
    page.page.mouse.up()
