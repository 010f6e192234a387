"""Time from a commit to the toast on the last of N websockets, beside Channels and Tornado."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
from contextlib import ExitStack
from statistics import median

from _client import get
from _rooms import allow_many_files, cell, fill, join_app, join_peer
from _servers import Server, dashboard, machine, served, table

APP, CHANNELS, TORNADO = "Dam Inventory", "Channels", "Tornado"
WARM_UP = 3
PAUSE = 0.1


async def _measure(servers: dict[str, Server], size: int, rounds: int) -> dict[str, list[float]]:
    joins = {APP: join_app, CHANNELS: join_peer, TORNADO: join_peer}
    rooms = {name: await fill(server, joins[name], size) for name, server in servers.items()}
    times: dict[str, list[float]] = {name: [] for name in servers}
    gc.collect()
    gc.freeze()
    for number in range(1, WARM_UP + rounds + 1):
        for name, server in servers.items():
            await asyncio.sleep(PAUSE)
            # The text of this app's toasts: the first one names its dam, later ones count.
            text = "Benchmark 1" if number == 1 else f"{number} new dams"
            heard = rooms[name][0].listen_for(text)
            answer = await get(server.port, f"/add?name={text.replace(' ', '%20')}")
            try:
                last = await asyncio.wait_for(heard, timeout=60)
            except TimeoutError:
                raise SystemExit(
                    f"{name}: {rooms[name][0].missing} of {size} received no toast."
                ) from None
            if number > WARM_UP:
                times[name].append((last - json.loads(answer)["at"]) / 1e6)
    return times


def _run(size: int, rounds: int) -> dict[str, list[float]]:
    with ExitStack() as stack:
        daphne = ("-b", "127.0.0.1", "-p", "{port}", "_channels_peer:application")
        servers = {
            APP: dashboard("--plugins", "_trigger"),
            CHANNELS: served("daphne", *daphne, path="/"),
            TORNADO: served("_tornado_peer", "{port}", path="/"),
        }
        running = {name: stack.enter_context(server) for name, server in servers.items()}
        return asyncio.run(_measure(running, size, rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1, 10 and 100 sessions, few rounds")
    parser.add_argument("--sessions", type=int, nargs="+", help="session counts (1 10 100 500)")
    parser.add_argument("--rounds", type=int, help="number of toasts (25)")
    options = parser.parse_args()
    sizes = options.sessions or ([1, 10, 100] if options.quick else [1, 10, 100, 500])
    rounds = options.rounds or (7 if options.quick else 25)
    allow_many_files()

    rows = []
    for size in sizes:
        times = _run(size, rounds)
        ratios = [median(times[APP]) / median(times[peer]) for peer in (CHANNELS, TORNADO)]
        rows.append([size, *map(cell, times.values()), *(f"{ratio:.2f}" for ratio in ratios)])
    print(f"{machine()}\nMilliseconds, median / 95th percentile of {rounds} toasts.\n")
    print(table(["sessions", APP, CHANNELS, TORNADO, "of Channels", "of Tornado"], rows))


if __name__ == "__main__":
    main()
