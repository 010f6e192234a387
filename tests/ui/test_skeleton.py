"""What a person sees before the page is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.server import Server
from tests.ui.tiles import TileProviders

SHIFTS = """
window.shifts = 0
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) { shifts += one.value }
}).observe({type: "layout-shift", buffered: true})
"""
KEEP = "for (const [key, value] of Object.entries(%s)) localStorage.setItem(key, value)"
GROUND = "element => getComputedStyle(element).backgroundColor"


class Opening:
    """A page whose scripts wait until a test lets them come."""

    def __init__(self, context: BrowserContext, server: Server, *, is_refused: bool) -> None:
        self.page: Page = context.new_page()
        self.tiles = TileProviders(context, "failure")
        self.held: list[Route] = []
        self.is_free = False
        self.page.route("**/bokeh.min.js*", self._on_script)
        if is_refused:
            self.page.route_web_socket("**/ws*", lambda socket: socket.close(code=1011))
        self.page.goto(server.url, wait_until="commit")
        self.skeleton = self.page.locator("#skeleton")

    def _on_script(self, route: Route) -> None:
        if self.is_free:
            route.continue_()
        else:
            self.held.append(route)

    def release(self) -> None:
        self.is_free = True
        for route in self.held:
            route.continue_()

    def finish(self) -> DashboardPage:
        self.release()
        dashboard = DashboardPage(self.page, self.tiles)
        dashboard.wait_until_open()
        return dashboard


@pytest.fixture
def opening(browser: Browser, server: Server) -> Iterator[Callable[..., Opening]]:
    contexts: list[BrowserContext] = []

    def opening(
        size: tuple[int, int] = (1280, 900),
        kept: Mapping[str, str] = MappingProxyType({}),
        *,
        is_refused: bool = False,
    ) -> Opening:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        for script in (PROBE, SHIFTS, KEEP % dict(kept)):
            context.add_init_script(script)
        return Opening(context, server, is_refused=is_refused)

    yield opening
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [(1280, 900), (820, 1180), (390, 844)], ids=str)
def test_the_page_takes_the_place_of_its_skeleton_and_nothing_jumps(opening, size):
    page = opening(size)
    skeleton = page.skeleton
    expect(skeleton.get_by_text("Dam Inventory")).to_be_in_viewport(ratio=1)
    expect(skeleton.get_by_role("status")).to_have_text("Loading …")
    boxes = {name: skeleton.locator(f".skeleton-{name}").bounding_box() for name in ("map", "dock")}
    title = skeleton.locator(".skeleton-title").bounding_box()
    dashboard = page.finish()

    for name, box in boxes.items():
        drawn = page.page.locator(f".{name}").first.bounding_box()
        assert drawn == pytest.approx(box, abs=1), name
    drawn = page.page.get_by_role("heading", level=1).bounding_box()
    assert (drawn["x"], drawn["y"]) == pytest.approx((title["x"], title["y"]), abs=2)
    dashboard.settle()
    assert page.page.evaluate("shifts") < 0.001


def test_the_skeleton_of_a_low_window_has_no_panel_as_the_page(opening):
    page = opening((360, 225))
    expect(page.skeleton).to_be_visible()
    box = page.skeleton.locator(".skeleton-map").bounding_box()

    dashboard = page.finish()

    assert page.page.locator(".map").first.bounding_box() == pytest.approx(box, abs=1)
    dashboard.settle()
    assert page.page.evaluate("shifts") < 0.001


def test_the_skeleton_is_as_dark_as_the_page_and_as_the_person_left_it(opening):
    kept = {
        "dam_inventory.theme": "dark",
        "dam_inventory.filters": "closed",
        "dam_inventory.panel": "0",
    }
    page = opening(kept=kept)
    expect(page.skeleton).to_be_visible()
    ground = page.skeleton.evaluate(GROUND)
    expect(page.skeleton.locator(".skeleton-rail")).to_be_hidden()
    box = page.skeleton.locator(".skeleton-map").bounding_box()
    page.page.evaluate(
        """() => new MutationObserver(() => {
            window.ground ??= document.getElementById("skeleton") ? undefined
                : getComputedStyle(document.body).backgroundColor
        }).observe(document.body, {childList: true})"""
    )

    page.finish()

    assert page.page.evaluate("ground") == ground == "rgb(18, 18, 18)"
    assert page.page.locator(".map").first.bounding_box() == pytest.approx(box, abs=1)


def test_nothing_behind_the_skeleton_gets_the_focus(opening):
    page = opening()
    expect(page.skeleton).to_be_visible()
    page.page.evaluate("document.body.append(document.createElement('button'))")

    page.page.keyboard.press("Tab")

    assert page.page.evaluate("document.activeElement === document.body")


def test_a_page_that_gets_no_connection_says_so(opening):
    page = opening(is_refused=True)
    expect(page.skeleton.get_by_role("status")).to_have_text("Loading …")

    page.release()

    expect(page.skeleton).to_contain_text(
        "The server could not be reached. Reload the page in a moment."
    )
