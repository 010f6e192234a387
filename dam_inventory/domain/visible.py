"""Characters of a text: those that people can see and tell apart are allowed.

After the ideas of RFC 8264 (PRECIS): no control characters, nothing that is ignored where it is
shown. The joiners that Persian, Hindi and emoji need are allowed.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

MAX_MARKS = 6
"""How many marks, such as accents, may follow each other; no language needs more."""

CONTROLS = "contains control characters."

_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
_BLANK = frozenset(
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}\N{HANGUL FILLER}"
    "\N{HALFWIDTH HANGUL FILLER}\N{BRAILLE PATTERN BLANK}\N{COMBINING GRAPHEME JOINER}"
    "\N{KHMER VOWEL INHERENT AQ}\N{KHMER VOWEL INHERENT AA}"
)
"""Letters and signs without any ink; Unicode does not count them as spaces."""

# Bidirectional overrides and isolates can disguise one name as another.
_DISGUISING = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]))
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_blank(text: str) -> bool:
    """Return whether nobody could see a text; marks need a letter that they belong to."""
    return all(
        one in _BLANK or unicodedata.category(one)[0] in "CZ" or _is_mark(one) for one in text
    )


def flaw(text: str) -> str:
    """Return what a text has that it may not have, to follow its label; "" for nothing."""
    if text.isascii() and text.isprintable():
        return ""
    if any(map(_is_control, text)):
        return CONTROLS
    for one in text:
        if _is_invisible(one):
            return f"contains an invisible character (U+{ord(one):04X}). Remove it."
    marks = (list(run) for is_mark, run in groupby(text, _is_mark) if is_mark)
    if any(len(run) > MAX_MARKS for run in marks):
        return f"has a letter with more than {MAX_MARKS} marks, such as accents."
    return ""


def without_flaws(text: str) -> str:
    """Replace control characters by spaces, and leave out what is invisible, and surplus marks."""
    if not flaw(text):
        return text
    kept = "".join(" " if _is_control(one) else one for one in text if not _is_invisible(one))
    runs = (list(run)[: MAX_MARKS if is_mark else None] for is_mark, run in groupby(kept, _is_mark))
    return "".join("".join(run) for run in runs)


def escaped(text: str, keep: str = "") -> str:
    """Return a text for a terminal or a log: control and invisible characters become escapes.

    keep: characters that stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        one.encode("unicode_escape").decode()
        if one not in keep and (_is_control(one) or _is_invisible(one))
        else one
        for one in text
    )


def _is_control(character: str) -> bool:
    return character in _DISGUISING or unicodedata.category(character) in _CONTROL


def _is_invisible(character: str) -> bool:
    if character in _BLANK:
        return True
    is_format = unicodedata.category(character) == "Cf"
    return is_format and character not in _JOINERS and character not in _DISGUISING


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")
