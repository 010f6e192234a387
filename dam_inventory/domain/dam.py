"""The draft of a dam, and the rules that a dam must follow.

Forms and scripts use `checked`, files use `checked_facts`; both share one set of field checks.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from numbers import Real
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from ..errors import InvalidDam
from . import partial_date, visible
from .field import MAX_LENGTH, Field, Kind
from .fields import FIELD, LABELS, REQUIRED
from .hints import hint
from .numbers import as_number

OTHER_FACTS = "other_facts"
"""The column of what no field describes."""

MAX_OTHER_FACTS = 300
"""The maximum number of facts of one dam that no field matches."""

MAX_OTHER_LENGTH = 10_000
"""The maximum length of such a fact, in characters."""

IDENTIFYING = ("dam_name", "latitude", "nid_id", "federal_id")
"""A dam from a file has at least one of these fields; a latitude stands for a location."""

Value = str | float | Mapping[str, str] | None
_UNKNOWN: Mapping[str, Value] = dict.fromkeys((*FIELD, OTHER_FACTS))
_Check = Callable[[Field, object], str | float | None]


class DamDraft:
    """The known values of a dam that is to be added; None or "" means unknown.

    date_built: a date, a month or a year in any format that `partial_date.parse` reads.
    latitude, longitude: degrees (WGS 84), as numbers or as text with a decimal point or comma.
    facts: values of other fields by name; see `domain.fields.FIELDS` for their units.
    other_facts: texts by heading, for what no field describes.
    Raises TypeError for a name that is not a field.
    """

    __slots__ = ("facts", "other_facts")

    def __init__(
        self,
        dam_name: str | None = None,
        owner: str | None = None,
        river: str | None = None,
        date_built: str | None = None,
        latitude: float | str | None = None,
        longitude: float | str | None = None,
        *,
        other_facts: Mapping[str, str] | None = None,
        **facts: float | str | None,
    ) -> None:
        for name in facts:
            if name not in FIELD:
                raise TypeError(f'A dam has no field "{name}".{hint(name, FIELD)}')
        self.facts: dict[str, Any] = {
            "dam_name": dam_name,
            "owner": owner,
            "river": river,
            "date_built": date_built,
            "latitude": latitude,
            "longitude": longitude,
            **facts,
        }
        self.other_facts = other_facts or {}

    def __getattr__(self, field: str) -> Any:
        if field in FIELD:
            return self.facts.get(field)
        raise AttributeError(field)

    def __repr__(self) -> str:
        known = {**self.facts, "other_facts": self.other_facts}
        return f"DamDraft({', '.join(f'{n}={v!r}' for n, v in known.items() if v)})"

    def checked(self, unknown: Collection[str] = ()) -> dict[str, Value]:
        """Check the draft against the rules of the form, and return its columns.

        unknown: fields that may be missing, because they have never had a value.
        Raises InvalidDam with one sentence for each field that breaks a rule.
        """
        values, errors = self._facts()
        for field in REQUIRED:
            if values.get(field) is None and field not in errors and field not in unknown:
                errors[field] = f"{LABELS[field]} is required."
        unplaced = [f for f in ("latitude", "longitude") if values.get(f) is None]
        was_placed = "latitude" not in unknown
        if (was_placed or len(unplaced) == 1) and any(f not in errors for f in unplaced):
            errors["location"] = "Location is required."
        if errors:
            raise InvalidDam(errors)
        return {**_UNKNOWN, **values}

    def checked_facts(self) -> dict[str, Value]:
        """Check a dam from a file, and return its known values by column.

        Nearly all values may be unknown. A dam without both coordinates, or at exactly 0, 0, has
        no location.
        Raises InvalidDam when a known value breaks a rule, or when the dam has
        no name, no location, and no ID that identifies it.
        """
        values, errors = self._facts()
        if errors:
            raise InvalidDam(errors)
        return identified(values)

    def _facts(self) -> tuple[dict[str, Value], dict[str, str]]:
        """Return the known values, and a sentence for each value that breaks a rule."""
        values: dict[str, Value] = {}
        errors: dict[str, str] = {}
        for name, value in self.facts.items():
            if value is None:
                continue
            try:
                checked = checked_value(name, value)
            except ValueError as error:
                errors[name] = str(error)
            else:
                if checked is not None:
                    values[name] = checked
        try:
            if others := _other_facts(self.other_facts):
                values["other_facts"] = others
        except ValueError as error:
            errors["other_facts"] = str(error)
        return values, errors


def checked_value(name: str, value: object) -> str | float | None:
    """Check one value of a field, and return it as the inventory keeps it.

    Raises ValueError with a sentence if the value breaks a rule.
    """
    field = FIELD[name]
    return _CHECKS[field.kind](field, value)


def identified(values: dict[str, Value], *, is_exact: bool = False) -> dict[str, Value]:
    """Return the known values of a dam from a file, without a location that is none.

    A dam without both coordinates, or at exactly 0, 0, has no location. is_exact: whether 0, 0 is
    no sign for nothing, but a place.
    Raises InvalidDam when the dam has no name, no location, and no ID that identifies it.
    """
    place = (values.get("latitude"), values.get("longitude"))
    if None in place or (place == (0.0, 0.0) and not is_exact):
        values.pop("latitude", None)
        values.pop("longitude", None)
    if values.keys().isdisjoint(IDENTIFYING):
        raise InvalidDam({"dam_name": "The row has no name, location or ID."})
    return values


def is_website(text: str) -> bool:
    """Return whether a page may link to a text: a web address of allowed length."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    is_web = address.scheme in ("http", "https") and bool(address.hostname)
    return is_web and text.isprintable() and " " not in text and len(text) <= MAX_LENGTH


def _text(field: Field, value: object) -> str | None:
    if _is_plain(value):
        return value.strip() or None
    return _clean(field.heading, value, field.max_length)


def _is_plain(value: object) -> TypeGuard[str]:
    """Return whether a value is a text to which no rule applies; files have millions of them."""
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and len(value) <= MAX_LENGTH
    )


def _clean(label: str, value: object, most: int) -> str | None:
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


def _other_facts(facts: Mapping[str, str]) -> dict[str, str]:
    if len(facts) > MAX_OTHER_FACTS:
        raise ValueError(
            f"The dam has {len(facts):,} other facts; the maximum is {MAX_OTHER_FACTS}."
        )
    known: dict[str, str] = {}
    for heading, value in facts.items():
        name = _clean("The name of a column", heading, MAX_LENGTH)
        text = value.strip() if _is_plain(value) else _clean(heading, value, MAX_OTHER_LENGTH)
        if name and text:
            known[name] = text
    return known


def _link(field: Field, value: object) -> str | None:
    text = _text(field, value)
    if text and not is_website(text):
        raise ValueError(
            f"{field.heading} must be a web address that starts with http:// or https://."
        )
    return text


def _date(field: Field, value: object) -> str | None:
    text = _clean(field.heading, value, MAX_LENGTH)
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
