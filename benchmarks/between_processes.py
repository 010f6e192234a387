"""Delay from a commit in one process to its publication in another, with each relay."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from _servers import environment, machine, table

from dam_inventory import DamDraft, Runtime, Settings

DRAFT = DamDraft("Benchmark", "Other", "Test River", "1941", 40.406624, -111.529133)

LISTENER = """
import sys, threading, time
from dam_inventory import Runtime

with Runtime.from_environment() as runtime:
    runtime.feed.pubsub.subscribe(
        lambda news: print(news[-1].seq, time.monotonic(), flush=True)
    )
    runtime.feed.start()
    while not runtime.feed.is_connected:
        time.sleep(0.01)
    print("listens", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def _listener(settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    variables = {f"DAM_INVENTORY_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENER],
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "listens\n"
        yield process
    finally:
        process.communicate("end\n", timeout=20)


def _milliseconds(settings: dict[str, str], times: int) -> list[float]:
    """Return the delay from each commit to its publication in another process."""
    delays = []
    with _listener(settings) as other, Runtime(Settings(**settings)) as runtime:
        assert other.stdout is not None
        for i in range(times):
            # At irregular intervals, because SQLite's relay polls at regular ones.
            time.sleep(0.05 + 0.25 * (i * 0.618 % 1))
            change = runtime.inventory.add(DRAFT)
            committed = time.monotonic()
            runtime.feed.announce()
            seq, heard = other.stdout.readline().split()
            assert int(seq) == change.seq
            delays.append((float(heard) - committed) * 1000)
    return delays


def _relays(folder: Path) -> dict[str, dict[str, str]]:
    """Return the settings for each relay whose server is named in the environment."""
    sqlite = f"sqlite:///{folder}"
    postgresql, redis = os.environ.get("POSTGRESQL_URL"), os.environ.get("REDIS_URL")
    relays = {"SQLite": {"database_url": f"{sqlite}/dams.db"}}
    if postgresql:
        relays["PostgreSQL"] = {"database_url": postgresql}
    if redis:
        relays["Redis, beside SQLite"] = {
            "database_url": f"{sqlite}/redis.db",
            "relay_url": redis,
        }
    if postgresql and redis:
        relays["Redis, beside PostgreSQL"] = {"database_url": postgresql, "relay_url": redis}
    return relays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer changes")
    times = 10 if parser.parse_args().quick else 50
    rows = []
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        for name, settings in _relays(Path(folder)).items():
            delays = _milliseconds(settings, times)
            rows.append([name, f"{median(delays):.1f}", f"{quantiles(delays, n=20)[-1]:.1f}"])
    print(f"{machine(['sqlalchemy', 'psycopg', 'redis'])}\n{times} changes with each relay.\n")
    print(table(["relay", "median, ms", "95th percentile, ms"], rows))


if __name__ == "__main__":
    main()
