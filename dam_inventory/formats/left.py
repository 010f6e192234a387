"""Left: a cell that is not read, or not all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..domain.checks import checked_value


class Left(NamedTuple):
    """A cell of which something is left unread, so that its text is kept as another fact.

    value: what was read, or None. reason: why it was not read; "" if the value is right, and the
    cell says more.
    """

    value: str | float | None
    reason: str


Reader = Callable[[str], "str | float | Left | None"]
"""Reads the text of a cell; None stands for an unknown value."""


def checked(name: str, value: str) -> str | float | Left | None:
    """Return a value as the inventory keeps it, or why a field can't hold it."""
    try:
        return checked_value(name, value)
    except ValueError as error:
        return Left(None, str(error))
