"""The dashboard in a page of another site, by a script or in a frame."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from bokeh.embed import server_document
from playwright.sync_api import Browser, Page, expect

from dam_inventory.database.engine import open_database
from tests.ui.dashboard_page import DashboardPage
from tests.ui.examples import RunExample, expect_rows_news_and_reload
from tests.ui.host import Host, hosting
from tests.ui.server import Server
from tests.ui.tiles import TileProviders
from tests.ui.wire import Wire

LOST = "The connection to the server is lost. Reconnecting …"
RESTARTED = "The server was restarted. Reload this page to go on with the dashboard."
SHARED = """() => new Promise((resolve) => {
    const clipboard = {writeText: async (text) => resolve(text)}
    Object.defineProperty(navigator, "clipboard", {value: clipboard})
    tests.find("[id^=share]").click()
})"""


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosting() as host:
        yield host


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server], host: Host, cord: Wire) -> Server:
    return serve("--warm", *allowing(host, cord))


def allowing(host: Host, cord: Wire) -> tuple[str, ...]:
    return tuple(
        word for one in (host.address, cord.origin) for word in ("--allow-websocket-origin", one)
    )


def opened(page: Page, address: str) -> DashboardPage:
    dashboard = DashboardPage(page, TileProviders(page.context, "failure"))
    page.goto(address)
    dashboard.wait_until_open()
    dashboard.mark()
    return dashboard


def test_a_script_in_another_page_leaves_address_history_title_and_window_alone(
    run_example: RunExample, page: Page
) -> None:
    example, server = run_example("embed.py", "http://localhost:5006/dashboard")
    theirs = example.at("http://localhost:5007/")
    dashboard = opened(page, f"{theirs}?theirs=1")
    steps = page.evaluate("history.length")
    asked = len(dashboard.requests)

    dashboard.select("Jordanelle")
    dashboard.open_form()
    dashboard.form.fill(name="Heron Lake")
    dashboard.open_tab("Charts")
    server.add_dams("Announced elsewhere")
    dashboard.expect_toast('A new dam has been added: "Announced elsewhere". Reload to see it.')
    page.evaluate("damInventory.note()")
    dashboard.settle()

    assert page.url == f"{theirs}?theirs=1"
    assert page.evaluate("history.length") == steps
    assert page.title() == "Our rivers"
    expect(page.get_by_role("navigation", name="Skip")).to_have_count(0)
    assert not [url for url in dashboard.requests[asked:] if url.startswith(theirs)]
    hosts = {urlsplit(theirs).netloc, server.address, "tile.openstreetmap.org"}
    assert dashboard.hosts_asked <= hosts
    link = urlsplit(page.evaluate(SHARED))
    assert f"{link.scheme}://{link.netloc}{link.path}" == server.url
    assert parse_qs(link.query)["selected"] == [str(server.id_of("Jordanelle"))]
    # Nobody asks whether to leave: see the fixture of the page.
    page.reload()
    dashboard.wait_until_open()
    expect_rows_news_and_reload(page, server, "Hoover")


def test_a_script_of_a_server_without_its_database_leaves_the_other_page_alone(
    serve: Callable[..., Server], tmp_path: Path, host: Host, page: Page, browser: Browser
) -> None:
    file = tmp_path / "dams.db"
    open_database(f"sqlite:///{file}").dispose()
    with closing(sqlite3.connect(file)) as silent:
        silent.execute("PRAGMA locking_mode = EXCLUSIVE")
        silent.execute("BEGIN EXCLUSIVE")
        allowed = ("--allow-websocket-origin", host.address)
        server = serve(*allowed, database_url=f"sqlite:///{file}")
        host.pages["/silent"] = server_document(server.url)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{host.origin}/silent")
        page.evaluate("window.mark = true")

        expect(page.get_by_role("alert")).to_contain_text("The inventory is being opened.")
        expect(page.get_by_role("alert")).to_contain_text("Reload this page in a minute.")
        own = browser.new_page()
        own.goto(server.url)
        expect(own.get_by_role("alert")).to_contain_text("This page tries again by itself.")

    expect(own.locator("td.name").first).to_be_visible()
    own.close()
    assert page.evaluate("window.mark")
    assert not [url for url in asked if url.endswith("/health")]
    assert {urlsplit(url).netloc for url in asked} <= {server.address, host.address, ""}
    server.forgive()


@pytest.mark.long
def test_a_script_in_another_page_comes_back_and_after_a_restart_says_what_to_do(
    serve: Callable[..., Server], server: Server, host: Host, page: Page, reached: Wire
) -> None:
    host.pages["/wire"] = server_document(reached.to(server.url))
    dashboard = opened(page, f"{host.origin}/wire")
    asked = len(host.asked)

    reached.cut()
    expect(dashboard.trouble).to_have_text(LOST)
    server.add_dams("Avocet")
    reached.mend()
    expect(dashboard.trouble).to_be_hidden()
    dashboard.expect_toast('A new dam has been added: "Avocet". Reload to see it.')

    reached.cut()
    expect(dashboard.trouble).to_have_text(LOST)
    new = serve(*allowing(host, reached), database_url=server.database_url)
    reached.to(new.url)
    reached.mend()
    expect(dashboard.trouble).to_have_text(RESTARTED)
    assert dashboard.is_marked, "The page was loaded anew."
    assert host.asked[asked:] == []


def test_a_frame_in_another_page_is_a_page_of_its_own(run_example: RunExample, page: Page) -> None:
    example, server = run_example("iframe.html", "http://localhost:5006/dashboard")
    theirs = example.at("http://localhost:5007/iframe.html")
    page.goto(theirs)
    frame = page.frame_locator("iframe")
    row = frame.get_by_role("grid", name="Dams").locator("tr", has_text="Jordanelle")
    steps = page.evaluate("history.length")

    row.locator("td.name").click()
    expect(frame.get_by_role("heading", name="Jordanelle")).to_be_visible()
    page.frames[1].wait_for_url("**selected=*")

    assert page.url == theirs
    assert page.evaluate("history.length") == steps
    frame.get_by_role("button", name="Close").click()
    expect(frame.get_by_role("heading", name="Jordanelle")).to_be_hidden()
    assert page.title() == "Our rivers"
    expect_rows_news_and_reload(frame, server, "Hoover")


@pytest.mark.parametrize("path", ["/health", "/static/extensions/panel/panel.min.js"])
def test_only_allowed_sites_may_read_health_and_modules(
    server: Server, host: Host, path: str
) -> None:
    def allowed(origin: str) -> str | None:
        request = Request(server.origin + path, headers={"Origin": origin})
        with urlopen(request, timeout=20) as answer:
            assert answer.headers["Vary"] == "Origin"
            return answer.headers["Access-Control-Allow-Origin"]

    assert allowed(host.origin) == host.origin
    for other in ("https://elsewhere.example", "null", "http://["):
        assert allowed(other) is None
