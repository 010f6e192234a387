"""Scratch: folders for temporary files, of which none outlives its process for long."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_HOST = hashlib.blake2b(platform.node().encode(), digest_size=4).hexdigest()
"""Computers, or containers, may share a folder of temporary files, but not their processes."""

_NAME = re.compile(rf"dam-inventory-{_HOST}-(\d+)-")
_STARTED = time.time()
_ATTEMPTS = 3
"""A thread may still write to a folder while it is removed."""


def folder() -> tempfile.TemporaryDirectory[str]:
    """Make a temporary folder, whose name tells which process has made it. Raises OSError."""
    return tempfile.TemporaryDirectory(prefix=f"dam-inventory-{_HOST}-{os.getpid()}-")


def remove_own() -> None:
    """Remove all folders of this process, which ends at once."""
    for _ in range(_ATTEMPTS):
        for path, process in _folders():
            if process == os.getpid():
                shutil.rmtree(path, ignore_errors=True)


def remove_of_the_dead() -> None:
    """Remove the folders of processes that were killed."""
    for path, process in _folders():
        if _is_left(path, process):
            shutil.rmtree(path, ignore_errors=True)


def _folders() -> Iterator[tuple[Path, int]]:
    for path in Path(tempfile.gettempdir()).glob(f"dam-inventory-{_HOST}-*"):
        if (named := _NAME.match(path.name)) and not path.is_symlink():
            yield path, int(named[1])


def _is_left(path: Path, process: int) -> bool:
    if os.name != "posix":
        return False  # There, signal 0 would end a process.
    try:
        if process == os.getpid():  # After a restart, a container gives the same numbers again.
            return path.stat().st_mtime < _STARTED
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False  # It is another user's, or has just been removed.
    return False
