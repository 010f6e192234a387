"""Measure what the API costs: features against `json.dumps`, and pans while all dams stream.

Goals: 10,000 features as GeoJSON in at most twice the time of `json.dumps` of the same; a pan of
another page takes at most twice as long while the whole inventory is sent.

Set NID_FILE to a national file, unless it is beside the repository; without it, made dams.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import numpy as np
from _servers import NID_FILE, Server, dashboard, import_nid, machine, table
from _synthetic import fill
from panning import VIEWS, WARM_UP, Map, moves

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.formats.features_json import feature_texts

FEATURES = 10_000
GOAL = 2.0
_PANS = (
    "a pan", "before, p50, ms", "p95, ms", "while, p50, ms", "p95, ms", f"of before (goal {GOAL})",
)  # fmt: skip
FILES = ("dams.csv", "dams.geojson", "dams.gpkg", "dams.xlsx")

_STREAM = """
import sys, urllib.request
while True:
    with urllib.request.urlopen(sys.argv[1]) as answer:
        while answer.read(1 << 20):
            pass
"""


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Return the median of some runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return median(found)


def features(database: Path, server: Server, times: int) -> list[list[str]]:
    """Return a row for `json.dumps`, for the text of the features, and for the request."""
    engine = open_database(f"sqlite:///{database}")
    snapshot = Inventory(engine).snapshot()
    engine.dispose()
    rows = snapshot.rows()[:FEATURES]

    def text() -> str:
        parts = (",".join(feature_texts(one)) for one in snapshot.tables(rows, 1000))
        return "[" + ",".join(parts) + "]"

    same = json.loads(text())
    address = f"http://127.0.0.1:{server.port}/api/collections/dams/items?limit={FEATURES}"

    def request() -> None:
        with urlopen(address) as answer:
            answer.read()

    least = milliseconds(lambda: json.dumps(same), times)
    found = {
        f"json.dumps of {len(rows):,} features": least,
        "text of the same features": milliseconds(text, times),
        "request of the same features": milliseconds(request, times),
    }
    return [[name, f"{one:.0f}", f"{one / least:.2f}"] for name, one in found.items()]


@contextmanager
def streaming(server: Server, file: str) -> Iterator[None]:
    """Download a file over and over, in another process, until the block ends."""
    address = f"http://127.0.0.1:{server.port}/api/{file}"
    client = subprocess.Popen([sys.executable, "-c", _STREAM, address])
    try:
        time.sleep(1)
        yield
    finally:
        client.kill()
        client.wait()


async def pans(server: Server, number: int) -> list[float]:
    """Return the milliseconds of each pan of a page."""
    one, found = await Map.open(server), []
    for step, extent in enumerate(moves(VIEWS["a state"], WARM_UP + number)):
        took = await one.look_at(extent)
        await asyncio.sleep(0.05)
        if step >= WARM_UP and took is not None:
            found.append(took)
    await one.session.socket.close()
    return found


def waits(server: Server, number: int) -> list[list[str]]:
    """Return a row for each format: pans while it streams, and pans just before."""
    rows = []
    for file in FILES:
        quiet = asyncio.run(pans(server, number))
        with streaming(server, file):
            found = asyncio.run(pans(server, number))
        ends = (*np.percentile(quiet, [50, 95]), *np.percentile(found, [50, 95]))
        ratio = median(found) / median(quiet)
        rows.append([f"while {file} streams", *(f"{one:.1f}" for one in ends), f"{ratio:.2f}"])
    return rows


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--pans", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        database = Path(folder) / "dams.db"
        if NID_FILE.exists():
            import_nid(NID_FILE, database)
        else:
            fill(database, 91_457)
        variables = {"DAM_INVENTORY_API_REQUESTS_PER_MINUTE": "100000"}
        with dashboard("--warm", database=database, **variables) as server:
            print(machine(("panel", "tornado", "polars")), "\n")
            rows = features(database, server, options.times)
            print(table(("features", "ms", f"of json.dumps (goal {GOAL})"), rows), "\n")
            rows = waits(server, options.pans)
            print(table(_PANS, rows))
            for line in server.complaints():
                print(line)


if __name__ == "__main__":
    main()
