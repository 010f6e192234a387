"""Inventories of 10,000 to 1,000,000 dams: memory, start, pages, and stops of the event loop."""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import mean, median

import psutil
from _chromium import launch
from _client import BokehSession
from _servers import Server, dashboard, machine, table
from _synthetic import fill
from opening import Costs, draw_pages, open_sessions
from playwright.sync_api import sync_playwright

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.formats.dam_rows import DamRow

SIZES = (10_000, 91_457, 100_000, 1_000_000)
COMPARED = (10_000, 1_000_000)
TICK = 0.002
IMPORTED = 5_000
SEQ = 2
"""The change after the one that imported the synthetic dams."""
STOPPED = 100
UNTIL_RETURNED = 15
"""Seconds until allocators have returned the memory that was needed to read the database."""
WORDS = ("otter lake", "canon", "smith", "heron river", "xq", "a")

# A process that has used Polars must not be forked.
_SPAWNING = multiprocessing.get_context("spawn")


class Probe:
    """Measures how long the event loop of a server answers nothing, with pings of a websocket."""

    def __init__(self, session: BokehSession) -> None:
        self._socket = session.socket
        self._socket.on_pong = self._on_pong
        self._sent = 0.0
        self._is_answered = True
        self.longest = 0.0

    async def run(self) -> None:
        while True:
            if self._is_answered:
                self._sent, self._is_answered = time.perf_counter(), False
                self._socket.ping()
            await asyncio.sleep(TICK)

    def _on_pong(self) -> None:
        self.longest = max(self.longest, (time.perf_counter() - self._sent) * 1000)
        self._is_answered = True


class Person:
    """A page that searches and sorts, and gets the toasts of changes made elsewhere."""

    def __init__(self) -> None:
        self._wanted = ""
        self._arrived: asyncio.Future[None] | None = None

    async def open(self, server: Server) -> BokehSession:
        self.session = await BokehSession.open(server.port, server.path, self._hear)
        models = list(self.session.models())
        self._table = next(one["id"] for one in models if one["name"] == "DamTable1")
        self._news = next(
            one["id"]
            for one in models
            if one.get("attributes", {}).get("data", {}).get("name") == "NewsBar1"
        )
        return self.session

    async def set(self, name: str, value: object) -> float:
        """Change the table, and return the milliseconds until its new page has arrived."""
        start = time.perf_counter()
        arrived = self._until(f'\\"{name}\\": {json.dumps(json.dumps(value))[1:-1]}')
        change = {"model": {"id": self._table}, "attr": name, "new": value}
        await self.session.patch({"kind": "ModelChanged", **change})
        await arrived
        return (time.perf_counter() - start) * 1000

    async def toast(self, seq: int, change: Future[object]) -> None:
        """Return when the page has been told of change number `seq`, made in another process."""
        await self._until(f'\\"seen\\": \\"{seq}-')
        await asyncio.wrap_future(change)

    async def reload(self) -> None:
        """Press *Reload*, and return when the table has its new page."""
        arrived = self._until('\\"rows\\": ')
        click = {"type": "map", "entries": [["type", "onclick"]]}
        model = {"id": self._news}
        await self.session.send_event("dom_event", model=model, node="reload", data=click)
        await arrived

    def _until(self, text: str) -> Awaitable[None]:
        self._wanted = text
        self._arrived = asyncio.get_running_loop().create_future()
        return asyncio.wait_for(self._arrived, 60)

    def _hear(self, content: bytes) -> None:
        if self._arrived and not self._arrived.done() and self._wanted in content.decode():
            self._arrived.set_result(None)


class Measured:
    """The figures of one server: seconds, bytes, and milliseconds by what was done."""

    def __init__(self, start: float) -> None:
        self.start = start
        self.memory = 0
        self.searches: list[float] = []
        self.stops: dict[str, float] = {}


async def _use(server: Server, change: Callable[..., Future[object]], measured: Measured) -> None:
    """Search and sort in one page, change dams elsewhere, and note the longest stops."""
    await asyncio.wrap_future(change("count"))
    person = Person()
    await person.open(server)
    # Another session's websocket: the page's own waits for its answer while it is locked.
    probe = Probe(await BokehSession.open(server.port, server.path))
    await asyncio.sleep(UNTIL_RETURNED)
    measured.memory = server.memory()
    pinging = asyncio.create_task(probe.run())

    @contextmanager
    def noting(what: str) -> Iterator[None]:
        probe.longest = 0.0
        yield
        measured.stops[what] = probe.longest

    with noting("nothing"):
        await asyncio.sleep(2)
    with noting("search"):
        measured.searches = [await person.set("search", words) for words in WORDS]
        await person.set("search", "")
    with noting("sort"):
        for column in ("river", "owner", "date_built", "dam_name"):
            await person.set("sort", column)
    with noting("add"):
        for number in range(5):
            await person.toast(SEQ + number, change("add", _draft(number)))
    with noting("edit"):
        await person.toast(SEQ + 5, change("edit", 2, {"dam_name": "Edited"}, SEQ))
    with noting("remove"):
        await person.toast(SEQ + 6, change("remove", 1, SEQ))
    with noting("reload"):
        await person.reload()
    with noting("import"):
        await person.toast(SEQ + 7, change("import_dams", IMPORTED, "synthetic.csv"))
    with noting("search again"):
        measured.searches += [await person.set("search", words) for words in WORDS]
    pinging.cancel()


