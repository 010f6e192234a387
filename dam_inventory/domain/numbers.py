"""Numbers as people type them, with a decimal point or comma, and as programs write them."""

from __future__ import annotations

import math
import re

_DECIMAL_COMMA = re.compile(r"\s*[+-]?[0-9]+,[0-9]+\s*")
_THOUSANDS = re.compile(r"\s*[+-]?[0-9]{1,3},[0-9]{3}\s*")


def as_number(text: str, *, is_below_thousand: bool = False) -> float:
    """Read a number; "39,5" is 39.5. Raises ValueError for other text.

    "1,250" could be 1250 or 1.25, so it is refused, unless the number `is_below_thousand`.
    """
    is_clear = is_below_thousand or not _THOUSANDS.fullmatch(text)
    if is_clear and _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if "_" in text:  # Python reads "1_5" as 15.
        raise ValueError(text)
    return float(text)


def read_number(text: str) -> float:
    """Return the finite number that another program has written, or NaN for other text."""
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
