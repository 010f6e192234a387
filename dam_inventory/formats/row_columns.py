"""The columns of a table, with what their texts mean."""

from __future__ import annotations

from typing import NamedTuple

from .left import Left, Reader
from .plain_cells import Plain

_REMEMBERED = 10_000
"""Of how many texts a column remembers what they mean: many cells of a column are the same."""


class Remembered(dict[str, "str | float | Left | None"]):
    """What the texts of a column mean, filled when they are met. An empty text means nothing.

    plain: the texts that need not be remembered. has_left: whether something was left of a text
    that was met. is_varied: whether most texts are met only once. met: how many were met for the
    first time.
    """

    def __init__(self, read: Reader, plain: Plain | None = None) -> None:
        self.read = read
        self.plain = plain
        self.has_left = False
        self.is_varied = False
        self.met = 0

    def __missing__(self, text: str) -> str | float | Left | None:
        self.met += 1
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[text] = self.read(text) if text else None
        if isinstance(value, Left):
            self.has_left = True
        return value


class Fact(NamedTuple):
    """A column that holds a field."""

    place: int
    field: str
    heading: str
    values: Remembered


class Other(NamedTuple):
    """A column that holds another fact."""

    place: int
    heading: str
    values: Remembered
