"""What a browser loads when a person comes for the first time, and when they come again."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Iterator
from http.client import HTTPMessage
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from tests.ui.server import Server

MOST_BYTES = 1_600_000
MOST_REQUESTS = 30
BUNDLE = re.compile(r"panel-material-ui\.bundle\.js")


class Loaded:
    """The answers that a page gets from its server, and their bytes as they come over the wire."""

    def __init__(self, page: Page, server: Server) -> None:
        self._origin = server.origin
        self._urls: dict[str, str] = {}
        self._bytes: dict[str, float] = {}
        self._kept: set[str] = set()
        self.asked_before_described: list[str] = []
        self._is_described = False
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.requestWillBeSent", self._on_request)
        network.on("Network.webSocketFrameReceived", self._on_frame)
        network.on("Network.responseReceived", self._on_answer)
        network.on("Network.loadingFinished", self._on_end)
        network.on("Network.requestServedFromCache", self._on_kept)

    def _on_request(self, event: dict[str, Any]) -> None:
        if not self._is_described:
            self.asked_before_described.append(event["request"]["url"])

    def _on_frame(self, event: dict[str, Any]) -> None:
        self._is_described |= '"roots"' in event["response"]["payloadData"]

    def _on_answer(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        is_kept = answer.get("fromDiskCache") or event["requestId"] in self._kept
        if answer["url"].startswith(self._origin) and not is_kept:
            self._urls[event["requestId"]] = answer["url"]

    def _on_kept(self, event: dict[str, Any]) -> None:
        self._kept.add(event["requestId"])

    def _on_end(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] = event["encodedDataLength"]

    @property
    def urls(self) -> list[str]:
        return [*self._urls.values()]

    @property
    def bytes(self) -> float:
        return sum(self._bytes.get(one, 0) for one in self._urls)


@pytest.fixture
def visited(browser: Browser, server: Server) -> Iterator[tuple[Page, Loaded]]:
    # No requests are answered in place of others: Playwright would turn the browser's cache off.
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    loaded = Loaded(page, server)
    page.goto(server.url)
    page.wait_for_selector("td.name")
    page.wait_for_selector("#skeleton", state="detached")
    yield page, loaded
    context.close()


def ask(url: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture
def script(server: Server) -> str:
    """The address of a script of the page."""
    _, _, page = ask(server.url)
    found = re.search(r'src="([^"]*bokeh\.min\.js[^"]*)"', page.decode())
    assert found is not None
    return urljoin(server.url, found[1])


def test_a_first_visit_loads_little(visited: tuple[Page, Loaded]):
    _, loaded = visited

    assert 0 < loaded.bytes <= MOST_BYTES
    assert len(loaded.urls) <= MOST_REQUESTS


def test_what_the_page_does_not_use_is_left_out(visited: tuple[Page, Loaded]):
    _, loaded = visited

    unused = re.compile("tabulator|luxon|bokeh-gl|mathjax|material-icons|cyrillic|greek|vietnamese")
    assert [one for one in loaded.urls if unused.search(one)] == []


def test_what_draws_the_page_is_on_its_way_while_the_server_describes_the_page(
    visited: tuple[Page, Loaded],
):
    _, loaded = visited

    assert len([one for one in loaded.asked_before_described if BUNDLE.search(one)]) == 1
    assert len([one for one in loaded.urls if BUNDLE.search(one)]) == 1


def test_a_second_visit_loads_no_script_again(server: Server, visited: tuple[Page, Loaded]):
    page, first = visited
    assert any(BUNDLE.search(one) for one in first.urls)
    again = Loaded(page, server)

    page.goto(page.url)
    page.wait_for_selector("td.name")

    scripts = [one for one in again.urls if re.search(r"\.min\.js\?|bundle|woff2", one)]
    assert scripts == []


def test_a_script_is_sent_packed(script: str):
    _, headers, packed = ask(script, Accept_Encoding="gzip")
    _, plain_headers, plain = ask(script)

    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert "Content-Encoding" not in plain_headers
    assert headers["ETag"] != plain_headers["ETag"]
    assert "Accept-Encoding" in headers["Vary"]
    assert "Accept-Encoding" in plain_headers["Vary"]


def test_a_script_that_a_browser_has_is_not_sent_again(script: str):
    _, headers, _ = ask(script, Accept_Encoding="gzip")

    status, _, body = ask(script, Accept_Encoding="gzip", If_None_Match=headers["ETag"])

    assert (status, body) == (304, b"")


def test_a_part_of_a_script_is_sent_as_it_is(script: str):
    _, _, whole = ask(script)

    status, headers, part = ask(script, Accept_Encoding="gzip", Range="bytes=10-19")

    assert (status, part) == (206, whole[10:20])
    assert "Content-Encoding" not in headers


def test_a_browser_keeps_only_what_its_address_names(script: str):
    _, named, _ = ask(script)
    _, unnamed, _ = ask(script.partition("?")[0])

    assert named["Cache-Control"] == "max-age=31536000"
    assert "Cache-Control" not in unnamed


@pytest.mark.parametrize("path", ["static/js/none.js", "static/extensions/panel/none.js"])
def test_a_file_that_is_not_there_is_refused(server: Server, path: str):
    status, _, _ = ask(urljoin(server.url, path), Accept_Encoding="gzip")

    assert status == 404


@pytest.mark.parametrize(
    "path", ["static/extensions/panel/..%2f__init__.py", "static/..%2f__init__.py"]
)
def test_no_other_file_of_the_machine_is_sent(server: Server, path: str):
    mark = server.mark

    status, _, _ = ask(urljoin(server.url, path), Accept_Encoding="gzip")

    assert status == 403
    server.expect_complaint(r"tornado.access: 403 GET", mark)
