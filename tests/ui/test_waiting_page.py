"""A page for which there is no place to wait opens by itself as soon as there is one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.servers import PATIENCE
from tests.ui.server import Server

pytestmark = pytest.mark.long


def test_a_page_that_must_try_again_later_does_so_by_itself_at_the_same_address(
    serve: Callable[..., Server], browser: Browser
) -> None:
    server = serve("--warm", "--plugins", "tests.narrow")
    page = browser.new_context().new_page()
    urlopen(server.origin + "/hold", timeout=PATIENCE).close()

    answer = page.goto(server.url + "?search=Deer")
    assert answer is not None
    assert answer.status == 503
    expect(page.get_by_role("status")).to_contain_text("Many people are opening this page")
    urlopen(server.origin + "/release", timeout=PATIENCE).close()

    expect(page.get_by_text("Deer Creek").first).to_be_visible()
    assert "search=Deer" in page.url
    server.expect_no_trouble()