def _change(database: Path, name: str, *arguments: object) -> object:
    """Call a method of an inventory; import a number of dams."""
    engine = open_database(f"sqlite:///{database}", example_dams=False)
    inventory = Inventory(engine)
    try:
        if name != "import_dams":
            return getattr(inventory, name)(*arguments)
        # Made here, because to send them would hold up the process that measures.
        numbers = range(100, 100 + int(str(arguments[0])))
        rows = (DamRow(number, _draft(number).checked_facts()) for number in numbers)
        with inventory.look(rows, str(arguments[1])) as look:
            return inventory.import_dams(look)
    finally:
        engine.dispose()


def _draft(number: int) -> DamDraft:
    place = {"latitude": 40 + number % 7, "longitude": -100 - number % 11}
    return DamDraft(f"Added {number}", "Benchmark", f"River {number}", "1941", **place)


def _memory_of_stopped(database: Path) -> tuple[int, int]:
    """Return the bytes of one snapshot, and those of sessions that stopped at 100 revisions."""
    process = psutil.Process()
    engine = open_database(f"sqlite:///{database}", example_dams=False)
    inventory, before = Inventory(engine), process.memory_full_info().uss
    snapshots = [inventory.snapshot()]
    snapshots[0].page("dam_name", False, None, slice(0, 10))
    time.sleep(UNTIL_RETURNED)
    one = process.memory_full_info().uss - before
    for number in range(STOPPED):
        dam_id, revision = 10 * number + 11, snapshots[-1].revision
        inventory.add(_draft(number))
        inventory.edit(dam_id, {"river": "Edited"}, revision)
        inventory.remove(dam_id + 1, revision)
        snapshots.append(inventory.advance(snapshots[-1])[0])
        snapshots[-1].page("dam_name", False, None, slice(0, 10))
    time.sleep(UNTIL_RETURNED)
    return one, process.memory_full_info().uss - before


def _measure(database: Path) -> Measured:
    start = time.perf_counter()
    with dashboard(database=database) as server:
        measured = Measured(time.perf_counter() - start)
        # What changes dams must not hold up this process, which measures.
        with ProcessPoolExecutor(1, _SPAWNING) as elsewhere:
            change = partial(elsewhere.submit, _change, database)
            asyncio.run(_use(server, change, measured))
        for complaint in server.complaints():
            print(complaint)
    return measured


def _start(database: Path) -> float:
    """Return the seconds from starting a server until it has sent its first page."""
    start = time.perf_counter()
    with dashboard(database=database):
        return time.perf_counter() - start


def _pages(databases: dict[int, Path], sessions: int, pages: int) -> list[list[str]]:
    with ExitStack() as stack:
        servers = {
            f"{size:,}": stack.enter_context(dashboard(database=databases[size]))
            for size in COMPARED
        }
        costs = {name: Costs() for name in servers}
        with sync_playwright() as playwright:
            browser = launch(playwright)
            draw_pages(browser, servers, costs, pages)
            browser.close()
        asyncio.run(open_sessions(servers, costs, sessions))
    figures = {
        name: (mean(c.cpu), median(c.cpu_drawn), median(c.received), median(c.drawn))
        for name, c in costs.items()
    }
    few, many = figures.values()
    rows = [
        [name, f"{a * 1000:.0f}", f"{b * 1000:.0f}", f"{c / 1e6:.2f}", f"{d / 1000:.2f}"]
        for name, (a, b, c, d) in figures.items()
    ]
    return [*rows, ["ratio", *(f"{m / f:.2f}" for f, m in zip(few, many, strict=True))]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer sessions and pages")
    parser.add_argument("--starts", type=int, default=0, help="only start each server so often")
    options = parser.parse_args()
    sessions, pages = (10, 3) if options.quick else (50, 10)
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        databases = {size: Path(folder) / f"{size}.db" for size in SIZES}
        for size, database in databases.items():
            fill(database, size)
        if options.starts:
            print(machine(["panel", "bokeh", "polars", "numpy", "sqlalchemy"]))
            for size, database in databases.items():
                seconds = (_start(database) for _ in range(options.starts))
                print(f"{size:>9,} dams, first page after, s:", *(f"{one:.1f}" for one in seconds))
            return
        compared = _pages(databases, sessions, pages)
        measured = {size: _measure(database) for size, database in databases.items()}
        with ProcessPoolExecutor(1, _SPAWNING) as another:
            one, stopped = another.submit(_memory_of_stopped, databases[SIZES[-1]]).result()

    print(f"{machine(['panel', 'bokeh', 'polars', 'numpy', 'sqlalchemy'])}\n")
    header = ["dams", "memory, MB", "first page after, s", "search shown, ms", "longest, ms"]
    rows = [
        [f"{size:,}", f"{m.memory / 1e6:.0f}", f"{m.start:.1f}", f"{median(m.searches):.0f}",
         f"{max(m.searches):.0f}"]
        for size, m in measured.items()
    ]  # fmt: skip
    print(table(header, rows))
    print("\nLongest stop of the event loop, ms:\n")
    doings = list(measured[SIZES[0]].stops)
    rows = [
        [f"{size:,}", *(f"{m.stops[doing]:.0f}" for doing in doings)]
        for size, m in measured.items()
    ]
    print(table(["dams", *doings], rows))
    print(f"\nPages; means of {sessions} sessions, medians of {pages} pages in Chromium:\n")
    header = ["dams", "CPU, ms", "CPU with Chromium, ms", "websocket, MB", "drawn after, s"]
    print(table(header, compared))
    print(
        f"\n{SIZES[-1]:,} dams: one snapshot {one / 1e6:.0f} MB; with {STOPPED} more revisions "
        f"{stopped / 1e6:.0f} MB, {stopped / one:.2f} times as much."
    )


if __name__ == "__main__":
    main()
