"""A real Chromium against a real server; a test fails on any complaint of either."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    expect,
    sync_playwright,
)

from tests.servers import PATIENCE
from tests.ui.browser import ARGUMENTS, chromium
from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.many import fill, fill_crowd
from tests.ui.server import Server, serving
from tests.ui.tasks import fill as fill_tasks
from tests.ui.tiles import TILE_HOSTS, TileProviders
from tests.ui.wire import Wire, wire

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE * 1000)

CUT = re.compile(
    r"net::ERR_|not connected so cannot send|Could not open websocket|WebSocket connection"
)
"""What a browser says when its wire is cut, which is no fault of the page."""


OpenPage = Callable[..., DashboardPage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; while it is there, Playwright keeps tests from running a loop of their own.

    Therefore tests that need it are the last ones of each worker; see `tests/conftest.py`.
    """
    with sync_playwright() as playwright:
        found = chromium(playwright.chromium)
        if found is None:
            advice = (
                "There is no Chromium. On Debian and Ubuntu: apt-get install chromium; "
                "elsewhere: playwright install chromium"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(advice)
            pytest.skip(advice)
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start servers, with the settings that are given, and stop them at the end of all tests."""
    servers: list[Server] = []
    with ExitStack() as stack:

        def serve(*options: str, **settings: object) -> Server:
            folder = tmp_path_factory.mktemp("server")
            servers.append(stack.enter_context(serving(folder, *options, **settings)))
            return servers[-1]

        yield serve
        for server in servers:
            server.tell_to_end()


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    """A server for the tests of a file; its inventory starts with the tutorial's two dams."""
    return serve("--warm")


@pytest.fixture(scope="session")
def large_server(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server with 2,000 dams, of which nobody adds another; see `many.py`."""
    folder = tmp_path_factory.mktemp("large")
    fill(f"sqlite:///{folder / 'dams.db'}")
    return serve(database_url=f"sqlite:///{folder / 'dams.db'}")


@pytest.fixture(scope="module")
def tasks_server(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server with a few real dams; see `tasks.py`."""
    url = f"sqlite:///{tmp_path_factory.mktemp('tasks') / 'dams.db'}"
    fill_tasks(url)
    return serve(database_url=url, anonymous="administer")


@pytest.fixture(scope="module")
def rated_server(serve: Callable[..., Server]) -> Server:
    """A server with a dam of a hazard potential and a hydrograph."""
    server = serve("--warm")
    dam_id = server.add_dam("Rated", hazard_potential="High", state="Utah", county="Wasatch")
    server.assign_hydrograph(dam_id, [0, 1, 2], [1, 3, 2])
    return server


@pytest.fixture(scope="session")
def crowded_server(
    serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """A server with 6,002 dams, more than are drawn one by one; see `many.fill_crowd`."""
    folder = tmp_path_factory.mktemp("crowd")
    fill_crowd(f"sqlite:///{folder / 'dams.db'}")
    return serve(database_url=f"sqlite:///{folder / 'dams.db'}")


@pytest.fixture(scope="module")
def cord() -> Iterator[Wire]:
    with wire() as cord:
        yield cord


@pytest.fixture
def reached(cord: Wire) -> Iterator[Wire]:
    """The wire, whole at the beginning of each test."""
    cord.mend()
    yield cord
    cord.mend()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages, each of a person of their own; afterwards look for what went wrong in them."""
    visits: list[Visit] = []

    def open_page(
        server: Server,
        *,
        viewport: tuple[int, int] = (1280, 900),
        colour_scheme: Literal["light", "dark"] = "light",
        tiles: str = "failure",
        at: str | None = None,
        cookies: Mapping[str, str] | None = None,
        wire: Wire | None = None,
        login: tuple[str, str] | None = None,
        may_be_cut: bool = False,
        touch: bool = False,
        query: str = "",
        script: str = "",
    ) -> DashboardPage:
        origin = at or server.origin
        width, height = viewport
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=colour_scheme,
            has_touch=touch, is_mobile=touch,
        )  # fmt: skip
        if script:
            context.add_init_script(script)
        context.add_cookies(
            [{"name": k, "value": v, "url": origin} for k, v in (cookies or {}).items()]
        )
        url = wire.to(server.url) if wire else server.url.replace(server.origin, origin)
        url += query
        may_be_cut = may_be_cut or wire is not None
        visits.append(Visit(context, server, tiles, url, login, may_be_cut=may_be_cut))
        return visits[-1].dashboard

    yield open_page
    problems = [problem for visit in visits for problem in visit.end()]
    assert problems == []
    for server in {visit.server for visit in visits}:
        server.expect_no_trouble()


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
