"""Reads the lines of a text file, whatever its encoding."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import Any, Protocol

HEAD = 1 << 16
"""From how many bytes at the beginning encoding, separator and format are found out."""

_WINDOWS_1252 = "dam_inventory.windows-1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def encoding_of(head: bytes) -> tuple[str, str] | None:
    """Return the encoding of a text, for Python and for people; None if it is no text.

    head: its beginning. A text in Windows-1252 is read as UTF-8, with the former for what is none.
    """
    for mark, encoding, name in _MARKS:
        if head.startswith(mark):
            return encoding, name
    if b"\0" in head:
        return _without_mark(head)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "utf-8", "Windows-1252"
    return "utf-8", "UTF-8"


def decoded(head: bytes, encoding: str) -> str:
    """Return the beginning of a text, without what was cut off within a character."""
    return codecs.getincrementaldecoder(encoding)(_WINDOWS_1252).decode(head).removeprefix("\ufeff")


def whole(content: bytes) -> str | None:
    """Return a whole text without a byte-order mark; None if it is no text."""
    found = encoding_of(content)
    text = found and content.decode(found[0], _WINDOWS_1252).removeprefix("\ufeff")
    return None if text is None or "\0" in text else text


def lines(source: Source, encoding: str) -> Iterator[str]:
    """Yield the lines of a text with their original line endings, without a byte-order mark."""
    text = io.TextIOWrapper(
        io.BufferedReader(source, HEAD), encoding, errors=_WINDOWS_1252, newline=""
    )
    first = text.readline().removeprefix("\ufeff")
    if first:
        yield first
    yield from text


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


class Source(io.RawIOBase):
    """A stream of which the beginning may be looked at, and that reports how much was read.

    on_progress: called with the number of bytes read since the last call.
    share: how many bytes of the person's file each byte stands for.
    """

    def __init__(
        self, stream: Readable, on_progress: Callable[[int], None], share: float = 1.0
    ) -> None:
        self._stream = stream
        self._on_progress = on_progress
        self._share = share
        self._rest = 0.0
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def head(self) -> bytes:
        """Return the first bytes, which are still read afterwards."""
        while len(self._ahead) < HEAD and (data := self._read(HEAD - len(self._ahead))):
            self._ahead += data
        return self._ahead

    def readinto(self, buffer: Any) -> int:
        if self._ahead:
            data, self._ahead = self._ahead[: len(buffer)], self._ahead[len(buffer) :]
        else:
            data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._rest += len(data) * self._share
        whole = int(self._rest)
        self._rest -= whole
        self._on_progress(whole)
        return data


def _without_mark(head: bytes) -> tuple[str, str] | None:
    """Return the kind of UTF-16 in which every other byte is 0, as in most languages."""
    half = len(head) // 2
    if half == 0:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le", "UTF-16"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be", "UTF-16"
    return None


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding not in ("utf-8", "utf8"):
        return "\ufffd", error.end
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("windows-1252"), error.end
    except UnicodeDecodeError:
        # Five bytes are undefined in Windows-1252. As control characters, their cell is not read.
        return wrong.decode("latin-1"), error.end


codecs.register_error(_WINDOWS_1252, _windows_1252)
