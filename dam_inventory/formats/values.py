"""Reads numbers and signs for an unknown value from the text of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

DecimalMark = Literal["", ".", ","]
"""What separates the decimals of a column: "" if nothing tells 1.234 from 1234."""

_SIGNS = frozenset({
    "", "na", "n/a", "n.a.", "n. a.", "n/d", "n.d.", "nan", "nil", "null", "(null)", "<null>",
    "<na>", "[null]", "(blank)", "\\n", "1.#qnan", "1.#ind", "-1.#ind", "nodata",
})  # fmt: skip
_UNKNOWN = _SIGNS | frozenset({
    "none", "unknown", "unk", "unk.", "not known", "no data", "not available", "not applicable",
    "missing", "tbd", "undefined", "inf", "-inf",
})  # fmt: skip
_LONGEST = max(map(len, _UNKNOWN))
_ERROR = re.compile(r"#(?:n/?a|value|ref|div/0|name|num|null|spill|calc|getting_data)[!?]?", re.I)
_MARKS_ONLY = re.compile(r"[\s\-\u2010-\u2015\u2212?.*_/\\\u2026]*")
_NINES = re.compile(
    r"-9{2,}(?:[.,][09]+)?|-?1[.,]7976931348623\d*e\+?308|-3[.,]402823\d*e\+?38", re.I
)

_SPACES = "\u0020\u00a0\u2007\u2009\u202f'\u2019"
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.I)
_SPACED = re.compile(rf"[+-]?\d{{1,3}}([{_SPACES}])\d{{3}}(?:\1\d{{3}})*(?:[.,]\d+)?")
_COMMA_ONCE = re.compile(r"[+-]?\d{1,3},\d{3}")
_POINT_ONCE = re.compile(r"[+-]?\d{1,3}\.\d{3}")
_COMMA_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+\.\d*|(?:,\d{3}){2,})")
_POINT_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d*|(?:\.\d{3}){2,})")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:e[+-]?\d+)?", re.I)
_ZERO_FIRST = re.compile(r"[+-]?0[.,]\d+")


def is_error(text: str) -> bool:
    """Return whether a spreadsheet shows a text instead of a value: "#N/A"."""
    return _ERROR.fullmatch(text.strip()) is not None


def is_blank(text: str) -> bool:
    """Return whether a text has no letter and no digit: "", "-" or "?"."""
    return _MARKS_ONLY.fullmatch(text) is not None


def is_sign(text: str) -> bool:
    """Return whether a text is a sign for nothing, and no word: "N/A", "-" or "#N/A"."""
    return _is_among(_SIGNS, text)


def is_unknown(text: str) -> bool:
    """Return whether a text stands for an unknown value: such a sign, or a word: "unknown"."""
    return _is_among(_UNKNOWN, text)


def _is_among(known: frozenset[str], text: str) -> bool:
    if len(text) > _LONGEST and text[0].isalnum():
        return False
    plain = " ".join(text.casefold().split())
    if plain in known:
        return True
    return not plain[0].isalnum() and (is_blank(plain) or is_error(plain))


def is_no_number(text: str) -> bool:
    """Return whether a text stands for an unknown number, which can't be negative: "-9999"."""
    return _NINES.fullmatch(text.strip()) is not None


def number(text: str, mark: DecimalMark) -> float:
    """Read a number in any of the usual spellings, such as 1562.5, 1,562.5, 1.562,5 or 1 562.

    Raises ValueError if the text is none, or if its decimals can't be told from thousands.
    """
    text = text.strip().replace("\u2212", "-")
    if _SPACED.fullmatch(text):
        text = re.sub(f"[{_SPACES}]", "", text)
        return float(text.replace(",", "."))
    if _COMMA_ONCE.fullmatch(text) and not _ZERO_FIRST.fullmatch(text):
        return _once(text, ",", mark)
    if _POINT_ONCE.fullmatch(text) and mark != "." and not _ZERO_FIRST.fullmatch(text):
        return _once(text, ".", mark)
    if _PLAIN.fullmatch(text):
        return float(text)
    if _COMMA_THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    if _POINT_THOUSANDS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    raise ValueError(text)


def decimal_mark(cells: Iterable[str]) -> DecimalMark:
    """Return what separates decimals in cells, if one of them tells, and none says otherwise."""
    found: set[DecimalMark] = set()
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        text = cell.strip()
        if is_ambiguous(text):
            continue
        if _COMMA_THOUSANDS.fullmatch(text) or ("." in text and _PLAIN.fullmatch(text)):
            found.add(".")
        elif _POINT_THOUSANDS.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text):
            found.add(",")
        elif _SPACED.fullmatch(text):
            found.add("," if "," in text else ".")
    return found.pop() if len(found) == 1 else ""


def is_ambiguous(text: str) -> bool:
    """Return whether a text can be a number with three decimals, or one of thousands."""
    text = text.strip()
    once = _COMMA_ONCE.fullmatch(text) or _POINT_ONCE.fullmatch(text)
    return once is not None and _ZERO_FIRST.fullmatch(text) is None


def _once(text: str, separator: str, mark: DecimalMark) -> float:
    if not mark:
        thousands = text.replace(separator, "")
        decimals = text.replace(separator, ".")
        raise ValueError(f'"{text}" can be {thousands} or {decimals}.')
    return float(text.replace(",", ".") if separator == mark else text.replace(separator, ""))
