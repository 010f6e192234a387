"""Texts that a spreadsheet would run as formulas."""

from __future__ import annotations

_STARTS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
AT_RISK = f"^[{_STARTS}]"
"""A regular expression. The last ones are the wide signs that Excel in East Asia takes, too."""

_STARTS_OF_TEXT = frozenset(_STARTS.replace("\\", ""))


def safe(text: str) -> str:
    """Return a text that no spreadsheet runs: with an apostrophe in front, if it needs one."""
    return f"'{text}" if text[:1] in _STARTS_OF_TEXT and text else text
