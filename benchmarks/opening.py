"""What opening a session costs: CPU, memory, bytes and time to a drawn map."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean, median

from _chromium import drawing, launch, wait_until_drawn
from _client import BokehSession
from _servers import HERE, NID_FILE, Server, dashboard, import_nid, machine, panel, table
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

EMPTY, FEW, MANY = "empty Page and map", "2 dams", "91,457 dams"
WARM_UP = 4
STEP = 10
UNTIL_FORGOTTEN = 25
"""Seconds until a Bokeh server has discarded the sessions of closed pages."""


class Costs:
    """The measurements of one page."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.drawn: list[float] = []
        self.cpu_drawn: list[float] = []
        self.memory: list[int] = []
        self.received: list[int] = []


async def open_sessions(servers: dict[str, Server], costs: dict[str, Costs], number: int) -> None:
    """Open sessions in all servers in turn, and keep them open until the end."""
    sessions = []
    for turn in range(WARM_UP + number):
        for name, server in servers.items():
            used = server.cpu()
            sessions.append(await BokehSession.open(server.port, server.path))
            await asyncio.sleep(0.02)
            if turn >= WARM_UP:
                costs[name].cpu.append(server.cpu() - used)
            if (turn - WARM_UP) % STEP == STEP - 1:
                costs[name].memory.append(server.memory())
    await asyncio.gather(*(session.socket.close() for session in sessions))


def _steepest(memory: list[int]) -> str:
    """Return the megabytes per session where memory grows fastest, over a third of all sessions.

    The first sessions use memory that was freed after reading the database, and seem to need
    none. So a short run returns no figure.
    """
    span = len(memory) // 3
    if span < 3:
        return "-"
    grown = [end - start for start, end in zip(memory, memory[span:], strict=False)]
    return f"{max(grown) / (span * STEP) / 1e6:.2f}"


def draw_pages(
    browser: Browser, servers: dict[str, Server], costs: dict[str, Costs], number: int
) -> None:
    with ExitStack() as stack:
        contexts = {}
        for name in servers:
            contexts[name] = stack.enter_context(drawing(browser, needs_points=name != EMPTY))
        for turn in range(1 + number):
            for name, server in servers.items():
                used = server.cpu()
                drawn, received = _draw_once(contexts[name], server)
                if turn:
                    costs[name].drawn.append(drawn)
                    costs[name].received.append(received)
                    costs[name].cpu_drawn.append(server.cpu() - used)


def _draw_once(context: BrowserContext, server: Server) -> tuple[float, int]:
    """Return the milliseconds until a fresh page was drawn, and the bytes on its websocket."""
    page = context.new_page()
    received = _count_received(page)
    page.goto(server.url)
    drawn = wait_until_drawn(page)
    page.wait_for_timeout(1000)
    page.close()
    return drawn, sum(received)


def _count_received(page: Page) -> list[int]:
    received: list[int] = []

    def count(data: str | bytes) -> None:
        received.append(len(data.encode() if isinstance(data, str) else data))

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    return received


@contextmanager
def _running(file: Path | None) -> Iterator[dict[str, Server]]:
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder, ExitStack() as stack:
        servers = {EMPTY: panel(HERE / "_empty_page.py"), FEW: dashboard()}
        if file is not None:
            database = Path(folder) / "nid.db"
            import_nid(file, database)
            servers[MANY] = dashboard(database=database)
        yield {name: stack.enter_context(server) for name, server in servers.items()}


def _rows(costs: dict[str, Costs]) -> Iterator[list[str]]:
    base = costs[EMPTY]
    for name, cost in costs.items():
        yield [
            name,
            f"{mean(cost.cpu) * 1000:.0f}",
            f"{mean(cost.cpu) / mean(base.cpu):.2f}",
            f"{median(cost.cpu_drawn) * 1000:.0f}",
            f"{median(cost.cpu_drawn) / median(base.cpu_drawn):.2f}",
            f"{median(cost.drawn) / 1000:.2f}",
            f"{median(cost.drawn) / median(base.drawn):.2f}",
            _steepest(cost.memory),
            f"{median(cost.received) / 1e6:.2f}",
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer sessions and pages")
    options = parser.parse_args()
    sessions, pages = (20, 3) if options.quick else (150, 15)
    file = NID_FILE if NID_FILE.exists() else None
    if file is None:
        print(f"{NID_FILE} was not found. Set NID_FILE to measure {MANY}, too.\n")

    with _running(file) as servers:
        costs = {name: Costs() for name in servers}
        with sync_playwright() as playwright:
            browser = launch(playwright)
            draw_pages(browser, servers, costs, pages)
            browser.close()
        time.sleep(UNTIL_FORGOTTEN)
        asyncio.run(open_sessions(servers, costs, sessions))
    print(f"{machine()}\nMeans of {sessions} sessions; in Chromium, medians of {pages} pages.\n")
    header = [
        "page", "CPU, ms", "of empty", "CPU with Chromium, ms", "of empty", "drawn after, s",
        "of empty", "memory, MB", "websocket, MB",
    ]  # fmt: skip
    print(table(header, list(_rows(costs))))
    if file is not None:
        many, few = costs[MANY], costs[FEW]
        ratios = [mean(many.cpu) / mean(few.cpu), median(many.drawn) / median(few.drawn)]
        print(f"\n{MANY} against {FEW}: CPU {ratios[0]:.2f}, drawn after {ratios[1]:.2f}.")


if __name__ == "__main__":
    main()
