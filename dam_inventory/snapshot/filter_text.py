"""Filters as text, easy to read and edit: in the address of the page, in the API, in commands."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..domain.due import DUES
from ..domain.fields import FACETS
from ..domain.hints import hint
from ..domain.numbers import read_number
from ..domain.quality import QUALITIES
from ..errors import InvalidFilter
from .criteria import (
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    ONLY_UNKNOWN,
    UNKNOWN,
    Criteria,
    Near,
    Range,
    dues_of,
    flags_of,
    texts_of,
)
from .filters import MAX_SEARCH_LENGTH, DamFilter, criteria_of
from .ranges import RANGES
from .region import Region

UNKNOWN_TEXT = "unknown"
_ESCAPE = "~"
_BETWEEN = ".."
_YES_NO = {"yes": True, "no": False}
SHORT = {
    "hazard": "hazard_potential",
    "condition": "condition_assessment",
    "height": "nid_height_ft",
    "storage": "nid_storage_acre_ft",
}
NAMES = ("search", *FACETS, *RANGES, "hydrograph", "quality", "due", "near", "region")
"""The names of the conditions that `criteria` reads."""

RANGE_FORM = "low..high, with either end left out, or unknown"
_FORMS = {
    **dict.fromkeys(RANGES, RANGE_FORM),
    "hydrograph": "yes or no",
    "quality": "one of " + ", ".join(QUALITIES),
    "due": "one of " + ", ".join(DUES),
    "near": "longitude,latitude,kilometers",
    "region": "west,south,east,north, or longitude,latitude of each corner",
}


def written(dam_filter: DamFilter) -> dict[str, list[str]]:
    """Return the values of each name in the address, none for what is not active.

    The words of the search are not among them.
    """
    criteria = dam_filter.criteria
    facets, ranges = dict(criteria.facets), dict(criteria.ranges)
    return {
        **{facet: [_as_text(value) for value in facets.get(facet, ())] for facet in FACETS},
        **{field: [_range_text(ranges[field])] if field in ranges else [] for field in RANGES},
        "hydrograph": [text for text, is_it in _YES_NO.items() if criteria.has_hydrograph is is_it],
        "quality": [*criteria.quality],
        "due": [*criteria.due.names] if criteria.due else [],
        "in_view": ["yes"] if dam_filter.in_view else [],
        "near": [",".join(map(_number_text, criteria.near))] if criteria.near else [],
        "region": [",".join(map(_number_text, criteria.region.numbers))] if criteria.region else [],
    }


def read(arguments: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the parameters of a DamFilter in an address; ignore what makes no sense."""
    found: dict[str, Any] = {}
    for facet in FACETS:
        # An empty value would be read as unknown, but nobody writes that on purpose.
        values = texts_of([_as_value(text) for text in arguments.get(facet, ()) if text])
        if values:
            found[facet] = [*values]
    firsts = {name: values[0] for name, values in arguments.items() if values}
    for field in RANGES:
        if (wanted := _range(firsts.get(field, ""))) is not None:
            found[field] = wanted
    if firsts.get("hydrograph") in _YES_NO:
        found["has_hydrograph"] = _YES_NO[firsts["hydrograph"]]
    if flags := flags_of([*arguments.get("quality", ())]):
        found["quality"] = [*flags]
    if due := dues_of([*arguments.get("due", ())]):
        found["due"] = [*due]
    if firsts.get("in_view") == "yes":
        found["in_view"] = True
    if (near := Near.of(_numbers(firsts.get("near", "").split(",")))) is not None:
        found["near"] = near
    corners = _numbers(firsts.get("region", "").split(","))
    if (region := Region.of_numbers(corners)) is not None:
        found["region"] = region
    return found


def criteria(arguments: Mapping[str, Sequence[str]], today: dt.date) -> Criteria:
    """Return the filter that other programs and commands ask for.

    arguments: several values of one name match if any does, all names must match. "hazard",
    "condition", "height" and "storage" are short names. today: the day on which something is due.
    Raises InvalidFilter for a name or a value that is not valid, where `read` would ignore it.
    """
    full: dict[str, list[str]] = {}
    for given, texts in arguments.items():
        name = SHORT.get(given, given)
        if name not in NAMES:
            more = hint(given, (*NAMES, *SHORT))
            raise InvalidFilter(f'There is no filter "{given[:100]}".{more}')
        full.setdefault(name, []).extend(texts)
    for name, texts in full.items():
        for text in texts:
            _check(name, text)
        if name in FACETS and (count := len({*texts})) > MAX_VALUES:
            raise InvalidFilter(f"{name} has {count} values. Give at most {MAX_VALUES}.")
        if len(texts) > 1 and name not in (*FACETS, "quality", "due"):
            raise InvalidFilter(f"{name} is given {len(texts)} times. Give it once.")
    return criteria_of({**read(full), "search": "".join(full.get("search", ()))}, today)


def _check(name: str, text: str) -> None:
    if name == "search":
        if len(text) > MAX_SEARCH_LENGTH:
            raise InvalidFilter(f"search has more than {MAX_SEARCH_LENGTH} characters.")
    elif not read({name: [text]}):
        form = _FORMS.get(name, f"one to {MAX_VALUE_LENGTH} characters, or unknown")
        raise InvalidFilter(f'{name} is "{text[:100]}", but must be {form}.')


def _as_text(value: str) -> str:
    if value == UNKNOWN:
        return UNKNOWN_TEXT
    return _ESCAPE + value if value == UNKNOWN_TEXT or value.startswith(_ESCAPE) else value


def _as_value(text: str) -> str:
    return UNKNOWN if text == UNKNOWN_TEXT else text.removeprefix(_ESCAPE)


def _range_text(wanted: Range) -> str:
    if wanted == ONLY_UNKNOWN:
        return UNKNOWN_TEXT
    # With all digits: a range that is narrower than ten of them would be none.
    ends = ("" if math.isinf(end) else repr(end).removesuffix(".0") for end in wanted[:2])
    return _BETWEEN.join(ends) + (f",{UNKNOWN_TEXT}" if wanted.is_unknown_too else "")


def _range(text: str) -> Range | None:
    if text == UNKNOWN_TEXT:
        return ONLY_UNKNOWN
    ends, _, rest = text.partition(",")
    low, between, high = ends.partition(_BETWEEN)
    if not between or rest not in ("", UNKNOWN_TEXT):
        return None
    numbers = [_numbers([end]) if end else [None] for end in (low, high)]
    return Range.of([*(one[0] if one else math.nan for one in numbers), rest == UNKNOWN_TEXT])


def _number_text(number: float) -> str:
    return f"{number:.10g}"


def _numbers(texts: Sequence[str]) -> list[float]:
    """Return finite numbers, or none if a text is no such number."""
    numbers = [read_number(text) for text in texts]
    return [] if any(map(math.isnan, numbers)) else numbers
