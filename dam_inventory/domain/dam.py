"""The draft of a dam, and the rules that a dam must follow.

Forms and scripts use `checked`, files use `checked_facts`; both share one set of field checks.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from numbers import Real
from urllib.parse import urlsplit

from ..errors import InvalidDam
from . import partial_date

MAX_LENGTH = 200
"""The maximum length of a text field, in characters."""

TEXTS = {
    "dam_name": "Name",
    "owner": "Owner",
    "river": "River",
    "nid_id": "NID ID",
    "federal_id": "Federal ID",
    "other_structure_id": "Other structure ID",
    "owner_type": "Owner type",
    "state": "State",
    "county": "County",
    "purposes": "Purposes",
    "dam_type": "Dam type",
    "hazard_potential": "Hazard potential",
    "website": "Website",
}
MEASURES = {
    "nid_height_ft": "NID height (ft)",
    "nid_storage_acre_ft": "NID storage (acre-ft)",
    "length_ft": "Length (ft)",
}
LABELS = {
    **TEXTS,
    "date_built": "Date built",
    "latitude": "Latitude",
    "longitude": "Longitude",
    **MEASURES,
}
"""The label of each field on the page, in tables and in messages."""

REQUIRED = ("dam_name", "owner", "river", "date_built")

# Bidirectional overrides and isolates can disguise one name as another. The joiners that
# Persian, Hindi and emoji need are in the same Unicode category (Cf); they are allowed.
_FORBIDDEN_FORMAT = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]))
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})

Value = str | float | None
_Check = Callable[[str, object], Value]


@dataclass(frozen=True, slots=True)
class DamDraft:
    """The known values of a dam that is to be added; None or "" means unknown.

    date_built: a date, a month or a year in any format that `partial_date.parse` reads.
    latitude, longitude: degrees (WGS 84), as numbers or as text with a decimal point.
    nid_height_ft, length_ft: feet. nid_storage_acre_ft: acre-feet.
    """

    dam_name: str | None = None
    owner: str | None = None
    river: str | None = None
    date_built: str | None = None
    latitude: float | str | None = None
    longitude: float | str | None = None
    nid_id: str | None = None
    federal_id: str | None = None
    other_structure_id: str | None = None
    owner_type: str | None = None
    state: str | None = None
    county: str | None = None
    purposes: str | None = None
    dam_type: str | None = None
    hazard_potential: str | None = None
    nid_height_ft: float | str | None = None
    nid_storage_acre_ft: float | str | None = None
    length_ft: float | str | None = None
    website: str | None = None

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
        return values

    def checked_facts(self) -> dict[str, Value]:
        """Check a dam from a file, of which nearly all values may be unknown; return its columns.

        A dam without both coordinates, or at exactly 0, 0, has no location.
        Raises InvalidDam when a known value breaks a rule, or when the dam has
        no name, no location, and no ID that identifies it.
        """
        values, errors = self._facts()
        place = (values.get("latitude"), values.get("longitude"))
        if None in place or place == (0.0, 0.0):
            values["latitude"] = values["longitude"] = None
        identifying = ("dam_name", "latitude", "nid_id", "federal_id")
        if not errors and all(values[field] is None for field in identifying):
            errors["dam_name"] = "The row has no name, location or ID."
        if errors:
            raise InvalidDam(errors)
        return values

    def _facts(self) -> tuple[dict[str, Value], dict[str, str]]:
        values: dict[str, Value] = {}
        errors: dict[str, str] = {}
        for field, check in _CHECKS.items():
            try:
                values[field] = check(LABELS[field], getattr(self, field))
            except ValueError as error:
                errors[field] = str(error)
        return values, errors


def is_website(text: str) -> bool:
    """Return whether a page may link to a text: a web address of allowed length."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    is_web = address.scheme in ("http", "https") and bool(address.hostname)
    return is_web and text.isprintable() and " " not in text and len(text) <= MAX_LENGTH


def _text(label: str, value: object) -> str | None:
    if not value:
        return None
    text = unicodedata.normalize("NFC", str(value)).strip()
    if not text.isprintable():
        if any(
            character in _FORBIDDEN_FORMAT
            or unicodedata.category(character) in _FORBIDDEN_CATEGORIES
            for character in text
        ):
            raise ValueError(f"{label} contains control characters.")
        if all(unicodedata.category(character)[0] in "CZ" for character in text):
            return None
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{label} has {len(text)} characters; the maximum is {MAX_LENGTH}.")
    return text or None


def _website(label: str, value: object) -> str | None:
    text = _text(label, value)
    if text and not is_website(text):
        raise ValueError(f"{label} must be a web address that starts with http:// or https://.")
    return text


def _date(label: str, value: object) -> str | None:
    text = _text(label, value)
    return partial_date.parse(text) if text else None


def _number(label: str, value: object) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = float(value) if isinstance(value, (str, float, Real)) else math.nan
    except (ValueError, OverflowError):
        raise ValueError(f'{label} must be a number, not "{str(value).strip()[:40]}".') from None
    if not math.isfinite(number):
        raise ValueError(f"{label} must be a finite number, not {value}.")
    return number


def _degrees(limit: float) -> _Check:
    def check(label: str, value: object) -> float | None:
        number = _number(label, value)
        if number is not None and abs(number) > limit:
            raise ValueError(f"{label} must be between -{limit} and {limit}, not {value}.")
        return number

    return check


def _measure(label: str, value: object) -> float | None:
    number = _number(label, value)
    if number is not None and number < 0:
        raise ValueError(f"{label} must not be negative, but is {value}.")
    return number


_CHECKS: dict[str, _Check] = {
    **dict.fromkeys(TEXTS, _text),
    "website": _website,
    "date_built": _date,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    **dict.fromkeys(MEASURES, _measure),
}
