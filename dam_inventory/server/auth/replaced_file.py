"""Replaces a file as a whole: readers see the old content or the new one."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Wait until no other process is in this block for the same folder. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace(path: Path, text: str) -> None:
    """Write a file anew, with its owner and its mode.

    A new file is private, and root gives it to the owner of the folder: the server that reads it
    is seldom root. Raises OSError, and then leaves the old file as it was.
    """
    try:
        like, mode = path.stat(), stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        like, mode = path.parent.stat(), stat.S_IRUSR | stat.S_IWUSR
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            made = os.fstat(descriptor)
            if (made.st_uid, made.st_gid) != (like.st_uid, like.st_gid) and (
                os.geteuid() == 0 or path.exists()
            ):
                os.fchown(descriptor, like.st_uid, like.st_gid)
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
