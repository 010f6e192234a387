"""The dashboard in a real marimo, whose notebook is the one of the guide."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.guide import DATABASE, blocks
from tests.starting import answers_http, clean_environment, free_port, start, stop, wait_until_up
from tests.ui.conftest import OpenPage
from tests.ui.elsewhere import PATIENCE, PageElsewhere, expect_news_both_ways
from tests.ui.import_on_page import ImportOnPage
from tests.ui.server import Server, dam

pytestmark = pytest.mark.long

FILTER = 'inventory.store.filter.search = ""'
COUNT = """
    import threading
    print(sum(one.name == "changefeed" for one in threading.enumerate()), "feeds")"""

OpenMarimo = Callable[..., "MarimoPage"]


class MarimoPage(PageElsewhere):
    """A page of marimo."""

    def __init__(self, browser: Browser, address: str) -> None:
        super().__init__(browser)
        self.page.goto(address)

    def run_all(self) -> None:
        """Run all cells of a notebook that is edited."""
        expect(self.page.locator(".cm-content").first).to_be_visible()
        self.page.keyboard.press("Control+Shift+R")

    def run_first(self) -> None:
        """Run the cell that shows the dashboard again, and those that follow from it."""
        self.page.locator(".cm-content").first.click()
        self.page.keyboard.press("Control+Enter")


@contextmanager
def marimo(mode: str, folder: Path, database_url: str, anonymous: str) -> Iterator[str]:
    """Serve the guide's notebook until the block ends; return its address.

    mode: "edit" or "run". anonymous: what the person at the notebook may do.
    """
    [notebook] = blocks("marimo")
    notebook = notebook.replace(DATABASE, database_url).replace(FILTER, FILTER + COUNT)
    opened = f'open_inventory("{database_url}"'
    notebook = notebook.replace(opened, f'{opened}, anonymous="{anonymous}"')
    (folder / "dams.py").write_text(notebook, "utf-8")
    port, log = free_port(), folder / "log"
    command = [
        *(sys.executable, "-m", "marimo", mode, "--headless", "--no-token"),
        *("--host", "127.0.0.1", "--port", str(port), "dams.py"),
    ]
    homes = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    environment = {**clean_environment(), **dict.fromkeys(homes, str(folder))}
    process = start(command, folder, log, environment)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, lambda: answers_http(f"{address}/health"), log)
        yield address
    finally:
        stop(process)


@pytest.fixture
def open_marimo(browser: Browser, tmp_path: Path) -> Iterator[OpenMarimo]:
    """Open the guide's notebook on a server's database."""
    expect.set_options(timeout=PATIENCE * 1000)
    with ExitStack() as stack:

        def open_marimo(mode: str, server: Server, anonymous: str = "add") -> MarimoPage:
            address = stack.enter_context(marimo(mode, tmp_path, server.database_url, anonymous))
            page = MarimoPage(browser, address)
            stack.callback(page.close)
            return page

        yield open_marimo


def test_a_notebook_and_a_page_of_a_server_work_on_the_same_dams(
    server: Server, open_marimo: OpenMarimo, open_page: OpenPage
) -> None:
    notebook, page = open_marimo("edit", server), open_page(server)
    notebook.run_all()
    notebook.table.row("Deer Creek").click()
    notebook.details.expect_open("Deer Creek")

    expect_news_both_ways(notebook, page)

    # Cells that run again leave nothing of their last run.
    notebook.close_toast()
    notebook.run_first()
    notebook.details.expect_closed()
    notebook.table.row("Oroville").click()
    notebook.details.expect_open("Oroville")
    expect(notebook.page.get_by_text("1 feeds", exact=True)).to_be_visible()
    # Style sheets without which the page works as well.
    assert notebook.strangers <= {"cdn.holoviz.org"}


def test_pages_of_marimo_run_are_apart(
    server: Server, open_marimo: OpenMarimo, browser: Browser
) -> None:
    first = open_marimo("run", server)
    expect(first.table.row("Deer Creek")).to_be_visible()
    other = MarimoPage(browser, first.page.url)
    expect(other.table.row("Deer Creek")).to_be_visible()

    server.inventory.add(dam("Shasta"))

    for page in (first, other):
        page.expect_toast('A new dam has been added: "Shasta". Reload to see it.')
        page.reload()
        expect(page.table.row("Shasta")).to_be_visible()
    other.close()


@pytest.mark.parametrize("mode", ["edit", "run"])
def test_a_file_is_imported_and_undone(
    server: Server, open_marimo: OpenMarimo, tmp_path: Path, mode: str
) -> None:
    notebook = open_marimo(mode, server, anonymous="administer")
    if mode == "edit":
        notebook.run_all()
    expect(notebook.table.row("Deer Creek")).to_be_visible()
    before = server.inventory.count()
    card = ImportOnPage(notebook)
    card.open()
    card.cancel_an_upload(tmp_path)

    card.import_many(server)
    card.undo()

    assert server.inventory.count() == before
