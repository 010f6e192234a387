"""Examples of more than one app or server: see also test_other_servers.py, test_embedded.py."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import OpenPage
from tests.ui.examples import RunExample, expect_rows_news_and_reload

pytestmark = pytest.mark.long


def test_several_apps_share_a_server(
    run_example: RunExample, open_page: OpenPage, page: Page
) -> None:
    example, server = run_example("several_apps.py", "http://localhost:5006/dams")

    page.goto(example.at("http://localhost:5006/acre-feet"))
    volume = page.get_by_role("textbox")
    volume.fill("2000")
    volume.press("Enter")
    expect(page.get_by_text("2,466,964 m³")).to_be_visible()

    page.goto(example.at("http://localhost:5006/"))
    page.locator("a[href*=dams]").click()
    expect_rows_news_and_reload(page, server, "Hoover")
    expect_rows_news_and_reload(open_page(server).page, server, "Shasta")


def test_nginx_has_the_dashboard_beside_a_django_site(run_example: RunExample, page: Page) -> None:
    example, server = run_example("beside_django.conf", "http://localhost:8080/dams/dashboard")

    page.goto(example.at("http://localhost:8080/"))
    expect(page.get_by_role("heading", name="Our rivers")).to_be_visible()
    expect_rows_news_and_reload(page.frame_locator("iframe"), server, "Hoover")
    page.goto(server.url)
    expect_rows_news_and_reload(page, server, "Shasta")


def test_a_proxy_may_remove_the_path_of_the_dashboard(
    run_example: RunExample, open_page: OpenPage
) -> None:
    _, server = run_example("path_removed.conf", "http://localhost:8080/dams/dashboard")

    with urlopen(f"{server.origin}/api") as answer:
        links = {one["href"] for one in json.load(answer)["links"]}
    assert f"{server.origin}/api/conformance" in {one.partition("?")[0] for one in links}
    expect_rows_news_and_reload(open_page(server).page, server, "Hoover")
