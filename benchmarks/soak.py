"""Pages come and go, a dam is added every second: checks for missed changes and memory growth."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from _client import BokehSession, get
from _rooms import allow_many_files
from _servers import Server, dashboard, machine, table

PATIENCE = 15
SAMPLE_SECONDS = 2
SETTLING = 1 / 3
"""The fraction of the time after which memory should no longer grow."""


@dataclass
class Day:
    """Counts and measurements of the run so far.

    samples: seconds since the start, bytes of memory. adding: held while a dam is added.
    """

    server: Server
    end: float
    added: int = 0
    opened: int = 0
    reloads: int = 0
    missed: list[str] = field(default_factory=list)
    samples: list[tuple[float, int]] = field(default_factory=list)
    adding: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.end


class Person:
    """A person at a page, who counts the dams that its toast reports.

    The dams are named "Soak 1", "Soak 2" and so on. The first toast names the first dam that the
    page does not show; later toasts report their number.
    """

    def __init__(self, day: Day) -> None:
        self._day = day
        self._first: int | None = None
        self._told = 0
        self._heard = asyncio.Event()

    async def stay(self, seconds: float, reload_at: float | None) -> None:
        day = self._day
        session = await BokehSession.open(day.server.port, day.server.path, self._on_message)
        day.opened += 1
        self._read_toast_of(session)
        try:
            await self._hear_without_gap("came")
            if reload_at is not None:
                await asyncio.sleep(reload_at)
                await self._reload(session)
                day.reloads += 1
                await self._hear_without_gap("reloaded")
            await asyncio.sleep(seconds)
            await self._hear_all()
        except TimeoutError:
            day.missed.append(f"Toasts reported {self._last} of {day.added} dams.")
        finally:
            await session.socket.close()

    @property
    def _last(self) -> int:
        return 0 if self._first is None else self._first + self._told - 1

    async def _hear_without_gap(self, what: str) -> None:
        shown_at_most = self._day.added + 1  # one may be under way
        await self._wait_for(lambda: self._first is not None)
        if self._first is not None and self._first > shown_at_most + 1:
            self._day.missed.append(
                f"{what} when there were {shown_at_most} dams; the first toast named {self._first}."
            )

    async def _hear_all(self) -> None:
        # While no dam is added: otherwise a late dam would look like a missed one.
        async with self._day.adding:
            await self._wait_for(lambda: self._last >= self._day.added)
            if self._last > self._day.added:
                self._day.missed.append(f"Toasts reported {self._last} of {self._day.added} dams.")

    async def _wait_for(self, is_true: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not is_true():
                self._heard.clear()
                await self._heard.wait()

    async def _reload(self, session: BokehSession) -> None:
        data = {"type": "map", "entries": [["type", "onclick"]]}
        bar = {"id": _news_bar(session)}
        await session.send_event("dom_event", model=bar, node="reload", data=data)

    def _read_toast_of(self, session: BokehSession) -> None:
        """Read the toast in the page as received, before any message."""
        for model in session.models():
            content = model.get("attributes", {}).get("content", "")
            if isinstance(content, str) and '"reloads"' in content:
                names = _names_in(json.loads(content)["text"])
                if names:
                    self._first = min(names)
                    self._told = max(self._told, len(names))

    def _on_message(self, content: bytes) -> None:
        if b'"content"' not in content:
            return
        for event in json.loads(content)["events"]:
            if event.get("attr") == "content" and '"reloads"' in event["new"]:
                self._on_toast(json.loads(event["new"])["text"])

    def _on_toast(self, sentence: str) -> None:
        if not sentence:
            self._first, self._told = None, 0
            return
        many = re.match(r"([\d,]+) new dams have been added", sentence)
        names = _names_in(sentence)
        self._told = int(many[1].replace(",", "")) if many else len(names)
        if names:  # A reload may have made way for a dam before the toast went.
            self._first = min(names)
        elif self._first is None:
            # Several came together: the newest, one of which may be under way.
            self._first = self._day.added + 2 - self._told
        self._heard.set()


def _names_in(sentence: str) -> list[int]:
    return [int(number) for number in re.findall(r'"Soak (\d+)"', sentence)]


def _news_bar(session: BokehSession) -> str:
    for model in session.models():
        if "nevermind" in str(model.get("attributes", {}).get("html", "")):
            return str(model["id"])
    raise LookupError("The page has no toast.")


async def _add(day: Day) -> None:
    while True:
        async with day.adding:
            await get(day.server.port, f"/add?name=Soak%20{day.added + 1}")
            day.added += 1
        await asyncio.sleep(1)


async def _come_and_go(day: Day, longest: float) -> None:
    while not day.is_over:
        reload_at = random.uniform(0, longest / 2) if random.random() < 0.2 else None
        await Person(day).stay(random.uniform(0, longest), reload_at)


async def _watch(day: Day) -> None:
    start = time.monotonic()
    while True:
        day.samples.append((time.monotonic() - start, day.server.memory()))
        await asyncio.sleep(SAMPLE_SECONDS)


async def _live(day: Day, people: int, longest: float) -> None:
    around = [asyncio.create_task(_add(day)), asyncio.create_task(_watch(day))]
    comers = asyncio.gather(*(_come_and_go(day, longest) for _ in range(people)))
    # The other tasks must not end before the visitors do.
    await asyncio.wait([comers, *around], return_when=asyncio.FIRST_COMPLETED)
    for task in around:
        task.cancel()
    await asyncio.gather(*around, return_exceptions=True)
    await comers


def _slope(samples: list[tuple[float, int]]) -> tuple[float, float]:
    """Return the growth of memory in MB an hour, and its standard error."""
    settled = [one for one in samples if one[0] >= samples[-1][0] * SETTLING]
    (slope, _), covariance = np.polyfit(*np.array(settled).T, 1, cov=True)
    return slope * 3600 / 1e6, float(covariance[0, 0]) ** 0.5 * 3600 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=int, default=20, help="people at a time (20)")
    parser.add_argument("--stay", type=float, default=60, help="longest visit in seconds (60)")
    parser.add_argument("--quick", action="store_true", help="ten seconds, 5 people")
    options = parser.parse_args()
    minutes, people, stay = options.minutes, options.people, options.stay
    if options.quick:
        minutes, people, stay = 1 / 6, 5, 3
    allow_many_files()
    forget = ("--unused-session-lifetime", "2000", "--check-unused-sessions", "500")
    log_format = ("--log-format", "%(asctime)s %(levelname)s %(name)s: %(message)s")
    with dashboard("--warm", "--plugins", "_trigger", *forget, *log_format) as server:
        day = Day(server, time.monotonic() + 60 * minutes)
        asyncio.run(_live(day, people, stay))
        trouble = server.complaints()
    slope, error = _slope(day.samples)
    memory = [used / 1e6 for _, used in day.samples]
    header = ["minutes", "people at a time", "pages opened", "dams added", "reloads", "missed"]
    header += ["errors", "memory, MB (least / last / most)", "grows, MB an hour"]
    row = [f"{minutes:.2g}", people, day.opened, day.added, day.reloads, len(day.missed)]
    row += [len(trouble), f"{min(memory):.0f} / {memory[-1]:.0f} / {max(memory):.0f}"]
    print(f"{machine()}\n\n{table(header, [[*row, f'{slope:.0f} ± {error:.0f}']])}")
    if day.missed or trouble or not day.opened:
        raise SystemExit("\n".join([*day.missed, *trouble]))


if __name__ == "__main__":
    main()
