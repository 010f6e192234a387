"""Backup of an SQLite inventory to a file."""

from __future__ import annotations

from pathlib import Path

from ..errors import InvalidBackup
from .condition import expect_file
from .file_copies import Contents, checked, copy, path_of_sqlite
from .new_file import beside, expect_regular_file, link
from .sqlite import is_beside


def backup(url: str, target: Path, *, force: bool = False) -> Contents:
    """Write a consistent copy of an inventory to one file that only its owner can read.

    force: overwrite an existing file; through a link, the file behind it. Raises InvalidBackup for
    a target that exists, can't be written, is not a regular file, or is the database itself; raises
    DatabaseMissing if there is no database.
    """
    path = path_of_sqlite(url, f"pg_dump --format=custom --file={target} {{}}")
    expect_file(url)
    _check_target(path, target, force=force)
    target = target.resolve()
    with beside(target) as new:
        copy(path, new)
        contents = checked(new, path.name)
        if force:
            new.replace(target)
        else:
            link(new, target)
    return contents


def _check_target(path: Path, target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise InvalidBackup(f"{target} is a directory. Choose a file name for the backup.")
    expect_regular_file(target)
    if target.exists() and target.samefile(path):
        raise InvalidBackup(f"{target} is the database itself. Choose another file.")
    if is_beside(target, path):
        raise InvalidBackup(f"{target} belongs to the database itself. Choose another file.")
    if target.exists() and not force:
        raise InvalidBackup(
            f"{target} already exists. Choose another file, or add --force to overwrite it."
        )
    if not target.absolute().parent.is_dir():
        raise InvalidBackup(
            f"{target} can't be written: the folder {target.parent} does not exist."
        )
