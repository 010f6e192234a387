"""FeatureQuery: which dams another program asks for: a filter, values, a box, a time."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
import polars as pl

from ..domain.fields import FACETS, FIELD
from ..domain.hints import hint
from ..domain.numbers import read_number
from ..errors import InvalidFilter
from . import filter_text
from .criteria import ALL, Criteria
from .filter_text import RANGE_FORM, SHORT, UNKNOWN_TEXT
from .ogc_parameters import Box, Interval, read_box, read_interval
from .order import Rows
from .ranges import RANGES
from .snapshot import Snapshot

NAMES = (*dict.fromkeys((*filter_text.NAMES, *SHORT, *FIELD)), "bbox", "datetime")
"""The names of the parameters that `read` knows."""

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


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
        """Return the rows of the dams that meet it, by ascending id.

        Raises InvalidFilter for a value that is not in the field's list, and that no dam has.
        """
        for name, value in self._unlisted():
            if not len(_with_value(name, value)._matching(snapshot)):
                listed = FIELD[name].categories
                wrong = next(one for one in value.split(";") if one not in listed)
                more = hint(wrong, listed)
                raise InvalidFilter(f'{name} is "{value[:100]}", which no dam has.{more}')
        rows = self._matching(snapshot)
        by_id: Rows = rows[np.argsort(snapshot.ids(rows), kind="stable")]
        return by_id

    def _matching(self, snapshot: Snapshot) -> Rows:
        rows = snapshot.matching(self.criteria)
        if (condition := self._condition()) is not None:
            parts = [
                one.frame.select(condition) for one in (snapshot.dams.base, snapshot.dams.tail)
            ]
            is_met = np.concatenate([one.to_series().to_numpy() for one in parts])
            rows = rows[is_met[rows]]
        return rows

    def _unlisted(self) -> Iterator[tuple[str, str]]:
        """Yield the values, with their fields, that are not in the list of values of the field."""
        for name, values in (*self.criteria.facets, *self.equal):
            if listed := FIELD[name].categories:
                texts = dict.fromkeys(str(value) for value in values if value not in (None, ""))
                yield from ((name, one) for one in texts if not {*one.split(";")} <= {*listed})

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
            raise InvalidFilter(f'There is no parameter "{given[:100]}".{hint(given, NAMES)}')
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
        read_box(once["bbox"]) if "bbox" in once else None,
        read_interval(once["datetime"]) if "datetime" in once else None,
    )


def _with_value(field: str, value: str) -> FeatureQuery:
    if field in FACETS and ";" not in value:
        return FeatureQuery(Criteria(facets=((field, (value,)),)))
    return FeatureQuery(equal=((field, (value,)),))


def _is_value(field: str, text: str) -> bool:
    """Return whether a text is one value of a field, where a filter could be meant, too."""
    if field in RANGES:
        return text != UNKNOWN_TEXT and ".." not in text and "," not in text
    return field not in filter_text.NAMES or ";" in text


def _value(field: str, text: str) -> str | float | None:
    if text == UNKNOWN_TEXT:
        return None
    if FIELD[field].is_number:
        if not math.isnan(number := read_number(text)):
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
