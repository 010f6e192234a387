"""Many pages open at once: how fast the server answers others until the last page is open."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from statistics import median

from _client import Audience, BokehSession, get
from _rooms import allow_many_files, cell
from _servers import Server, dashboard, machine, table


async def _come(server: Server, size: int) -> tuple[list[float], list[BokehSession]]:
    """Open all pages at once; return the seconds until each was open."""
    start, times = time.monotonic(), []

    async def come() -> BokehSession:
        session = await BokehSession.open(server.port, server.path)
        times.append(time.monotonic() - start)
        return session

    sessions = await asyncio.gather(*(come() for _ in range(size)))
    return times, sessions


async def _ask_for_health(server: Server, times: list[float]) -> None:
    while True:
        start = time.monotonic()
        await get(server.port, "/health")
        times.append(1e3 * (time.monotonic() - start))
        await asyncio.sleep(0.2)


async def _tell(server: Server, audience: Audience, times: list[float]) -> None:
    number = 0
    while True:
        number += 1
        text = "Benchmark 1" if number == 1 else f"{number} new dams"
        heard = audience.listen_for(text)
        answer = await get(server.port, f"/add?name={text.replace(' ', '%20')}")
        times.append((await heard - json.loads(answer)["at"]) / 1e6)
        await asyncio.sleep(1)


async def _measure(server: Server, size: int) -> list[str]:
    audience, health, toasts = Audience(), [], []
    # One page that is open before the others come.
    first = await BokehSession.open(server.port, server.path, audience.member())
    around = [
        asyncio.create_task(_ask_for_health(server, health)),
        asyncio.create_task(_tell(server, audience, toasts)),
    ]
    opening = asyncio.create_task(_come(server, size))
    # A failure in these tasks must be reported.
    await asyncio.wait([opening, *around], return_when=asyncio.FIRST_COMPLETED)
    for task in around:
        if task.done():
            task.result()
        task.cancel()
    times, sessions = await opening
    memory = server.memory() / 1e6
    await asyncio.gather(*(session.socket.close() for session in [first, *sessions]))
    opened = f"{min(times):.1f} / {median(times):.0f} / {max(times):.0f}"
    told = [f"{cell(ms)} / {max(ms):.0f}" for ms in (health, toasts)]
    return [str(size), opened, *told, f"{memory:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="50 pages")
    parser.add_argument("--pages", type=int, help="number of pages (500)")
    options = parser.parse_args()
    size = options.pages or (50 if options.quick else 500)
    allow_many_files()
    log_format = ("--log-format", "%(levelname)s %(name)s: %(message)s")
    with dashboard("--warm", "--plugins", "_trigger", *log_format) as server:
        row = asyncio.run(_measure(server, size))
        trouble = server.complaints()
    header = ["pages", "open after, s (first / median / last)"]
    header += [f"{what}, ms (median / 95th percentile / most)" for what in ("/health", "a toast")]
    print(f"{machine()}\n\n{table([*header, 'memory, MB'], [row])}")
    if trouble:
        raise SystemExit("\n".join(trouble))


if __name__ == "__main__":
    main()
