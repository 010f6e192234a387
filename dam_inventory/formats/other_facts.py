"""Reads other facts: the cells of columns that hold no field."""

from __future__ import annotations

import json

from ..domain.dam import MAX_OTHER_LENGTH
from ..domain.field import MAX_LENGTH
from ..domain.visible import without_flaws
from .left import Left
from .values import is_sign


def plain(text: str) -> str | Left | None:
    """Read the cell of any file: None for a sign for nothing."""
    found = kept(text)
    return None if is_sign(found) else _limited(found, text)


def exact(text: str) -> str | Left | None:
    """Read the cell of an export, which means what it says."""
    found = without_flaws(text).strip()
    return _limited(found[:MAX_OTHER_LENGTH], found) if found else None


def of_object(text: str) -> dict[str, str] | None:
    """Return the other facts that the GeoJSON of an export has as one object; None for no object.

    A text that is too long is cut.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        return None
    if not isinstance(found, dict):
        return None
    facts: dict[str, str] = {}
    for name, value in found.items():
        heading = without_flaws(name).strip()[:MAX_LENGTH]
        read = exact(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        if heading and read:
            facts[heading] = str(read.value if isinstance(read, Left) else read)
    return facts


def kept(text: str) -> str:
    """Return a text without control characters, which no text may contain."""
    return " ".join(without_flaws(text).split())[:MAX_OTHER_LENGTH]


def _limited(found: str, text: str) -> str | Left:
    if len(text) <= MAX_OTHER_LENGTH:
        return found
    reason = f"The text has {len(text):,} characters; {MAX_OTHER_LENGTH:,} of them are kept."
    return Left(found, reason)
