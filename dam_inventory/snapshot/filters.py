"""DamFilter: a session's filter as parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

import param

from ..domain.field import Field
from ..domain.fields import FACETS, FIELD
from .criteria import (
    MAX_VALUES,
    Criteria,
    Due,
    Near,
    Range,
    dues_of,
    extent_of,
    facets_of,
    flags_of,
    texts_of,
)
from .folding import fold
from .ranges import RANGES
from .region import Region

MAX_SEARCH_LENGTH = 200
"""The maximum length of a search, in characters; the rest is ignored."""

MAX_WORDS = 20
"""The maximum number of different words in a search; the rest is ignored."""


_NAMED = {"quality": flags_of, "due": dues_of}


class DamFilter(param.Parameterized):
    """Filters the dams that a session shows in its map and its table.

    Each of FACETS is a parameter: a list of values, of which any matches; UNKNOWN stands for dams
    without a value. Each of RANGES is one: a `Range`, or None. All conditions must be met.

    The parameters hold what was set, `criteria` what is valid of it: a browser can send anything.
    """

    search = param.String(
        default="",
        doc="Words to find in the names, river, owner, IDs, county, city and state. All must "
        "match. Case and accents are ignored.",
    )
    has_hydrograph: bool | None = param.Boolean(
        default=None, allow_None=True, doc="Only dams with a hydrograph, or only those without."
    )
    quality = param.List(doc="Names of data-quality flags, of which any matches.")
    due = param.List(doc="Names of what is due, of which any matches.")
    in_view = param.Boolean(doc="Only dams in the map's view.")
    view = param.Parameter(doc="The map's view, an Extent or None; the map sets it.")
    near = param.Parameter(doc="A circle as (longitude, latitude, km), or None.")
    region = param.Parameter(doc="A drawn Region, or None.")
    today: dt.date = param.ClassSelector(
        class_=dt.date, doc="The day on which something is due or not; no condition itself."
    )

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"today": dt.date.today(), **params})

    @property
    def words(self) -> tuple[str, ...]:
        """The different words of the search, folded; empty if there is no filter."""
        return _words(self.search)

    @property
    def criteria(self) -> Criteria:
        """What the filter asks for now."""
        names = (*CONDITIONS, "view")
        return criteria_of({name: getattr(self, name) for name in names}, self.today)

    @property
    def is_active(self) -> bool:
        """Whether any condition is set."""
        return self.criteria.is_active

    def watch(self, tell: Callable[..., None]) -> None:
        """Call `tell` with param's events when a condition has changed.

        The view of the map is one only while `in_view` is set; otherwise every pan would tell.
        So is the day, while `due` is.
        """

        def on_change(*events: Any) -> None:
            counts = {"view": self.in_view, "today": bool(self.due)}
            if any(counts.get(event.name, True) for event in events):
                tell(*events)

        self.param.watch(on_change, [*CONDITIONS, "view", "today"])

    def toggle(self, facet: str, value: str) -> None:
        """Add a value to a facet, to `quality` or to `due`; remove it if it is there."""
        if facet not in (*FACETS, *_NAMED):
            return
        valid = _NAMED.get(facet, texts_of)
        values = valid(getattr(self, facet))
        if value in values:
            setattr(self, facet, [one for one in values if one != value])
        elif valid([value]) and len(values) < MAX_VALUES:
            setattr(self, facet, [*values, value])

    def clear(self, name: str | None = None) -> None:
        """Remove the condition of a parameter; without a name, all conditions."""
        names = CONDITIONS if name is None else tuple(one for one in CONDITIONS if one == name)
        self.param.update({one: copy(self.param[one].default) for one in names})


def criteria_of(values: Mapping[str, Any], today: dt.date) -> Criteria:
    """Return what a filter with these parameters asks for on a day.

    values: by parameter of a DamFilter; what is not valid, or missing, is no condition.
    """
    ranges = ((name, Range.of(values.get(name))) for name in RANGES)
    due = dues_of(values.get("due"))
    return Criteria(
        words=_words(values.get("search", "")),
        facets=facets_of(values),
        ranges=tuple((name, one) for name, one in ranges if one is not None),
        has_hydrograph=values.get("has_hydrograph"),
        quality=flags_of(values.get("quality")),
        due=Due(due, today) if due else None,
        view=extent_of(values.get("view")) if values.get("in_view") else None,
        near=Near.of(values.get("near")),
        region=Region.of(values.get("region")),
    )


def _words(search: str) -> tuple[str, ...]:
    # A browser can send text of any length, and each word is searched in every dam.
    words = fold(search[:MAX_SEARCH_LENGTH]).split()
    return tuple(dict.fromkeys(words))[:MAX_WORDS]


def _facet(field: Field) -> param.Parameter:
    return param.List(label=field.label, doc=f"{field.description} Any of these values matches.")


def _range(field: Field) -> param.Parameter:
    return param.Parameter(label=field.label, doc=f"{field.description} A Range, or None.")


for _name in FACETS:
    DamFilter.param.add_parameter(_name, _facet(FIELD[_name]))
for _name in RANGES:
    DamFilter.param.add_parameter(_name, _range(FIELD[_name]))

CONDITIONS = (
    "search", *FACETS, *RANGES, "due", "has_hydrograph", "quality", "in_view", "near", "region",
)  # fmt: skip
"""The parameters of a DamFilter that are conditions, in the order of the page."""
