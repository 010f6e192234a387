"""New files for a database: written beside their final name, and moved there when complete."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from ..errors import InvalidBackup
from .sqlite import wal_of


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Create an empty file in the folder of another one, to replace it; clean up at the end.

    Raises InvalidBackup if that can't be done.
    """
    new = path.absolute().with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield new
    except OSError as error:
        raise InvalidBackup(f"{path} can't be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        if not is_full(error):
            raise
        raise InvalidBackup(
            f"{path} can't be written: its disk is full. Nothing was changed."
        ) from error
    finally:
        for one in (new, wal_of(new), Path(f"{new}-shm"), Path(f"{new}-journal")):
            with suppress(OSError):
                one.unlink()


def is_full(error: sqlite3.Error) -> bool:
    """Return whether a disk has no room for what was to be written."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def expect_regular_file(path: Path) -> None:
    """Raise InvalidBackup for a device, a pipe, a socket or a folder: a file would replace it."""
    if path.exists() and not path.is_file():
        raise InvalidBackup(f"{path} is not a regular file. Choose another file.")


def own_like(new: Path, path: Path) -> None:
    """Give a new file the owner of the old file, or of the folder if there is no old file."""
    status = (path if path.exists() else path.parent).stat()
    new.chmod(status.st_mode & 0o666 if path.exists() else 0o644)
    with suppress(PermissionError):
        os.chown(new, status.st_uid, status.st_gid)


def link(new: Path, target: Path) -> None:
    """Give a new file its final name. Raises InvalidBackup if another file has got it."""
    try:
        os.link(new, target)
    except FileExistsError:
        raise InvalidBackup(f"{target} was created in the meantime. Nothing was written.") from None
    except OSError:  # the file system does not support hard links
        new.replace(target)
