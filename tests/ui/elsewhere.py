"""A dashboard in a page of another program: a notebook, or a preview."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Browser, Locator, expect

from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.tiles import TILE_HOSTS, TileProviders

PATIENCE = 90
"""Seconds that a cell may take: the kernel imports everything first."""


_EDGE_OF_WHAT_SCROLLS = """element => {
    for (let one = element; one; one = one.parentNode ?? one.host) {
        if (one.nodeType !== 1 || getComputedStyle(one).overflowY !== "auto") { continue }
        if (one.scrollHeight <= one.clientHeight) { continue }
        const {left, top, bottom} = one.getBoundingClientRect()
        return [left + 4, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2]
    }
    return [4, innerHeight / 2]
}"""


class PageElsewhere(DashboardPage):
    """A dashboard around which another program has put its own page."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(viewport={"width": 1500, "height": 1300})
        self._context.set_default_timeout(PATIENCE * 1000)
        self._context.add_init_script(PROBE)
        super().__init__(self._context.new_page(), TileProviders(self._context, "tile"))

    def settle(self) -> None:
        """Do nothing: whoever looks at a cell waits for what is to come."""

    def bring(self, what: Locator) -> None:
        """Turn the wheel at the edge of what scrolls around something, until it is in view."""
        expect(what).to_be_visible()
        for _ in range(30):
            with suppress(AssertionError):
                expect(what).to_be_in_viewport(ratio=0.6, timeout=300)
                return
            edge = what.evaluate(_EDGE_OF_WHAT_SCROLLS)
            box = what.bounding_box()
            self.page.mouse.move(*edge)
            self.page.mouse.wheel(0, -150 if box and box["y"] < edge[1] else 150)
        expect(what).to_be_in_viewport(ratio=0.6)

    @property
    def strangers(self) -> set[str]:
        """The hosts that were asked for something, but for the program's and those of tiles."""
        ours = self.page.url.split("/")[2]
        return self.hosts_asked - {ours, *TILE_HOSTS}

    def close(self) -> None:
        self._context.close()


def expect_news_both_ways(elsewhere: DashboardPage, page: DashboardPage) -> None:
    """Add Hoover in a server's page and Oroville elsewhere; wait until each hears of the other's.

    Both toasts stay open at the end.
    """
    page.add_dam(name="Hoover")
    elsewhere.expect_toast('A new dam has been added: "Hoover". Reload to see it.')
    elsewhere.reload()
    expect(elsewhere.table.row("Hoover")).to_be_visible()
    page.close_toast()

    elsewhere.add_dam(name="Oroville")
    elsewhere.expect_toast('Your dam has been added: "Oroville".')
    page.expect_toast('A new dam has been added: "Oroville". Reload to see it.')
