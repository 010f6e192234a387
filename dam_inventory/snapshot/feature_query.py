"""FeatureQuery: which dams another program asks for: a filter, values, a box, a time."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import and_

import numpy as np
import polars as pl

from ..domain.fields import FIELD
from ..errors import InvalidFilter
from . import filter_text
from .criteria import ALL, RANGES, Criteria
from .filter_text import RANGE_FORM, SHORT, UNKNOWN_TEXT
from .order import Rows
from .snapshot import Snapshot

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees (WGS 84); west > east if it crosses 180 degrees."""

Interval = tuple[dt.datetime | None, dt.datetime | None]
"""First and last moment, both included; None for an open end."""

NAMES = (*dict.fromkeys((*filter_text.NAMES, *SHORT, *FIELD)), "bbox", "datetime")
"""The names of the parameters that `read` knows."""

_OPEN = ("", "..")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?", re.ASCII
)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_WEST, _EAST = -180.0, 180.0


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """What a dam must meet; all of it.

    equal: pairs of a field and the values of which it must have one; None stands for no value.
    added: when the dam was added to the inventory.
    """

    criteria: Criteria = ALL
    equal: tuple[tuple[str, tuple[str | float | None, ...]], ...] = ()
    box: Box | None = None
    added: Interval | None = None

    def rows(self, snapshot: Snapshot) -> Rows:
        """Return the rows of the dams that meet it, by ascending id."""
        rows = snapshot.matching(self.criteria)
        if (condition := self._condition()) is not None:
            parts = [
                one.frame.select(condition) for one in (snapshot.dams.base, snapshot.dams.tail)
            ]
            is_met = np.concatenate([one.to_series().to_numpy() for one in parts])
            rows = rows[is_met[rows]]
        by_id: Rows = rows[np.argsort(snapshot.ids(rows), kind="stable")]
        return by_id

    def _condition(self) -> pl.Expr | None:
        conditions = [_is_one_of(field, values) for field, values in self.equal]
        if self.box is not None:
            conditions.append(_is_in(self.box))
        if self.added is not None:
            start, end = self.added
            moment = pl.col("added_at")
            conditions += [moment >= start] if start else []
            conditions += [moment <= end] if end else []
        if not conditions:
            return None
        return reduce(and_, conditions).fill_null(False).alias("is_met")


def read(arguments: Mapping[str, Sequence[str]], today: dt.date) -> FeatureQuery:
    """Return what the parameters of an address ask for.

    arguments: the conditions of `filter_text.criteria`; each field, for dams with just this value
    ("unknown": with none); "bbox" and "datetime" of OGC API Features. today: as for `criteria`.
    Raises InvalidFilter for a name or a value that is not valid.
    """
    conditions: dict[str, list[str]] = {}
    equal: dict[str, tuple[str | float | None, ...]] = {}
    once: dict[str, str] = {}
    for given, texts in arguments.items():
        name = SHORT.get(given, given)
        if name not in NAMES:
            [near] = get_close_matches(given[:40], NAMES, 1, 0.0)
            raise InvalidFilter(f'There is no parameter "{given[:100]}". Did you mean "{near}"?')
        if name in ("bbox", "datetime"):
            if len(texts) > 1:
                raise InvalidFilter(f"{name} is given {len(texts)} times. Give it once.")
            once[name] = texts[0]
        elif name in FIELD and all(_is_value(name, text) for text in texts):
            equal[name] = (*equal.get(name, ()), *(_value(name, text) for text in texts))
        else:
            conditions.setdefault(name, []).extend(texts)
    return FeatureQuery(
        filter_text.criteria(conditions, today) if conditions else ALL,
        tuple(equal.items()),
        _box(once["bbox"]) if "bbox" in once else None,
        _interval(once["datetime"]) if "datetime" in once else None,
    )


def _is_value(field: str, text: str) -> bool:
    """Return whether a text is one value of a field, where a filter could be meant, too."""
    if field in RANGES:
        return text != UNKNOWN_TEXT and ".." not in text and "," not in text
    return field not in filter_text.NAMES or ";" in text


def _value(field: str, text: str) -> str | float | None:
    if text == UNKNOWN_TEXT:
        return None
    if FIELD[field].is_number:
        if not math.isnan(number := _number(text)):
            return number
    elif FIELD[field].kind != "date":
        return text.removeprefix("~")
    elif _DATE.fullmatch(text):
        return text
    form = "a number" if FIELD[field].is_number else "a date like 1941, 1941-05 or 1941-05-31"
    more = f", {RANGE_FORM}" if field in RANGES else " or unknown"
    raise InvalidFilter(f'{field} is "{text[:100]}", but must be {form}{more}.')


def _is_one_of(field: str, values: tuple[str | float | None, ...]) -> pl.Expr:
    column = pl.col(field).cast(pl.Float64 if FIELD[field].is_number else pl.String)
    known = column.is_in([value for value in values if value is not None])
    return known | column.is_null() if None in values else known


def _is_in(box: Box) -> pl.Expr:
    west, south, east, north = box
    longitude, latitude = (pl.col(name).cast(pl.Float64) for name in ("longitude", "latitude"))
    is_in_height = (latitude >= south) & (latitude <= north)
    from_west, to_east = longitude >= west, longitude <= east
    if west <= east:
        return is_in_height & from_west & to_east
    return is_in_height & (from_west | to_east)


def _box(text: str) -> Box:
    numbers = [_number(part) for part in text.split(",")]
    is_valid = len(numbers) in (4, 6) and not any(map(math.isnan, numbers))
    half = len(numbers) // 2
    lowest, highest = numbers[:half], numbers[half:]
    # All but the longitudes must be in order.
    if not is_valid or any(low > high for low, high in zip(lowest[1:], highest[1:], strict=True)):
        raise InvalidFilter(
            f'bbox is "{text[:100]}", but must be west,south,east,north in degrees, '
            "or west,south,lowest,east,north,highest."
        )
    # Maps that show the world twice ask for more than there is.
    west, east = (min(max(one, _WEST), _EAST) for one in (lowest[0], highest[0]))
    return west, lowest[1], east, highest[1]


def _interval(text: str) -> Interval:
    first, slash, last = text.partition("/")
    if not slash:
        return _moment(text)
    start = None if first in _OPEN else _moment(first)[0]
    end = None if last in _OPEN else _moment(last)[1]
    if (start is None and end is None) or (start and end and start > end):
        raise _wrong_time(text)
    return start, end


def _moment(text: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and last moment of a date, or one moment twice."""
    text = text.upper()
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        moment = dt.datetime.fromisoformat(text)
        if len(text) > len("2026-11-27"):
            utc = moment.astimezone(dt.UTC)
            return utc, utc
        start = moment.replace(tzinfo=dt.UTC)
        return start, start + dt.timedelta(days=1, microseconds=-1)
    except (ValueError, OverflowError):
        raise _wrong_time(text) from None


def _wrong_time(text: str) -> InvalidFilter:
    return InvalidFilter(
        f'datetime is "{text[:100]}", but must be a moment like 2026-11-27T08:30:00Z, '
        "or two of them with a slash between, the earlier one first; .. is an open end."
    )


def _number(text: str) -> float:
    """Return a finite number, or NaN for other text."""
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
