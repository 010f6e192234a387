"""What a pan or zoom of the map costs: time on the server, and frames in Chromium."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from _chromium import launch
from _client import BokehSession
from _servers import HERE, Server, dashboard, machine, panel, table
from _synthetic import fill
from playwright.sync_api import Page, sync_playwright

from dam_inventory.domain.mercator import Extent, to_mercator

SIZES = (91_457, 1_000_000)
BARE = "bare Bokeh, 2,000 markers"
WIDTH, HEIGHT = 1152, 492
"""The size of the map in pixels in a window of 1440 x 900."""

GOAL, GOAL_FRAME = 1.5, 33
WARM_UP = 4
UNTIL_SURE = 0.1
SECONDS_IDLE = 5
"""How long each server is watched before; what it needs meanwhile is no part of a pan."""

_CENTER = tuple(map(float, to_mercator(-96.0, 38.5)))
VIEWS = {"the country": 5_000, "a state": 800, "a county": 80}
"""How many kilometers of the projection are seen from west to east."""

LINKS = {
    "the country": "",
    "a state": "?view=-100,36.8,-94,40.2",
    "a county": "?view=-97,38,-96,38.4",
}
"""What is dragged in Chromium."""


class Map(NamedTuple):
    """A page with a map: the IDs of its figure and ranges, and a way to wait for its answers."""

    session: BokehSession
    figure: str
    ranges: tuple[str, str]
    drawn: list[asyncio.Future[float]]

    @classmethod
    async def open(cls, server: Server) -> Map:
        drawn: list[asyncio.Future[float]] = []

        def hear(content: bytes) -> None:
            if drawn and not drawn[-1].done() and b'"attr":"data"' in content:
                drawn[-1].set_result(time.perf_counter())

        session = await BokehSession.open(server.port, server.path, hear)
        found = (one for one in session.models() if one["attributes"].get("name") == "map")
        figure = next(one for one in found if one["name"] == "Figure")
        ranges = tuple(figure["attributes"][axis]["id"] for axis in ("x_range", "y_range"))
        opened = cls(session, figure["id"], (ranges[0], ranges[1]), drawn)
        size = {"inner_width": WIDTH, "inner_height": HEIGHT}
        await opened._send([_changed(opened.figure, *one) for one in size.items()])
        return opened

    async def look_at(self, view: Extent) -> float | None:
        """Report a view as bokehjs does; return the milliseconds until its dams have arrived.

        None: the page has them already, and none came for UNTIL_SURE seconds.
        """
        x, y = self.ranges
        edges = ((x, "start"), (x, "end"), (y, "start"), (y, "end"))
        values = (view.x0, view.x1, view.y0, view.y1)
        changes = [_changed(*edge, value) for edge, value in zip(edges, values, strict=True)]
        names = ("x0", "x1", "y0", "y1")
        entries = [["model", {"id": self.figure}], *map(list, zip(names, values, strict=True))]
        told = {"type": "event", "name": "rangesupdate", "values": {"type": "map"}}
        told["values"]["entries"] = entries  # type: ignore[index]
        message = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": told}
        self.drawn.append(asyncio.get_running_loop().create_future())
        start = time.perf_counter()
        await self._send([*changes, message])
        try:
            return (await asyncio.wait_for(self.drawn[-1], UNTIL_SURE) - start) * 1000
        except TimeoutError:
            return None

    async def _send(self, events: Sequence[Any]) -> None:
        await self.session.ask("PATCH-DOC", {"events": [*events]})


def _changed(model: str, attribute: str, value: float) -> dict[str, Any]:
    return {"kind": "ModelChanged", "model": {"id": model}, "attr": attribute, "new": value}


def moves(kilometers: float, number: int) -> Iterator[Extent]:
    """Return the views of a person who pans by a tenth, and zooms in or out a little."""
    random = np.random.default_rng(7)
    x, y = _CENTER
    width = kilometers * 1000
    for step in range(number):
        size = width * (1 if step % 3 else float(random.uniform(0.85, 1.15)))
        dx, dy = random.uniform(-0.1, 0.1, 2) * size
        around = Extent(x + dx, y + dy, x + dx, y + dy)
        yield Extent(
            around.x0 - size / 2, around.y0 - size * HEIGHT / WIDTH / 2,
            around.x1 + size / 2, around.y1 + size * HEIGHT / WIDTH / 2,
        )  # fmt: skip


async def _measure(servers: dict[str, Server], number: int) -> list[list[str]]:
    """Move all maps in turn to the same views, and return a row for each map and kind of view."""
    maps = {name: await Map.open(server) for name, server in servers.items()}
    await asyncio.sleep(1)
    idle = {name: -server.cpu() for name, server in servers.items()}
    await asyncio.sleep(SECONDS_IDLE)
    for name, server in servers.items():
        idle[name] = (idle[name] + server.cpu()) / SECONDS_IDLE
    rows = []
    for view, kilometers in VIEWS.items():
        times: dict[str, list[float]] = {name: [] for name in servers}
        used = dict.fromkeys(servers, 0.0)
        received = dict.fromkeys(servers, 0)
        for step, extent in enumerate(moves(kilometers, WARM_UP + number)):
            for name, one in maps.items():
                before = servers[name].cpu(), one.session.socket.received
                begun = time.perf_counter()
                took = await one.look_at(extent)
                await asyncio.sleep(0.01)
                if step >= WARM_UP:
                    times[name] += [] if took is None else [took]
                    used[name] += servers[name].cpu() - before[0]
                    used[name] -= idle[name] * (time.perf_counter() - begun)
                    received[name] += one.session.socket.received - before[1]
        for name, found in times.items():
            rows.append(
                [
                    f"{view}, {name}", f"{used[name] / number * 1000:.1f}",
                    f"{used[name] / used[BARE]:.2f}", f"{len(found) / number:.0%}",
                    f"{median(found):.1f}", f"{np.percentile(found, 95):.1f}",
                    f"{received[name] / number / 1000:.0f}",
                ]
            )  # fmt: skip
    await asyncio.gather(*(one.session.socket.close() for one in maps.values()))
    return rows


_RECORD = """() => {
  globalThis.frames = []
  const note = (time) => { frames.push(time); globalThis.recording = requestAnimationFrame(note) }
  globalThis.recording = requestAnimationFrame(note)
}"""
_FRAMES = "() => { cancelAnimationFrame(recording); return frames }"


def _frames(page: Page, url: str, drags: int) -> list[float]:
    """Drag a map to and fro, and return the milliseconds from each frame to the next."""
    page.goto(url)
    page.wait_for_function("globalThis.Bokeh?.documents?.[0]?.is_idle", timeout=120_000)
    page.wait_for_timeout(1500)
    box = page.locator(".bk-Canvas").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    found: list[float] = []
    for drag in range(drags):
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(_RECORD)
        sign = 1 if drag % 2 else -1
        for step in range(1, 60):
            page.mouse.move(x + sign * 4 * step, y + 2 * step)
        times = page.evaluate(_FRAMES)
        page.mouse.up()
        page.wait_for_timeout(500)
        if drag:  # The first one warms up.
            found += np.diff(times).tolist()
    return found


def _draw(servers: dict[str, Server], drags: int) -> list[list[str]]:
    rows = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for name, server in servers.items():
            seen = {"the country": ""} if name == BARE else LINKS
            for view, query in seen.items():
                found = _frames(page, f"{server.url}{query}", drags)
                p50, p95 = np.percentile(found, [50, 95])
                rows.append([f"{view}, {name}", str(len(found)), f"{p50:.0f}", f"{p95:.0f}"])
        browser.close()
    return rows


@contextmanager
def _running(sizes: Sequence[int]) -> Iterator[dict[str, Server]]:
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder, ExitStack() as stack:
        servers = {BARE: panel(HERE / "_bare_map.py")}
        for size in sizes:
            database = Path(folder) / f"{size}.db"
            fill(database, size)
            servers[f"{size:,} dams"] = dashboard("--warm", database=database)
        yield {name: stack.enter_context(server) for name, server in servers.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer moves, and no million dams")
    options = parser.parse_args()
    sizes, number, drags = (SIZES[:1], 30, 3) if options.quick else (SIZES, 60, 5)
    with _running(sizes) as servers:
        rows = asyncio.run(_measure(servers, number))
        frames = _draw(servers, drags)
    print(f"{machine(('panel', 'bokeh', 'polars', 'numpy'))}\n")
    header = ["view", "CPU, ms", "of bare", "sent", "answered after, ms", "p95, ms", "kB"]
    print(f"{table(header, rows)}\n\nGoal: at most {GOAL} of bare.\n")
    print(table(["dragged", "frames", "p50, ms", "p95, ms"], frames))
    print(f"\nGoal: a 95th percentile of at most {GOAL_FRAME} ms.")


if __name__ == "__main__":
    main()
