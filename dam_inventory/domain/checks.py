"""Checks of one value of a field, by the kind of the field."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from numbers import Real
from typing import TypeGuard
from urllib.parse import urlsplit

from . import partial_date, visible
from .field import MAX_LENGTH, Field, Kind
from .fields import FIELD
from .numbers import as_number

_Check = Callable[[Field, object], str | float | None]


def checked_value(name: str, value: object) -> str | float | None:
    """Check one value of a field, and return it as the inventory keeps it.

    Raises ValueError with a sentence if the value breaks a rule.
    """
    field = FIELD[name]
    return _CHECKS[field.kind](field, value)


def is_website(text: str) -> bool:
    """Return whether a page may link to a text: a web address of allowed length."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    is_web = address.scheme in ("http", "https") and bool(address.hostname)
    return is_web and text.isprintable() and " " not in text and len(text) <= MAX_LENGTH


def _text(field: Field, value: object) -> str | None:
    if is_plain(value):
        return value.strip() or None
    return clean(field.heading, value, field.max_length)


def is_plain(value: object) -> TypeGuard[str]:
    """Return whether a value is a text to which no rule applies; files have millions of them."""
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and len(value) <= MAX_LENGTH
    )


def clean(label: str, value: object, most: int) -> str | None:
    """Return a text without blanks around it, None if nothing of it can be seen.

    Raises ValueError if it has more than `most` characters, or some that a text may not contain.
    """
    if not value:
        return None
    text = unicodedata.normalize("NFC", str(value)).strip()
    wrong = visible.flaw(text)
    if wrong != visible.CONTROLS and visible.is_blank(text):
        return None
    if wrong:
        raise ValueError(f"{label} {wrong}")
    if len(text) > most:
        raise ValueError(f"{label} has {len(text):,} characters; the maximum is {most:,}.")
    return text or None


def _link(field: Field, value: object) -> str | None:
    text = _text(field, value)
    if text and not is_website(text):
        raise ValueError(
            f"{field.heading} must be a web address that starts with http:// or https://."
        )
    return text


def _date(field: Field, value: object) -> str | None:
    text = clean(field.heading, value, MAX_LENGTH)
    return partial_date.parse(text) if text else None


def _number(label: str, value: object, *, is_below_thousand: bool = False) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, str):
            number = as_number(value, is_below_thousand=is_below_thousand)
        else:
            number = _float(value)
    except (ValueError, OverflowError):
        raise ValueError(f'{label} must be a number, not "{str(value).strip()[:40]}".') from None
    if not math.isfinite(number):
        raise ValueError(f"{label} must be a finite number, not {value}.")
    return number


def _float(value: object) -> float:
    # Databases and tables have decimals, which Python does not count among the real numbers.
    if not isinstance(value, float | Real | Decimal):
        raise ValueError(value)
    return float(value)


def _degrees(field: Field, value: object) -> float | None:
    limit = 90 if field.name == "latitude" else 180
    number = _number(field.heading, value, is_below_thousand=True)
    if number is not None and abs(number) > limit:
        raise ValueError(f"{field.heading} must be between -{limit} and {limit}, not {value}.")
    return number


def _measure(field: Field, value: object) -> float | None:
    number = _number(field.heading, value)
    if number is not None and number < 0:
        raise ValueError(f"{field.heading} must not be negative, but is {value}.")
    return number


_CHECKS: dict[Kind, _Check] = {
    "text": _text,
    "texts": _text,
    "category": _text,
    "categories": _text,
    "date": _date,
    "number": _measure,
    "degrees": _degrees,
    "link": _link,
}
