"""How many dams can be added per second, compared with a bare insert and commit of the same row."""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from _servers import machine, table
from sqlalchemy import insert

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import DamRow
from dam_inventory.database.transactions import writing
from dam_inventory.domain.dam import DamDraft

DRAFT = DamDraft("Benchmark", "Other", "Test River", "1941", 40.406624, -111.529133)
BATCH = 25


def _seconds(add: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(BATCH):
        add()
    return (time.perf_counter() - start) / BATCH


def _measure(folder: Path, batches: int) -> tuple[list[float], list[float]]:
    """Return the seconds for one dam in every batch, of `Inventory.add` and of a bare insert."""
    engines = [open_database(f"sqlite:///{folder / name}.db") for name in ("inventory", "bare")]
    inventory = Inventory(engines[0])
    # The same settings, lock and row, but without log, checks and error handling.
    engine = writing(engines[1])
    row = {**DRAFT.checked(), "added_by": None, "added_at": dt.datetime.now(dt.UTC)}
    statement = insert(DamRow)

    def add_bare() -> None:
        with engine.begin() as connection:
            connection.execute(statement, row)

    def add() -> None:
        inventory.add(DRAFT)

    times: list[tuple[float, float]] = []
    for turn in range(1 + batches):
        # Alternate, so that each is first as often as second.
        one, other = (add, add_bare) if turn % 2 else (add_bare, add)
        pair = _seconds(one), _seconds(other)
        if turn:
            times.append(pair if turn % 2 else pair[::-1])
    for used in engines:
        used.dispose()
    return [pair[0] for pair in times], [pair[1] for pair in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer dams")
    options = parser.parse_args()
    batches = 10 if options.quick else 80
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        added, bare = _measure(Path(folder), batches)
    print(f"{machine()}\n{batches * BATCH:,} dams each way; medians of batches of {BATCH}.\n")
    ratio = median(bare) / median(added)
    rows = [
        [
            "Inventory.add",
            f"{1 / median(added):,.0f}",
            f"{median(added) * 1e6:.0f}",
            f"{ratio:.2f}",
        ],
        ["bare insert", f"{1 / median(bare):,.0f}", f"{median(bare) * 1e6:.0f}", "1.00"],
    ]
    print(table(["way", "dams a second", "µs a dam", "of the bare speed"], rows))


if __name__ == "__main__":
    main()
