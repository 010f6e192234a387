"""One person at one page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage

from tests.servers import PATIENCE
from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.server import Server
from tests.ui.tiles import TILE_HOSTS, TileProviders

CUT = re.compile(
    r"net::ERR_|not connected so cannot send|Could not open websocket|WebSocket connection"
)
"""What a browser says when its wire is cut, which is no fault of the page."""


class Visit:
    """One person at one page, in a context of their own, and what their browser complains of."""

    def __init__(
        self,
        context: BrowserContext,
        server: Server,
        tiles: str,
        url: str,
        login: tuple[str, str] | None,
        *,
        may_be_cut: bool,
    ) -> None:
        self.server = server
        self._url = url
        self._may_be_cut = may_be_cut
        self._context = context
        self._problems: list[str] = []
        context.add_init_script(PROBE)
        context.set_default_timeout(PATIENCE * 1000)
        providers = TileProviders(context, tiles)
        page = context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._problems.append(f"{error}\n{error.stack}"))
        self.dashboard = DashboardPage(page, providers)
        page.goto(url)
        if login is not None:
            self.dashboard.log_in(*login)
        self.dashboard.wait_until_open()

    def end(self) -> list[str]:
        """Close the page, and return what went wrong in it."""
        strangers = self.dashboard.hosts_asked - {urlsplit(self._url).netloc, *TILE_HOSTS}
        self._context.close()
        return self._problems + [f"A request left for {host}." for host in strangers]

    def _on_console(self, message: ConsoleMessage) -> None:
        is_tile = urlsplit(message.location["url"]).hostname in TILE_HOSTS
        is_cut = self._may_be_cut and CUT.search(message.text)
        if message.type == "error" and not is_tile and not is_cut:
            self._problems.append(f"{message.text} ({message.location['url']})")
