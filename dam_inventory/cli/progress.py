"""Shows how far a command has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0
"""Where standard error is a file, as in a log of cron."""


@contextmanager
def progress(what: str, unit: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function to call with what was done since the last call.

    It draws a bar on a terminal, and writes a line every SECONDS_BETWEEN_LINES elsewhere.
    unit: "B" for bytes. total: None if it is unknown.
    """
    if sys.stderr.isatty():
        with tqdm(total=total, unit=unit, unit_scale=unit == "B", desc=what) as bar:

            def move(more: int) -> None:
                bar.update(more)

            yield move
        return
    done, told_at = 0, time.monotonic()

    def update(more: int) -> None:
        nonlocal done, told_at
        done += more
        if time.monotonic() - told_at >= SECONDS_BETWEEN_LINES:
            told_at = time.monotonic()
            share = f" of {total:,}" if total else ""
            print(f"{what}: {done:,}{share} {unit.strip()}", file=sys.stderr, flush=True)

    yield update
