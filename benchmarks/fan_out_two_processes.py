"""Time from a commit in process A to the last of N websockets of process B, beside Channels."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from _client import get
from _rooms import allow_many_files, cell, fill, join_app, join_peer
from _servers import Server, dashboard, machine, redis_server, served, table

LAYERS = {
    "Channels": "channels_redis.core.RedisChannelLayer",
    "Channels, pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}
WARM_UP = 3

Pair = tuple[Server, Server]
Serve = Callable[[ExitStack], Pair]


def _app(**variables: str) -> Serve:
    def serve(stack: ExitStack) -> Pair:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dam_inventory_bench_"))
        file = Path(folder) / "dams.db"

        def one() -> Server:
            options = ("--warm", "--plugins", "_trigger")
            return stack.enter_context(dashboard(*options, database=file, **variables))

        return one(), one()

    return serve


def _peer(layer: str, redis: str) -> Serve:
    def serve(stack: ExitStack) -> Pair:
        def one() -> Server:
            daphne = ("-b", "127.0.0.1", "-p", "{port}", "_channels_peer:application")
            variables = {"CHANNEL_LAYER": layer, "REDIS_URL": redis}
            return stack.enter_context(served("daphne", *daphne, path="/", **variables))

        return one(), one()

    return serve


async def _measure(pairs: dict[str, Pair], size: int, rounds: int) -> dict[str, list[float]]:
    rooms = {}
    for name, pair in pairs.items():
        join = join_peer if name in LAYERS else join_app
        rooms[name] = await asyncio.gather(*(fill(server, join, size) for server in pair))
    times: dict[str, list[float]] = {name: [] for name in pairs}
    gc.collect()
    gc.freeze()
    for number in range(1, WARM_UP + rounds + 1):
        for name, (here, _) in pairs.items():
            # Random, so that no polling interval is in step with the rounds.
            await asyncio.sleep(random.uniform(0.2, 0.5))
            # The text of this app's toasts: the first one names its dam, later ones count.
            text = "Benchmark 1" if number == 1 else f"{number} new dams"
            _, (there, _) = rooms[name]
            heard = there.listen_for(text)
            answer = await get(here.port, f"/add?name={text.replace(' ', '%20')}")
            try:
                last = await asyncio.wait_for(heard, timeout=60)
            except TimeoutError:
                raise SystemExit(f"{name}: {there.missing} of {size} received no toast.") from None
            if number > WARM_UP:
                times[name].append((last - json.loads(answer)["at"]) / 1e6)
    return times


def _run(way: str, serve: Serve, redis: str, size: int, rounds: int) -> list[str]:
    with ExitStack() as stack:
        pairs = {name: _peer(layer, redis)(stack) for name, layer in LAYERS.items()}
        pairs = {way: serve(stack), **pairs}
        times = asyncio.run(_measure(pairs, size, rounds))
    fastest = min(median(times[name]) for name in LAYERS)
    ratio = f"{median(times[way]) / fastest:.2f}"
    return [way, str(size), *(cell(times[name]) for name in pairs), ratio]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="50 sessions each, few rounds")
    parser.add_argument("--sessions", type=int, help="sessions in each process (500)")
    parser.add_argument("--rounds", type=int, help="number of toasts (25)")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database to measure, too")
    options = parser.parse_args()
    size = options.sessions or (50 if options.quick else 500)
    rounds = options.rounds or (7 if options.quick else 25)
    allow_many_files()
    with redis_server() as redis:
        ways = {
            "SQLite and Redis": _app(DAM_INVENTORY_RELAY_URL=redis),
            "SQLite alone": _app(),
        }
        if options.postgresql:
            ways["PostgreSQL"] = _app(DAM_INVENTORY_DATABASE_URL=options.postgresql)
        rows = [_run(way, serve, redis, size, rounds) for way, serve in ways.items()]
    print(f"{machine()}\nMilliseconds, median / 95th percentile of {rounds} toasts.\n")
    header = ["Dam Inventory with", "sessions", "Dam Inventory", *LAYERS, "of the faster Channels"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
