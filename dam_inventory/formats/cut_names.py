"""Names of which a Shapefile has kept the first ten characters: "NID_STORAG"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from ..domain.fields import FIELDS
from .nid_codes import plain_name
from .nid_headings import HEADINGS

LENGTH = 10
"""The length of the names in a Shapefile."""

_SHORTEST = 6
"""As few letters and digits still name a field."""

_SEVERAL = 3

_IDENTIFIER = re.compile(r"\w*(?:_|[a-z](?=[A-Z]))\w*|[A-Z0-9]+")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


_SPELLED = [
    _words(text)
    for field in FIELDS
    for text in (field.name, field.label, HEADINGS.get(field.name, ""))
]
_WORDS = frozenset(word for words in _SPELLED for word in words if len(word) > 3)
_BEGINNINGS = frozenset(start for words in _SPELLED for start in accumulate(words))


def field_of(heading: str, fields: Mapping[str, str]) -> str | None:
    """Return the one field whose name begins like a heading of ten characters; else None.

    fields: by name, as `plain_name` has it.
    """
    if len(heading) != LENGTH:
        return None
    start = plain_name(heading)
    if "_" in heading[-3:]:
        # GDAL numbers names that are the same once they are cut: STATE_RE_1.
        start = start.rstrip("0123456789")
    found = {field for name, field in fields.items() if name.startswith(start)}
    return found.pop() if len(start) >= _SHORTEST and len(found) == 1 else None


def is_sure(heading: str) -> bool:
    """Return whether a heading that may be cut is, wherever it stands.

    It is written as names in Shapefiles are, and does not end with a whole word: "Structural"
    may be all that its author has to say.
    """
    return bool(_IDENTIFIER.fullmatch(heading)) and _ends_within_a_word(heading)


def are_of_shapefile(headings: Sequence[str], may_be_cut: Sequence[str]) -> bool:
    """Return whether a header has the names of a Shapefile, whatever the format of the file is.

    Then none is longer; and one that may be cut is sure to be, or several end within a word.
    """
    if max(map(len, headings), default=0) > LENGTH:
        return False
    return any(map(is_sure, may_be_cut)) or sum(map(_ends_within_a_word, may_be_cut)) >= _SEVERAL


def _ends_within_a_word(heading: str) -> bool:
    words = _words(heading)
    is_whole = words[-1:] and (words[-1] in _WORDS or plain_name(heading) in _BEGINNINGS)
    return heading.endswith("_") or not is_whole
