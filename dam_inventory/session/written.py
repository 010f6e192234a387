"""Written: a file that is sent to a browser part by part."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..errors import Cancelled, InvalidFile, NoStorage
from ..formats import scratch

PART = 256 * 1024
"""Size of a part in bytes; only the last one may be smaller."""

_LEVEL = 1
_GZIP = 31
"""The `wbits` of zlib for gzip."""


class FilePart(NamedTuple):
    """A part of the file. number: of the export. first: position of its first byte in the file."""

    number: int
    first: int
    encoded: str
    """The bytes as Base64."""


class Written:
    """A file in a temporary folder, compressed by gzip. Call `close` to delete it.

    A table shrinks to a tenth or less, which saves most of the way to the browser.
    """

    def __init__(self) -> None:
        self._folder = scratch.folder()
        self.path = Path(self._folder.name) / "export"
        self.size = 0
        """In bytes, once it is written: what is sent."""
        self.length = 0
        """In bytes, before it was compressed."""

    def take(self, chunks: Generator[bytes], is_cancelled: Callable[[], bool]) -> Generator[None]:
        """Write the file, a chunk at each step.

        Raises Cancelled, NoStorage if the disk is full, and as `chunks`.
        """
        compressor = zlib.compressobj(_LEVEL, wbits=_GZIP)
        try:
            with closing(chunks), self.path.open("wb") as opened:
                for chunk in chunks:
                    if is_cancelled():
                        raise Cancelled
                    opened.write(compressor.compress(chunk))
                    self.length += len(chunk)
                    yield
                opened.write(compressor.flush())
                self.size = opened.tell()
        except OSError as error:
            raise NoStorage(unstored(error)) from error

    def part(self, first: int) -> str:
        """Return the part that begins at a byte, as Base64."""
        try:
            with self.path.open("rb") as opened:
                opened.seek(first)
                return base64.b64encode(opened.read(PART)).decode()
        except OSError as error:
            raise InvalidFile(f"The server can't read the file: {error.strerror}.") from error

    def close(self) -> None:
        """Delete the file."""
        self._folder.cleanup()


def unstored(error: OSError) -> str:
    """Say that there is no room for a file, or why else it can't be kept."""
    return f"The server can't store the file: {error.strerror}."
