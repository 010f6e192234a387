"""Criteria: what a filter asks for, as one value that can be shared by threads."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..domain.due import DUES
from ..domain.fields import FACETS
from ..domain.mercator import Extent
from ..domain.quality import QUALITIES
from .region import Region

UNKNOWN = ""
"""The value of a facet that stands for dams without a value."""

MAX_VALUES = 100
"""The maximum number of values of a facet; the rest is ignored."""

MAX_VALUE_LENGTH = 200
"""The maximum length of a value, in characters; longer ones are ignored."""

MAX_NEAR_KM = 20_100.0
"""No two places are farther apart than this."""


class Range(NamedTuple):
    """The values from `low` to below `high`; infinite for an open end.

    is_unknown_too: whether dams without a value match, too. To ask only for those, use
    `ONLY_UNKNOWN`.
    """

    low: float = -math.inf
    high: float = math.inf
    is_unknown_too: bool = False

    @classmethod
    def of(cls, value: Any) -> Range | None:
        """Return a range for two numbers, and perhaps a boolean; None for anything else.

        None as one of the numbers stands for an open end.
        """
        is_sequence = isinstance(value, Sequence) and not isinstance(value, str)
        if not is_sequence or not 2 <= len(value) <= 3:
            return None
        ends = (-math.inf, math.inf)
        given = [end if one is None else one for one, end in zip(value[:2], ends, strict=True)]
        if (numbers := _numbers(given, 2)) is None:
            return None
        (low, high), is_unknown_too = numbers, len(value) == 3 and bool(value[2])
        if low == math.inf and high == -math.inf:
            return ONLY_UNKNOWN if is_unknown_too else None
        # NaN fails this comparison, too.
        if not low < high or (low, high) == ends:
            return None
        return cls(low, high, is_unknown_too)


ONLY_UNKNOWN = Range(math.inf, -math.inf, True)
"""The range of dams without a value."""


class Near(NamedTuple):
    """A circle on the ground: its center in degrees (WGS 84), and its radius in kilometers."""

    longitude: float
    latitude: float
    km: float

    @classmethod
    def of(cls, value: Any) -> Near | None:
        """Return a circle for three numbers; None for anything else."""
        if (numbers := _numbers(value, 3)) is None:
            return None
        longitude, latitude, km = numbers
        is_valid = abs(longitude) <= 180 and abs(latitude) <= 90 and 0 < km <= MAX_NEAR_KM
        return cls(longitude, latitude, km) if is_valid else None


class Due(NamedTuple):
    """What is due on a day: names of DUES, of which any matches."""

    names: tuple[str, ...]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Criteria:
    """All conditions of a filter; a dam must meet each of them. Hashable.

    words: folded; each must be found. facets: pairs of a facet and its values, any of which
    matches; UNKNOWN stands for none. ranges: pairs of a field and a Range. has_hydrograph: None
    if it does not matter. quality: names of QUALITIES, any of which matches. due: None
    if it does not matter. view: in Web Mercator meters.
    """

    words: tuple[str, ...] = ()
    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, Range], ...] = ()
    has_hydrograph: bool | None = None
    quality: tuple[str, ...] = ()
    due: Due | None = None
    view: Extent | None = None
    near: Near | None = None
    region: Region | None = None

    @property
    def is_active(self) -> bool:
        """Whether there are any conditions."""
        return self != ALL


ALL = Criteria()
"""No conditions: all dams match."""


def facets_of(values: Mapping[str, Iterable[Any]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the valid values of the facets that have any, in the order of FACETS.

    values: by facet. Those that a page or a link has forged are ignored.
    """
    valid = ((facet, texts_of(values.get(facet, ()))) for facet in FACETS)
    return tuple((facet, texts) for facet, texts in valid if texts)


def texts_of(values: Any) -> tuple[str, ...]:
    """Return the different valid values of a facet, at most MAX_VALUES, sorted."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        return ()
    texts = (one for one in values if isinstance(one, str) and len(one) <= MAX_VALUE_LENGTH)
    return tuple(sorted([*dict.fromkeys(texts)][:MAX_VALUES]))


def flags_of(values: Any) -> tuple[str, ...]:
    """Return the valid names of QUALITIES, in their order."""
    return _names(values, QUALITIES)


def dues_of(values: Any) -> tuple[str, ...]:
    """Return the valid names of DUES, in their order."""
    return _names(values, DUES)


def extent_of(value: Any) -> Extent | None:
    """Return a rectangle of four finite numbers; None for anything else."""
    if (numbers := _numbers(value, 4)) is None:
        return None
    extent = Extent(*numbers)
    is_valid = all(map(math.isfinite, extent)) and extent.x0 <= extent.x1 and extent.y0 <= extent.y1
    return extent if is_valid else None


def _names(values: Any, known: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        return ()
    return tuple(name for name in known if name in values)


def _numbers(value: Any, count: int) -> list[float] | None:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != count:
        return None
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in value):
        return None
    try:
        return [float(one) for one in value]
    except OverflowError:
        return None
