"""Filters: the time from a change of filter until all rows and counts are known."""

from __future__ import annotations

import argparse
import asyncio
import math
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from _servers import machine, table
from _synthetic import COLUMNS, FIRST, fill

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.fields import FACETS
from dam_inventory.domain.mercator import CONTERMINOUS_US
from dam_inventory.session.workers import Result, queries
from dam_inventory.snapshot.criteria import ALL, Criteria, Near, Range
from dam_inventory.snapshot.facets import Counts
from dam_inventory.snapshot.folding import fold
from dam_inventory.snapshot.order import Rows
from dam_inventory.snapshot.region import Region
from dam_inventory.snapshot.snapshot import Snapshot

SIZES = (91_457, 1_000_000)
GOALS = {91_457: 40, 1_000_000: 250}
TICK = 0.001
IDLE = 3
CHANGES = 100

_COLORADO = (("state", ("Colorado",)),)
_HIGH = ("hazard_potential", ("High",))
_TALL = ("nid_height_ft", Range(50, 200))
_DRAWN = Region.of(
    [(-96 + 28 * math.cos(turn), 38 + 11 * math.sin(turn)) for turn in np.linspace(0, 6.2, 50)]
)
CRITERIA: Mapping[str, Criteria] = {
    "nothing": ALL,
    "a state": Criteria(facets=_COLORADO),
    "five states": Criteria(facets=(("state", ("Georgia", "Iowa", "Kansas", "Ohio", "Texas")),)),
    "state, hazard, purpose": Criteria(
        facets=(*_COLORADO, _HIGH, ("purposes", ("Recreation", "Irrigation")))
    ),
    "height": Criteria(ranges=(_TALL,)),
    "year, height, storage": Criteria(
        ranges=(("date_built", Range(1940, 1970, True)), _TALL, ("nid_storage_acre_ft", Range(50)))
    ),
    "a word": Criteria(words=("",)),
    "two words and hazard": Criteria(words=("", "lake"), facets=(_HIGH,)),
    "quality": Criteria(quality=("no_coordinates", "shared_place")),
    "view": Criteria(view=CONTERMINOUS_US),
    "drawn polygon": Criteria(region=_DRAWN),
    "within 100 km": Criteria(near=Near(-105.0, 39.7, 100.0)),
}


def _with_words(criteria: Criteria, number: int) -> Criteria:
    """Return criteria with a word in the place of an empty one; it differs with the number."""
    word = fold(FIRST[number % len(FIRST)])
    return replace(criteria, words=tuple(one or word for one in criteria.words))


def followed(snapshot: Snapshot, criteria: Criteria) -> int:
    """Do all that a change of filter needs on the server, and return how many dams match."""
    rows = snapshot.matching(criteria)
    counts = snapshot.counts(criteria)
    _checked(rows, counts, criteria)
    return len(rows)


def charted(snapshot: Snapshot, criteria: Criteria) -> int:
    """Do the same while the charts are open, too."""
    rows = snapshot.matching(criteria)
    counts, _ = snapshot.charts(criteria)
    _checked(rows, counts, criteria)
    return len(rows)


def _checked(rows: Rows, counts: Counts, criteria: Criteria) -> None:
    if len(rows) != counts.matching:
        raise AssertionError(f"{len(rows)} rows, but {counts.matching} are counted: {criteria}")


_Measured = tuple[dict[str, list[float]], list[float], float, tuple[float, float]]


class Waits:
    """Measures how long an event loop is held up by what threads compute."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - TICK)
            last = now


async def _in_worker(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the seconds until a worker has answered, and its answer."""
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    start = time.perf_counter()
    queries.do(work, lambda found: loop.call_soon_threadsafe(answer.set_result, found))
    found = await answer
    return time.perf_counter() - start, found


