"""Measure the import of a national file against the least that it could take, in one run.

The least: `polars.read_csv` or `pandas.read_csv`, the faster one, and a bare `executemany` of the
same columns into an SQLite table. Then: reading the file, looking at it with an empty inventory
and with one that has all of its dams, importing it, and the memory that this takes.

Set NID_FILE to the file, unless it is beside the repository.
"""

from __future__ import annotations

import gzip
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
from _servers import NID_FILE as FILE

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.formats.dam_blocks import Block, read
from dam_inventory.formats.mapping import suggest
from dam_inventory.formats.registry import open_table


def seconds(what: str, work: Callable[[], Any]) -> tuple[float, Any]:
    """Do something, and print how long it takes."""
    start = time.perf_counter()
    result = work()
    took = time.perf_counter() - start
    print(f"{what:<50}{took:>8.2f} s")
    return took, result


def blocks() -> Iterator[Block]:
    """Yield the dams of the file."""
    with open_table(FILE, FILE.name) as table:
        yield from read(table, suggest(table))


def bare(folder: Path) -> float:
    """Return how long the least that an import has to do takes."""
    by_polars, frame = seconds("polars.read_csv", lambda: pl.read_csv(FILE, infer_schema=False))
    by_pandas, _ = seconds("pandas.read_csv", lambda: pd.read_csv(FILE, dtype=str))
    columns = ", ".join(f'"{name}"' for name in frame.columns)

    def insert() -> None:
        database = sqlite3.connect(folder / "bare.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"CREATE TABLE dams ({columns})")
        marks = ", ".join("?" * frame.width)
        database.executemany(f"INSERT INTO dams VALUES ({marks})", frame.iter_rows())
        database.commit()
        database.close()

    inserting, _ = seconds("bare executemany", insert)
    return min(by_polars, by_pandas) + inserting


def memory() -> float:
    """Return the highest memory of this process so far, in MB."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    """Measure, and print the ratios."""
    if not FILE.exists():
        print(f"{FILE} was not found. Set NID_FILE to measure imports.")
        return
    with FILE.open("rb") as start:
        is_packed = start.read(2) == b"\x1f\x8b"
    with gzip.open(FILE) if is_packed else FILE.open("rb") as stream:
        size = sum(len(part) for part in iter(lambda: stream.read(1 << 20), b"")) / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = open_database(f"sqlite:///{folder / 'dams.db'}", example_dams=False)
        inventory = Inventory(engine)
        before = memory()
        reading, _ = seconds("reading the file", lambda: sum(len(one.rows) for one in blocks()))
        looking, look = seconds(
            "look, empty inventory", lambda: inventory.look(blocks(), FILE.name)
        )
        with look:
            importing, _ = seconds("import", lambda: inventory.import_dams(look))
        again, look = seconds("look, all dams known", lambda: inventory.look(blocks(), FILE.name))
        look.close()
        grown = memory() - before
        engine.dispose()
        least = bare(folder)
    print(f"\nreading and import: {(reading + importing) / least:.1f} times the least")
    print(f"look and import: {(looking + importing) / least:.1f} times the least")
    print(f"look beyond reading: {looking - reading:.1f} s; all dams known {again - reading:.1f} s")
    print(f"memory: {grown:.0f} MB more, {grown / size:.1f} times the file of {size:.0f} MB")


if __name__ == "__main__":
    main()
