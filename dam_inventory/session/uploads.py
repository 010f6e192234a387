"""Upload: a file that a browser sends in parts, kept in a temporary folder."""

from __future__ import annotations

import base64
import re
from pathlib import Path, PurePosixPath

from ..errors import InvalidFile
from ..formats import scratch

PART = 256 * 1024
"""Size of a part in bytes; only the last one may be smaller."""

_MAX_NAME_LENGTH = 200
_PARTS_OF_SHAPEFILE = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_UNSENT = "The file did not arrive as it was sent. Nothing was changed. Choose it again."


class Upload:
    """A file that arrives part by part. Call `close` to delete it.

    name: the file's name, as a browser sends it. size: in bytes. most: the largest size allowed.
    Raises InvalidFile for a file that need not be sent, because it can't be imported, or if the
    server has no room for temporary files.
    """

    def __init__(self, name: str, size: int, most: int) -> None:
        self.name = " ".join(name.split())[:_MAX_NAME_LENGTH] or "file"
        self.size = size
        check(self.name, size, most)
        # The name is another person's: only its ending is used, by which GDAL knows some formats.
        ending = re.sub(r"[^.a-z0-9]", "", PurePosixPath(self.name.lower()).suffix)
        try:
            self._folder = scratch.folder()
            self.path = Path(self._folder.name) / f"upload{ending}"
            self.path.touch()
        except OSError as error:
            raise self._unstored(error) from error
        self.arrived = 0
        """In bytes."""

    @property
    def is_complete(self) -> bool:
        """Whether all parts have arrived."""
        return self.arrived == self.size

    def take(self, first: int, encoded: str) -> None:
        """Append a part; raise InvalidFile if it is not the next one.

        first: the position of its first byte in the file. encoded: its bytes as Base64.
        """
        most = min(PART, self.size - self.arrived)
        try:
            part = base64.b64decode(encoded[: 2 * PART], validate=True)
        except ValueError:  # not ASCII, or not Base64
            part = b""
        if first != self.arrived or len(part) != most or not part:
            raise InvalidFile(_UNSENT)
        try:
            with self.path.open("ab") as file:
                file.write(part)
        except OSError as error:
            raise self._unstored(error) from error
        self.arrived += len(part)

    def close(self) -> None:
        """Delete the file."""
        self._folder.cleanup()

    def _unstored(self, error: OSError) -> InvalidFile:
        return InvalidFile(
            f'The server can\'t store "{self.name}": {error.strerror}. Nothing was changed.'
        )


def check(name: str, size: int, most: int) -> None:
    """Raise InvalidFile for a file that need not be sent, because it can't be imported."""
    ending = PurePosixPath(name.lower()).suffix
    if ending in _PARTS_OF_SHAPEFILE:
        raise InvalidFile(
            f'"{name}" is one part of a shapefile. Put its .shp, .shx, .dbf and .prj files into '
            "one .zip file, and choose that."
        )
    if size <= 0:
        raise InvalidFile(f'"{name}" is empty. Choose another file.')
    if size > most:
        raise InvalidFile(
            f'"{name}" has {size_in_words(size)}, but a file may have at most '
            f"{size_in_words(most)}. Compress it as .gz or .zip, or split it."
        )


def size_in_words(size: int) -> str:
    """Return a size in bytes in words; for example "3 kB", "0.3 MB" or "1,250 MB"."""
    if size < 100_000:
        return f"{max(size / 1e3, 1):.0f} kB"
    number = size / 1e6
    return f"{number:.1f} MB" if number < 10 else f"{number:,.0f} MB"
