"""Hints for who has mistyped a name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.6
"""Below this ratio of `difflib`, a name is no other that was mistyped."""

_MAX_LISTED = 8
_MAX_LENGTH = 40


def hint(given: str, known: Iterable[str], prefix: str = "") -> str:
    """Return " Did you mean …?" with the nearest of the known names, or all of them if few.

    prefix: what all names begin with. Returns "" if none is near and there are many.
    """
    names = {one.removeprefix(prefix).casefold(): one for one in known}
    text = given.casefold().removeprefix(prefix.casefold())[:_MAX_LENGTH]
    if near := get_close_matches(text, names, 1, _ALIKE):
        return f' Did you mean "{names[near[0]]}"?'
    if 0 < len(names) <= _MAX_LISTED:
        return " Use " + " or ".join(f'"{one}"' for one in names.values()) + "."
    return ""
