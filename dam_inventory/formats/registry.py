"""Opens a file that a person has, in any of the formats that can be read."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..errors import InvalidFile
from . import archive, delimited, excel, geojson, scratch, sniffing, vector
from .table import Refused, Row, Table
from .text import HEAD, Readable, Source


@contextmanager
def open_table(
    file: Path | Readable, name: str, on_progress: Callable[[int], None] | None = None
) -> Iterator[Table]:
    """Open a file as a table, and close it at the end.

    file: its path; or a stream, which is copied to a temporary file first.
    name: the name of the file as the person knows it.
    on_progress: called with the number of bytes of the file that were read since the last call.
    Raises InvalidFile, here or while the rows are read, if the file can't be read.
    """
    with ExitStack() as stack:
        try:
            if isinstance(file, Path) and not file.is_file():
                # A pipe can't be read twice.
                file = stack.enter_context(file.open("rb"))
            path = file if isinstance(file, Path) else _kept(file, stack)
            table = _table(path, on_progress or (lambda _: None), stack, "")
        except _UNREADABLE as error:
            raise _unreadable(name, error) from error
        table.rows = _guarded(table.rows, name)
        yield table


def _table(path: Path, on_progress: Callable[[int], None], stack: ExitStack, packed: str) -> Table:
    def source() -> Source:
        return Source(stack.enter_context(path.open("rb")), on_progress)

    with path.open("rb") as stream:
        kind = sniffing.kind_of(stream.read(HEAD))
    match kind:
        case "text":
            return delimited.table(source(), packed)
        case "json":
            return geojson.table(source, packed)
        case "workbook":
            return excel.table(path, on_progress)
        case "geopackage":
            return vector.table(path, on_progress, stack)
        case "gzip":
            return _gzipped(path, source(), on_progress, stack, packed)
        case "zip":
            return _zipped(path, on_progress, stack, packed)


def _gzipped(
    path: Path, whole: Source, on_progress: Callable[[int], None], stack: ExitStack, packed: str
) -> Table:
    packed = _packed("gzip", packed)
    plain = Source(stack.enter_context(gzip.GzipFile(fileobj=whole)), lambda _: None)
    if sniffing.kind_of(plain.head()) == "text":
        return delimited.table(plain, packed)
    with gzip.open(path) as stream:
        return _table(_kept(stream, stack), on_progress, stack, packed)


def _zipped(path: Path, on_progress: Callable[[int], None], stack: ExitStack, packed: str) -> Table:
    packed = _packed("zip", packed)
    zipped = stack.enter_context(zipfile.ZipFile(path))
    if archive.is_workbook(zipped):
        return excel.table(path, on_progress)
    member = archive.only_table(zipped)
    if member.filename.casefold().endswith(".shp"):
        unpacked = archive.shapefile(zipped, member, _folder(stack))
        return vector.shapefile(unpacked, path.stat().st_size, on_progress)
    share = path.stat().st_size / max(member.file_size, 1)
    source = Source(stack.enter_context(zipped.open(member)), on_progress, share)
    if sniffing.kind_of(source.head()) == "text":
        return delimited.table(source, packed)
    with zipped.open(member) as stream:
        return _table(_kept(stream, stack), on_progress, stack, packed)


def _packed(how: str, before: str) -> str:
    """Return how a file was packed; it may be packed twice, but not without end."""
    if " in " in before:
        raise InvalidFile("The file is packed more than twice. Unpack it first.")
    return f"{how} in {before}" if before else how


def _folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(scratch.folder()))


def _kept(stream: Readable, stack: ExitStack) -> Path:
    """Copy a stream to a temporary file, which is removed at the end."""
    path = _folder(stack) / "file"
    with path.open("wb") as copy:
        while data := stream.read(1 << 20):
            archive.check_size(copy.tell() + len(data))
            copy.write(data)
    return path


_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What gzip, zipfile and the file system raise. RuntimeError: a member has a password."""


def _guarded(rows: Iterator[Row | Refused], name: str) -> Iterator[Row | Refused]:
    try:
        yield from rows
    except _UNREADABLE as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> InvalidFile:
    if isinstance(error, OSError) and error.strerror:
        return InvalidFile(f"{name} can't be read: {error.strerror}.")
    if "password" in str(error):
        return InvalidFile(f"{name} is protected by a password. Remove it first.")
    return InvalidFile(f"{name} can't be read: it is damaged, or not complete ({error}).")
