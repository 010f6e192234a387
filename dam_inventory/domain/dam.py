"""The draft of a dam, and the rules that a dam must follow.

Forms and scripts use `checked`, files use `checked_facts`; both share one set of field checks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..errors import InvalidDam
from .checks import checked_value, clean, is_plain
from .field import MAX_LENGTH
from .fields import FIELD, LABELS, REQUIRED
from .hints import hint

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


def _other_facts(facts: Mapping[str, str]) -> dict[str, str]:
    if len(facts) > MAX_OTHER_FACTS:
        raise ValueError(
            f"The dam has {len(facts):,} other facts; the maximum is {MAX_OTHER_FACTS}."
        )
    known: dict[str, str] = {}
    for heading, value in facts.items():
        name = clean("The name of a column", heading, MAX_LENGTH)
        text = value.strip() if is_plain(value) else clean(heading, value, MAX_OTHER_LENGTH)
        if name and text:
            known[name] = text
    return known
