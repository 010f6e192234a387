"""The page scrolls, by wheel, keys and touch, and nothing traps whoever scrolls it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import HEADER, DashboardPage
from tests.ui.server import Server

SIZES = [(390, 844), (1280, 800), (1000, 400)]
OTHER_SIZES = [
    (320, 480), (640, 400), (844, 390), (1366, 640), (1920, 1080), (2560, 1440), (320, 256),
]  # fmt: skip
PHONE = (390, 844)
AT_END = "scrollY > 0 && scrollY + innerHeight >= document.scrollingElement.scrollHeight - 2"
FINGER = 32
"""Pixels that a strip must have for somebody to put a finger on it."""


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


def press_until(page: DashboardPage, key: str, is_true: str) -> None:
    """Press a key again and again, as somebody does who looks where it leads."""
    for _ in range(60):
        if page.page.evaluate(is_true):
            return
        page.page.keyboard.press(key)
        page.page.evaluate("() => new Promise(done => setTimeout(done, 100))")
    raise AssertionError(f"{key} does not lead to where {is_true}.")


def at_hand(what: Locator) -> Callable[[], bool]:
    return lambda: what.evaluate("element => tests.isAtHand(element)")


def scrolled(page: DashboardPage) -> float:
    return page.page.evaluate("scrollY")


@pytest.mark.parametrize(
    "size",
    [*SIZES, *(pytest.param(one, marks=pytest.mark.long) for one in OTHER_SIZES)],
    ids=str,
)
def test_the_wheel_and_the_keys_lead_to_the_pager_and_back_at_every_size(
    large_server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(large_server, viewport=size)
    pager = page.button("Next page")
    expect_room_to_scroll(page, size)

    # Right after the page was loaded, when nothing has the focus.
    for there, back in (("End", "Home"), ("PageDown", "PageUp"), ("Space", "Shift+Space")):
        press_until(page, there, AT_END)
        assert at_hand(pager)()
        press_until(page, back, "scrollY === 0")
    press_until(page, "ArrowDown", "scrollY > 0")

    page.table.next_page()
    page.table.expect_range(11, 20, of=2_000)
    page.page.mouse.click(4, size[1] / 2)
    press_until(page, "Home", "scrollY === 0")


def expect_room_to_scroll(page: DashboardPage, size: tuple[int, int]) -> None:
    """Fail when the map leaves no place for a finger, or when something lies over it."""
    the_map, search = page.map.box.bounding_box(), page.table.search_field.bounding_box()
    assert the_map is not None
    assert search is not None
    bottom = the_map["y"] + the_map["height"]
    assert size[1] - bottom >= FINGER
    assert search["y"] >= bottom
    # As far from the left edge of the window as from the right one, and without a frame.
    assert the_map["x"] == pytest.approx(size[0] - the_map["x"] - the_map["width"], abs=1)
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
def test_after_a_plot_was_opened_one_can_scroll_back_to_the_map_and_close_it(
    server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    name = f"Plotted {size}"
    server.assign_hydrograph(server.add_dam(name), [0, 1], [1, 2])
    page = open_page(server, viewport=size)
    page.table.search(name)
    page.press(f"Plot the hydrograph of {name}")
    expect(page.sheet.figure).to_be_visible()
    page.settle()

    page.map.see()
    assert scrolled(page) <= HEADER

    page.sheet.close()


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