async def _measure(snapshot: Snapshot, rounds: int) -> _Measured:
    """Return the seconds by name, those with open charts, of the first change, and the waits.

    The waits are those while workers compute, and those without work.
    """
    first, _ = await _in_worker(partial(followed, snapshot, ALL))
    await _in_worker(snapshot.fold)
    await _in_worker(partial(charted, snapshot, ALL))
    with_charts: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in CRITERIA}
    waits = Waits()
    ticking = asyncio.create_task(waits.run())
    for number in range(rounds):
        for name, criteria in CRITERIA.items():
            # Each time another word, because the rows of the latest searches are kept.
            criteria = _with_words(criteria, number)
            seconds, _ = await _in_worker(partial(followed, snapshot, criteria))
            times[name].append(seconds)
        # Apart from the others, so that no counts are kept from the moment before.
        for criteria in CRITERIA.values():
            criteria = _with_words(criteria, number)
            seconds, _ = await _in_worker(partial(charted, snapshot, criteria))
            with_charts.append(seconds)
    busy, waits.longest = waits.longest, 0.0
    await asyncio.sleep(IDLE)
    ticking.cancel()
    return times, with_charts, first, (busy, waits.longest)


def _changed(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot after some dams were edited and some removed."""
    for number in range(CHANGES):
        rows = snapshot.rows()[[number, number + CHANGES]]
        edited = snapshot._dams.table(rows[:1]).row(0)
        snapshot = snapshot.advance([edited], number + 2, snapshot.ids(rows).tolist())
    return snapshot


def _peer(database: Path, rounds: int) -> list[float]:
    """Return the seconds in which SQLite counts the facets of one filter, as Datasette does."""
    facets = [facet for facet in FACETS if facet in COLUMNS]
    conditions = {"state": "state = 'Colorado'", "hazard_potential": "hazard_potential = 'High'"}
    times = []
    with closing(sqlite3.connect(database)) as connection:
        for _ in range(rounds):
            start = time.perf_counter()
            for facet in ("", *facets):
                others = [sql for name, sql in conditions.items() if name != facet]
                where = " AND ".join(others)
                what = f"{facet}, count(*)" if facet else "id"
                group = f"GROUP BY {facet}" if facet else ""
                connection.execute(f"SELECT {what} FROM dams WHERE {where} {group}").fetchall()
            times.append(time.perf_counter() - start)
    return times


def _milliseconds(times: list[float], share: float) -> str:
    return f"{np.quantile(times, share) * 1000:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 5 if parser.parse_args().quick else 30
    by_filter: dict[str, list[str]] = {name: [name] for name in CRITERIA}
    summary = []
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        for size in SIZES:
            database = Path(folder) / f"{size}.db"
            fill(database, size)
            engine = open_database(f"sqlite:///{database}", example_dams=False)
            snapshot = Inventory(engine).snapshot()
            engine.dispose()
            times, with_charts, first, waits = asyncio.run(_measure(snapshot, rounds))
            changed, _, _, later = asyncio.run(_measure(_changed(snapshot), rounds))
            for name, line in by_filter.items():
                line += [_milliseconds(times[name], share) for share in (0.5, 0.95)]
            everything = [one for some in times.values() for one in some]
            after = [one for some in changed.values() for one in some]
            longest, idle = map(max, zip(waits, later, strict=True))
            peer = median(_peer(database, 3))
            summary.append(
                [f"{size:,}", f"{first * 1000:.0f}", _milliseconds(everything, 0.95),
                 _milliseconds(with_charts, 0.95), _milliseconds(after, 0.95), f"{GOALS[size]}",
                 f"{longest * 1000:.1f}", f"{idle * 1000:.1f}", f"{peer * 1000:.0f}"]
            )  # fmt: skip

    print(f"{machine(['polars', 'numpy'])}\n")
    header = ["filter", *(f"{size:,}, ms ({part})" for size in SIZES for part in ("median", "p95"))]
    print(table(header, [*by_filter.values()]))
    header = ["dams", "first, ms", "p95, ms", "p95 with charts, ms",
              f"p95 after {CHANGES} changes, ms", "goal, ms", "longest wait, ms",
              "without work, ms", "SQLite, ms"]  # fmt: skip
    print(f"\n{table(header, summary)}")


if __name__ == "__main__":
    main()
