"""A real Chromium against a real server; a test fails on any complaint of either."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    Page,
    expect,
    sync_playwright,
)

from tests.servers import PATIENCE
from tests.ui.browser import ARGUMENTS, chromium
from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.examples import Example, RunExample, running
from tests.ui.many import fill, fill_crowd
from tests.ui.server import Server, serving
from tests.ui.tasks import fill as fill_tasks
from tests.ui.visit import Visit
from tests.ui.wire import Wire, wire

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE * 1000)

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


@pytest.fixture(scope="module")
def run_example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunExample]:
    """Run examples until the end of a file's tests. address: of the dashboard, as it is written."""
    with ExitStack() as stack:

        def run(name: str, address: str) -> tuple[Example, Server]:
            example = Example(tmp_path_factory.mktemp("example"), name)
            return example, stack.enter_context(running(example, address))

        yield run


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may be of any site; afterwards look for errors and questions in it."""
    problems: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 1100})
    context.add_init_script(PROBE)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(f"{error}\n{error.stack}"))
    page.on("dialog", lambda dialog: problems.append(dialog.type))
    yield page
    context.close()
    assert problems == []
