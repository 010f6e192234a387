"""The page in Jupyter's preview of Panel, beside a page of a server on the same database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from dam_inventory.config.settings import PREFIX
from tests.starting import ROOT
from tests.ui.conftest import OpenPage
from tests.ui.elsewhere import PATIENCE, PageElsewhere, expect_news_both_ways
from tests.ui.jupyter import jupyter
from tests.ui.server import Server

pytestmark = pytest.mark.long


@pytest.fixture
def preview(browser: Browser, server: Server, tmp_path: Path) -> Iterator[PageElsewhere]:
    shutil.copy(ROOT / "dashboard.py", tmp_path)
    database = {f"{PREFIX}DATABASE_URL": server.database_url}
    with jupyter("jupyterlab", tmp_path, [], **database) as address:
        page = PageElsewhere(browser)
        page.page.goto(urljoin(address, "/panel-preview/render/dashboard.py"))
        yield page
        page.close()


def test_the_preview_of_the_page_works_on_the_dams_of_a_server_offline(
    preview: PageElsewhere, server: Server, open_page: OpenPage
) -> None:
    expect.set_options(timeout=PATIENCE * 1000)
    page = open_page(server)
    preview.table.row("Deer Creek").click()
    preview.details.expect_open("Deer Creek")
    preview.map.expect_dam("Deer Creek")

    expect_news_both_ways(preview, page)
    assert preview.strangers == set()
