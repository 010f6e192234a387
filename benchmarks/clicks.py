"""What a click in one session costs while others are open, and whether they receive anything."""

from __future__ import annotations

import argparse
import asyncio
import time
from statistics import median

from _client import BokehSession
from _servers import Server, dashboard, machine, table

WARM_UP = 10
BUTTON = "Add dam"


def _button(session: BokehSession) -> dict[str, str]:
    for model in session.models():
        data = model.get("attributes", {}).get("data")
        if isinstance(data, dict) and data.get("attributes", {}).get("label") == BUTTON:
            return {"id": model["id"]}
    raise SystemExit(f'The page has no button "{BUTTON}".')


async def _click(session: BokehSession, button: dict[str, str]) -> float:
    """Return the milliseconds until the server has handled the click."""
    start = time.perf_counter()
    data = {"type": "map", "entries": []}
    await session.send_event("dom_event", model=button, node="click", data=data)
    return (time.perf_counter() - start) * 1000


async def _measure(server: Server, sizes: list[int], clicks: int) -> list[list[str]]:
    rows, first = [], 0.0
    sessions: list[BokehSession] = []
    for size in sizes:
        while len(sessions) < size:
            sessions.append(await BokehSession.open(server.port, server.path))
        person, *others = sessions
        button = _button(person)
        for _ in range(WARM_UP):
            await _click(person, button)
        await asyncio.sleep(1)
        before = sum(other.socket.received for other in others)
        used = server.cpu()
        times = [await _click(person, button) for _ in range(clicks)]
        await asyncio.sleep(0.5)
        used = (server.cpu() - used) / clicks * 1000
        first = first or median(times)
        sent = sum(other.socket.received for other in others) - before
        rows.append(
            [
                str(size),
                f"{median(times):.2f}",
                f"{median(times) / first:.2f}",
                f"{used:.2f}",
                f"{sent:,}",
            ]
        )
    await asyncio.gather(*(session.socket.close() for session in sessions))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer sessions and clicks")
    options = parser.parse_args()
    sizes, clicks = ([1, 20], 50) if options.quick else ([1, 10, 100], 300)
    with dashboard() as server:
        rows = asyncio.run(_measure(server, sizes, clicks))
    print(f'{machine()}\n{clicks} clicks on "{BUTTON}" in one session; medians.\n')
    header = ["sessions open", "answered after, ms", "of 1", "CPU, ms", "bytes to the others"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
