"""Two servers, random changes, and pages that write down all that they are told."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.permissions import User
from tests.acts import MOST_IMPORTED, RIVER, ROOM, ROWS, name
from tests.importing import import_all
from tests.starting import answers_http, wait_until
from tests.truth import Account, Log
from tests.truth_page import Lost, Page
from tests.ui.server import Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.long]

APP = Path(__file__).with_name("truth_app.py")

SECONDS = float(os.environ.get("TRUTH_SECONDS", "20"))
PEOPLE = 2
"""At each server."""

SCRIPT = User("script", frozenset({"administer"}))


class Run:
    """A run of all people at two servers, one of which is killed now and then."""

    def __init__(self, serve: Callable[[], Server], inventory: Inventory, seed: int) -> None:
        self._serve = serve
        self._inventory = inventory
        self._seed = seed
        self._servers = [serve(), serve()]
        self._up = asyncio.Event()
        self._up.set()
        self._has_page = [False] * 2 * PEOPLE
        self.log = Log(inventory)
        self.pages: list[Page] = []
        self.is_over = False
        self.reloads = 0
        self.returns = 0

    async def go(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(2 * PEOPLE):
                    group.create_task(self._live(number))
                group.create_task(self._kill())
                group.create_task(self._import())
                while not all(self._has_page):
                    await asyncio.sleep(0.05)
                await asyncio.sleep(SECONDS)
                self.is_over = True
            for page in self.pages:
                if not page.is_lost:
                    await self._end(page)
        finally:
            for page in self.pages:
                await page.close()

    async def _live(self, number: int) -> None:
        """Somebody acts, reloads and dismisses; when their server is killed, they come back."""
        choose = random.Random(f"{self._seed} {number}")
        seen, turn = "", 0
        while not self.is_over or not turn:
            await self._up.wait()
            turn += 1
            page = Page(self._servers[number % 2].origin, f"p{number}x{turn}")
            self.pages.append(page)
            try:
                await page.open(seen)
                self._has_page[number] = True
                self.returns += seen != ""
                while not self.is_over:
                    await asyncio.sleep(choose.uniform(0, 0.5))
                    await self._do_something(page, choose)
                return
            except Lost:
                assert number % 2, f"{page.who} was thrown out."
                page.is_lost = True
                seen = page.toast.get("seen", seen)

    async def _do_something(self, page: Page, choose: random.Random) -> None:
        what = choose.choice(["act", "act", "reload", "nevermind", "wait"])
        if what == "act":
            await page.act(str(choose.random()))
        elif what == "nevermind":
            await page.press(what)
        elif what == "reload":
            await page.press(what)
            self.reloads += 1
            await self._compare(page)

    async def _compare(self, page: Page) -> None:
        """Wait until the table of a page has the dams of the revision that the page shows."""
        revision = page.events[-1][1] if page.events[-1][0] == "done" else await page.shown()
        dams = await asyncio.to_thread(self.log.dams, revision)
        await page.wait(lambda: page.rows == dams, lambda: f"{dams} at {revision}, not {page.rows}")

    async def _kill(self) -> None:
        """Kill the second server some seconds after its pages are open, and start it again."""
        while not self.is_over:
            if not all(self._has_page):
                await asyncio.sleep(0.05)
                continue
            await asyncio.sleep(min(5, SECONDS / 3))
            self._up.clear()
            for number in range(1, len(self._has_page), 2):
                self._has_page[number] = False
            os.kill(self._servers[1].pid, signal.SIGKILL)
            self._servers[1] = await asyncio.to_thread(self._serve)
            self._up.set()

    async def _import(self) -> None:
        """Import files as another process."""
        choose = random.Random(f"{self._seed} script")
        while not self.is_over:
            await asyncio.sleep(choose.uniform(0.5, 2))
            if self._inventory.count() > ROWS - ROOM:
                continue
            dams = [
                {"dam_name": name(choose), "river": RIVER, "latitude": 40.5, "longitude": -111.5}
                for _ in range(choose.randint(1, MOST_IMPORTED))
            ]
            source = f"file {choose.randrange(100)}.csv"
            await asyncio.to_thread(import_all, self._inventory, dams, source, SCRIPT)

    async def _end(self, page: Page) -> None:
        """Wait until a page was told all, and let its person reload."""
        newest = self._inventory.snapshot().revision
        last = max(
            (one.seq for one in self._inventory.changes_since(0) if one.by != page.who), default=0
        )
        await page.wait(
            lambda: int(page.toast["seen"].partition("-")[0]) >= last, lambda: "the last news"
        )
        await page.press("nevermind")
        await page.shown()
        page.events.append(("counted", page.waiting))
        await page.press("reload")
        await self._compare(page)
        page.events.append(("ended", newest))


@pytest.mark.databases("sqlite", "postgresql")
def test_each_toast_tells_exactly_a_stretch_of_the_log_and_each_reload_shows_it(
    tmp_path: Path, database_url: str, engine: Engine
):
    seed = int(os.environ.get("TRUTH_SEED") or time.time_ns() % 10**9)
    print(f"To repeat it: TRUTH_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    with ExitStack() as stack:

        def serve() -> Server:
            folder = tmp_path / f"server {random.random()}"
            folder.mkdir()
            options = ("--plugins", "tests.acts")
            serving_it = serving(folder, *options, app=APP, database_url=database_url)
            server = stack.enter_context(serving_it)
            # Without `--warm`, a page that comes first waits for a second only.
            wait_until(lambda: answers_http(f"{server.origin}/health"), "the inventory")
            return server

        run = Run(serve, Inventory(engine), seed)
        asyncio.run(run.go())

    wrong = [Account(run.log, page.who).check(page.events) for page in run.pages if page.is_open]
    assert not any(wrong), "\n".join(filter(None, wrong))
    assert run.reloads
    assert run.returns
