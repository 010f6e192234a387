"""What others notice of an attack: how long they wait, and what is left of it afterwards."""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _attacks import ATTACKS, MB, Page, Target, changed, run, view
from _client import get
from _rooms import allow_many_files
from _servers import Server, dashboard, machine, table
from _synthetic import fill

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.hydrograph import Hydrograph

A_SECOND = 5
"""How often the observer pans or searches."""

MAX_MS, MAX_MEMORY, MAX_LOG = 200, 50 * MB, MB
MAX_MORE = 8
"""Descriptors and threads that may be there afterwards: pools fill up to their size."""

PATIENCE = 30
_WORDS = ("creek", "lake", "river", "otter")


class State(NamedTuple):
    """What a server holds, without garbage. memory, log: bytes."""

    subscriptions: int
    descriptors: int
    threads: int
    memory: int
    log: int

    @classmethod
    async def of(cls, server: Server) -> State:
        counts = json.loads(await get(server.port, "/counts"))
        process = server.process
        return cls(
            counts["subscriptions"], process.num_fds(), process.num_threads(), server.memory(),
            server.log.stat().st_size,
        )  # fmt: skip


class Row(NamedTuple):
    """An attack and what it did. times: milliseconds until the observer had its answers."""

    attack: str
    times: list[float]
    before: State
    after: State

    @property
    def faults(self) -> list[str]:
        """Return which limits were not kept."""
        more = State(*(new - old for old, new in zip(self.before, self.after, strict=True)))
        found = {
            f"others wait {self.p95:.0f} ms": self.p95 > MAX_MS,
            f"{more.memory / MB:.0f} MB more": more.memory > MAX_MEMORY,
            f"{more.log / 1000:,.0f} kB of log": more.log > MAX_LOG,
            f"{more.subscriptions} subscriptions left": more.subscriptions > 0,
            f"{more.descriptors} descriptors left": more.descriptors > MAX_MORE,
            f"{more.threads} threads left": more.threads > MAX_MORE,
        }
        return [f"{self.attack}: {what}." for what, is_so in found.items() if is_so]

    @property
    def p95(self) -> float:
        return float(np.percentile(self.times, 95)) if self.times else float("inf")

    def cells(self) -> list[str]:
        """Return what is printed."""
        old, new = self.before, self.after
        return [
            self.attack, str(len(self.times)), f"{np.median(self.times):.0f}", f"{self.p95:.0f}",
            f"{(new.memory - old.memory) / MB:.0f}", f"{(new.log - old.log) / 1000:.0f}",
            f"{old.descriptors} / {new.descriptors}", f"{old.threads} / {new.threads}",
            f"{old.subscriptions} / {new.subscriptions}",
        ]  # fmt: skip


async def _observe(page: Page, times: list[float], is_over: asyncio.Event) -> None:
    """Pan and search in turn; note how long the server took to answer."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in count():
        await asyncio.sleep(max(0, start + number / A_SECOND - loop.time()))
        if is_over.is_set():
            return
        events = view(page, -120 + number % 40, 40, 800)
        if number % 2:
            events = [changed(page.table, "search", _WORDS[number // 2 % len(_WORDS)])]
        asked = time.perf_counter()
        await page.session.ask("PATCH-DOC", {"events": events})
        times.append((time.perf_counter() - asked) * 1000)


async def _suffer(name: str, target: Target, server: Server, page: Page) -> Row:
    before = await State.of(server)
    times: list[float] = []
    is_over = asyncio.Event()
    observing = asyncio.create_task(_observe(page, times, is_over))
    attacker = multiprocessing.get_context("spawn").Process(target=run, args=(name, target))
    attacker.start()
    await asyncio.to_thread(attacker.join)
    is_over.set()
    await observing
    if attacker.exitcode:
        raise SystemExit(f"{name}: the attacker failed.")
    end = time.monotonic() + PATIENCE
    after = await State.of(server)
    while time.monotonic() < end and Row(name, [0], before, after).faults:
        await asyncio.sleep(1)
        after = await State.of(server)
    return Row(name, times, before, after)


async def _measure(target: Target, server: Server, names: list[str]) -> list[Row]:
    page = await Page.open(target)
    rows = []
    for name in names:
        rows.append(await _suffer(name, target, server, page))
        print(f"{name}: {rows[-1].faults or 'ok'}", flush=True)
    await page.session.socket.close()
    return rows


def _prepare(database: Path, dams: int) -> tuple[int, ...]:
    """Fill a database, and return the IDs of dams with a hydrograph."""
    fill(database, dams)
    engine = open_database(f"sqlite:///{database}")
    inventory, known = Inventory(engine), tuple(range(1, 21))
    for dam_id in known:
        inventory.assign_hydrograph(dam_id, Hydrograph(range(1000), range(1000)))
    engine.dispose()
    return known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each attack (20)")
    parser.add_argument("--only", help="run the attacks whose name contains this")
    parser.add_argument("--quick", action="store_true", help="three seconds, 2,000 dams")
    options = parser.parse_args()
    seconds, dams = (3, 2_000) if options.quick else (options.seconds, 91_457)
    names = [one for one in ATTACKS if (options.only or "") in one]
    allow_many_files()
    forget = ("--unused-session-lifetime", "2000", "--check-unused-sessions", "500")
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        database = Path(folder) / "dams.db"
        hydrographs = _prepare(database, dams)
        with dashboard(
            "--warm", "--plugins", "tests.ui.counts", *forget, database=database
        ) as server:
            url = f"sqlite:///{database}"
            target = Target(server.port, server.path, url, hydrographs, seconds)
            rows = asyncio.run(_measure(target, server, names))
    header = ["attack", "answers", "median, ms", "p95, ms", "memory, MB", "log, kB"]
    header += ["descriptors", "threads", "subscriptions"]
    print(f"\n{machine()}\n\n{table(header, [row.cells() for row in rows])}")
    print(f"\nGoal: a 95th percentile of at most {MAX_MS} ms; {MAX_MEMORY // MB} MB; 1 MB of log.")
    if faults := [fault for row in rows for fault in row.faults]:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    main()
