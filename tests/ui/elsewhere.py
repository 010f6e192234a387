"""A dashboard in a page of another program: a notebook, or a preview."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, expect

from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.tiles import TILE_HOSTS, TileProviders

PATIENCE = 90
"""Seconds that a cell may take: the kernel imports everything first."""


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
        """Bring something into view."""
        what.scroll_into_view_if_needed()
        expect(what).to_be_visible()

    @property
    def strangers(self) -> set[str]:
        """The hosts that were asked for something, but for the program's and those of tiles."""
        ours = self.page.url.split("/")[2]
        return self.hosts_asked - {ours, *TILE_HOSTS}

    def close(self) -> None:
        self._context.close()
