"""What a person reads on a terminal, in a log or through a pipe: nothing is lost, or hidden."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ..domain.visible import escaped
from ..errors import DamInventoryError

UNTOLD = "Other processes hear of this within a heartbeat"
"""What it means that a command could not wake the processes that serve a database."""

LEVELS = {"ok": "32", "warning": "33", "error": "31"}
"""The colors of levels: the numbers of ECMA-48 for green, yellow and red."""


def prepare() -> None:
    """Replace closed streams, and escape characters that the terminal does not know.

    A closed standard output becomes a pipe without a reader, which every command can handle.
    """
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), closefd=False, encoding="utf-8")
    if sys.stdout is None:
        # The lower number, which is 1: a file that is opened next must not become the output.
        first, second = os.pipe()
        os.dup2(second, first)
        os.close(second)
        sys.stdout = os.fdopen(first, "w", closefd=False, encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(
            os.open(os.devnull, os.O_WRONLY), "w", closefd=False, encoding="utf-8"
        )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def complain(text: str) -> None:
    """Write to standard error, after all that standard output has got so far.

    What a file or a person has named can't move the cursor, so it overwrites nothing.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
    print("\n".join(map(escaped, text.split("\n"))), file=sys.stderr, flush=True)


@contextmanager
def complaining(what: str) -> Iterator[None]:
    """Say in a sentence what failed after a command has done its work, and go on."""
    try:
        yield
    except DamInventoryError as error:
        complain(f"{what}: {error}")


def discard_output() -> None:
    """Give standard output no reader: Python would flush it once more at its end, and fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def ends_with_its_reader() -> Iterator[None]:
    """End in order, without a word, when a reader such as `head` has had enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()


def colored(level: str) -> str:
    """Return the name of a level, in its color on a terminal where NO_COLOR is not set."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if is_plain or not sys.stdout.isatty():
        return level
    return f"\x1b[{LEVELS[level]}m{level}\x1b[0m"
