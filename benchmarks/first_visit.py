"""What a first visit costs on a slow line: bytes, requests, and the time until the map is drawn."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from typing import Any

from _chromium import drawing, launch, wait_until_drawn
from _servers import HERE, Server, dashboard, machine, panel, table
from playwright.sync_api import Browser, Page, sync_playwright

EMPTY, OURS = "empty Page and map", "dashboard"
LINE = {
    "offline": False,
    "latency": 40,
    "downloadThroughput": 10e6 / 8,
    "uploadThroughput": 10e6 / 8,
}
"""10 Mbit/s each way, and 40 ms."""


class Visit:
    """One page in a browser that has never been here."""

    def __init__(self, page: Page) -> None:
        self.drawn = 0.0
        self.skeleton = 0.0
        self.websocket = 0
        self._bytes: dict[str, float] = {}
        self._asked: set[str] = set()
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", LINE)
        network.on("Network.responseReceived", self._on_answer)
        network.on("Network.loadingFinished", self._on_end)
        network.on("Network.webSocketFrameReceived", self._on_frame)

    def _on_answer(self, event: dict[str, Any]) -> None:
        if event["response"]["url"].startswith("http"):
            self._asked.add(event["requestId"])

    def _on_end(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] = event["encodedDataLength"]

    def _on_frame(self, event: dict[str, Any]) -> None:
        self.websocket += len(event["response"]["payloadData"])

    @property
    def requests(self) -> int:
        return len(self._asked)

    @property
    def bytes(self) -> float:
        return sum(self._bytes.get(one, 0) for one in self._asked)


def _visit(browser: Browser, server: Server, *, needs_points: bool) -> Visit:
    with drawing(browser, needs_points=needs_points) as context:
        page = context.new_page()
        visit = Visit(page)
        page.goto(server.url)
        visit.drawn = wait_until_drawn(page)
        paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
        visit.skeleton = page.evaluate(paint)
        page.wait_for_timeout(1000)
        return visit


def _rows(visits: dict[str, list[Visit]]) -> Iterator[list[str]]:
    for name, some in visits.items():
        yield [
            name,
            f"{median(one.bytes for one in some) / 1e6:.2f}",
            f"{median(one.requests for one in some):.0f}",
            f"{median(one.websocket for one in some) / 1e6:.2f}",
            f"{median(one.skeleton for one in some) / 1000:.2f}",
            f"{median(one.drawn for one in some) / 1000:.2f}",
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer visits")
    number = 3 if parser.parse_args().quick else 15
    visits: dict[str, list[Visit]] = {EMPTY: [], OURS: []}
    with ExitStack() as stack, sync_playwright() as playwright:
        servers = {
            EMPTY: stack.enter_context(panel(HERE / "_empty_page.py")),
            OURS: stack.enter_context(dashboard()),
        }
        browser = launch(playwright)
        for turn in range(1 + number):
            for name, server in servers.items():
                visit = _visit(browser, server, needs_points=name == OURS)
                if turn:
                    visits[name].append(visit)
        browser.close()
    print(f"{machine()}\nMedians of {number} first visits over 10 Mbit/s with 40 ms.\n")
    header = ["page", "MB", "requests", "websocket, MB", "first paint, s", "drawn after, s"]
    print(table(header, list(_rows(visits))))


if __name__ == "__main__":
    main()
