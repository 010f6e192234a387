"""Files that a command must not overwrite, whatever its options say."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from ..database.sqlite import is_beside, path_of
from ..errors import InvalidFile


def expect_other_file(target: Path, database_url: str, source: str = "") -> None:
    """Raise InvalidFile if a file to write is the database, or the file that is read.

    The files that SQLite keeps beside a database belong to it.
    source: the name of the file that is read, if there is one.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if is_beside(target, path_of(url)):
            raise InvalidFile(f"{target} belongs to the database itself. Choose another file.")
        if _is_same(target, path_of(url)):
            raise InvalidFile(f"{target} is the database itself. Choose another file.")
    if source and _is_same(target, Path(source)):
        raise InvalidFile(f"{target} is the file that is read. Choose another file.")


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
