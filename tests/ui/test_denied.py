"""Browsers that deny a page what it could do without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.servers import PATIENCE
from tests.ui.browser import chromium
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import PROBE, DashboardPage
from tests.ui.server import Server
from tests.ui.tiles import TileProviders

pytestmark = pytest.mark.long

BLOCKS_SITE_DATA = {"profile": {"default_content_setting_values": {"cookies": 2}}}

OLD_AND_STRICT = """
delete AbortSignal.timeout
history.replaceState = () => { throw new DOMException("Too often.", "SecurityError") }
for (const storage of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, storage, {
        get() { throw new DOMException("Denied.", "SecurityError") },
    })
}
"""


def expect_all_works(page: DashboardPage) -> None:
    page.table.search("jordanelle")
    page.table.click_on("Jordanelle")
    page.details.expect_open("Jordanelle")
    page.press("Dark theme")
    page.map.zoom(2)
    page.open_form()
    page.form.fill(name="Kept nowhere")
    expect(page.form.field("Name")).to_have_value("Kept nowhere")


def test_a_browser_that_keeps_nothing_gets_the_whole_page(
    server: Server, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(BLOCKS_SITE_DATA))
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium(browser.browser_type, is_whole=True),
        args=["--no-sandbox"], viewport={"width": 1280, "height": 900},
    )  # fmt: skip
    try:
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(PROBE)
        window = context.new_page()
        problems: list[str] = []
        window.on("pageerror", lambda error: problems.append(str(error)))
        page = DashboardPage(window, TileProviders(context, "failure"))
        window.goto(server.url)
        page.wait_until_open()
        assert (
            window.evaluate("() => { try { return sessionStorage } catch { return null } }") is None
        )

        expect_all_works(page)

        assert problems == []
    finally:
        context.close()


def test_so_does_one_that_is_old_or_forbids_to_change_the_address(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, script=OLD_AND_STRICT)

    expect_all_works(page)
    assert page.page.url == server.url


def test_the_address_is_written_once_however_long_the_map_is_moved(
    server: Server, open_page: OpenPage
) -> None:
    counting = """
    window.written = 0
    const write = history.replaceState
    history.replaceState = function (...all) { window.written += 1; return write.apply(this, all) }
    """
    page = open_page(server, script=counting)
    x, y = page.map.centre
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for step in range(150):
        page.page.mouse.move(x + step % 50, y + step % 30)
    page.page.mouse.up()

    page.page.wait_for_function("location.search.includes('view=')")
    assert page.page.evaluate("window.written") < 20
