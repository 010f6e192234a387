"""Reads the lines of a text file in UTF-8 or Windows-1252, plain or gzipped."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from ..errors import InvalidFile

_ENCODING_ERRORS = "dam_inventory.windows-1252"


def text_lines(stream: BinaryIO, on_progress: Callable[[int], None]) -> Iterator[str]:
    """Yield the lines of a file with their original line endings, without a byte-order mark.

    stream: UTF-8 or Windows-1252, plain or gzipped; it is read once, forward.
    on_progress: called with the number of bytes read since the last call.
    Raises InvalidFile, during iteration, if the file is not text or can't be read.
    """
    plain = io.BufferedReader(_Counted(stream, on_progress), 1 << 16)
    try:
        is_gzip = plain.peek(2)[:2] == b"\x1f\x8b"
        raw = gzip.GzipFile(fileobj=plain) if is_gzip else plain
        for line in io.TextIOWrapper(raw, "utf-8-sig", errors=_ENCODING_ERRORS, newline=""):
            if "\0" in line:
                raise InvalidFile("The file is not a text file. Save it as UTF-8 CSV.")
            yield line
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidFile(f"The file can't be read: {error}.") from error


class _Counted(io.RawIOBase):
    """A stream that reports how many bytes were read."""

    def __init__(self, stream: BinaryIO, on_progress: Callable[[int], None]) -> None:
        self._stream = stream
        self._on_progress = on_progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._on_progress(len(data))
        return len(data)


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("windows-1252"), error.end
    except UnicodeDecodeError:
        # Five bytes are undefined in Windows-1252. As control characters, their row is refused.
        return wrong.decode("latin-1"), error.end


codecs.register_error(_ENCODING_ERRORS, _windows_1252)
