"""FilterRail: the filters beside the map, each with counts given the others."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.fields import FACETS, FIELD
from ...domain.quality import FLAGS
from ...session.store import DamStore
from ...snapshot.criteria import ONLY_UNKNOWN, RANGES, UNKNOWN, Criteria, Range
from ...snapshot.facets import EDGES, Counts
from ...snapshot.filters import MAX_SEARCH_LENGTH, PARAMETERS
from ...snapshot.folding import fold
from ...snapshot.snapshot import Snapshot
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from . import actions
from .wording import HAS_HYDROGRAPH, IN_VIEW, OPEN, ORDER, QUALITY, RANGE_LABELS, marks, value_label

MAX_SHORT = 15
"""A facet with more values shows the most frequent ones, and a field to find others."""

MAX_TOP = 8
MAX_FOUND = 40
"""So many values of a long facet are shown at first, and after a search in it."""


def _setup() -> list[dict[str, Any]]:
    """Return what never changes of each fold."""
    folds = []
    for name in ORDER:
        label = RANGE_LABELS.get(name) or (FIELD[name].label if name in FIELD else QUALITY)
        fold = {"name": name, "label": label, "open": name in OPEN}
        folds.append(fold | ({"marks": marks(name)} if name in RANGES else {}))
    return folds


class FilterRail(pn.reactive.ReactiveHTML):
    """All filters of a store. One component, of which only `content` changes, like the table.

    Facets are lists of checkboxes with counts, ranges are histograms with two handles. What no
    dam has a value of is not shown. Create it when it is first shown: it counts all dams.
    """

    content = param.String(default="{}", doc="Counts and choices, as JSON.")
    asked = param.String(default="[]", doc="What the person asked for; see `actions.read`.")
    setup = param.String(constant=True, doc="What does not change, as JSON.")

    _template: ClassVar[str] = asset("filters/rail.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("filters/ask.js") + asset("filters/rail_render.js"),
        "content": asset("filters/rail_content.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("filters/rail.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._done = 0
        self._sought: dict[str, str] = {}
        self._counted: tuple[Snapshot, Criteria, Counts] | None = None
        self._counting: tuple[Snapshot, Criteria] | None = None
        super().__init__(setup=as_json(_setup()), **params)
        store.param.watch(self._count, "snapshot")
        store.filter.param.watch(self._count, [*PARAMETERS])
        self._count()

    @param.depends("asked", watch=True)
    @shielded
    def _on_asked(self) -> None:
        todo, self._done = actions.read(self.asked, self._done)
        with param.parameterized.batch_call_watchers(self._store.filter):
            for action in todo:
                match action:
                    case ["find", str(facet), str(text)] if facet in FACETS:
                        self._sought[facet] = fold(text[:MAX_SEARCH_LENGTH].strip())
                    case _:
                        actions.perform(action, self._store.filter)
        self._count()

    @shielded
    def _count(self, *_: Any) -> None:
        asked = (self._store.snapshot, self._store.filter.criteria)
        if self._counted is not None and self._counted[:2] == asked:
            self._fill()
        elif asked != self._counting:
            self._counting = asked
            snapshot, criteria = asked
            self._store.compute(
                partial(snapshot.counts, criteria),
                partial(self._on_counted, snapshot, criteria),
                f"counts of {id(self)}",
                on_error=self._on_error,
            )

    def _on_error(self) -> None:
        self._counting = None

    @shielded
    def _on_counted(self, snapshot: Snapshot, criteria: Criteria, counts: Counts) -> None:
        self._counted = (snapshot, criteria, counts)
        if self._counting == (snapshot, criteria):  # Otherwise another answer will come.
            self._counting = None
            self._fill()

    def _fill(self) -> None:
        if self._counted is None:
            return
        snapshot, criteria, counts = self._counted
        chosen = dict(criteria.facets)
        folds = {
            facet: self._facet(facet, counts.facets[facet], chosen.get(facet, ()))
            for facet in FACETS
            if facet in chosen or snapshot.has_values(facet)
        }
        ranges = dict(criteria.ranges)
        folds |= {
            field: _histogram(field, counts.bins[field], ranges.get(field))
            for field in RANGES
            if field in ranges or snapshot.has_values(field)
        }
        folds["quality"] = {
            "options": [
                _option(flag, FLAGS[flag], counts.quality[flag], flag in criteria.quality)
                for flag in FLAGS
            ],
            "chosen": len(criteria.quality),
        }
        self.content = as_json(
            {
                "done": self._done,
                "matching": counts.matching,
                "folds": folds,
                "only": [
                    _option("in_view", IN_VIEW, None, self._store.filter.in_view),
                    _option(
                        "hydrograph", HAS_HYDROGRAPH, counts.with_hydrograph,
                        criteria.has_hydrograph is True,
                    ),
                ],
            }
        )  # fmt: skip

    def _facet(self, facet: str, counts: Any, chosen: tuple[str, ...]) -> dict[str, Any]:
        known = {value: counts.get(value, 0) for value in (*counts, *chosen) if value != UNKNOWN}
        is_long = len(known) > MAX_SHORT
        sought = self._sought.get(facet, "") if is_long else ""
        if is_long:
            values, hidden = _top(known, chosen, sought)
        else:
            values, hidden = _in_order(facet, [*known]), 0
        options = [_option(one, one, known[one], one in chosen) for one in values]
        if not sought or UNKNOWN in chosen:
            unknown = (value_label(UNKNOWN), counts.get(UNKNOWN, 0))
            options.append(_option(UNKNOWN, *unknown, UNKNOWN in chosen))
        return {
            "options": options,
            "chosen": len(chosen),
            "known": len(known) if is_long else 0,
            "hidden": hidden,
            "sought": sought,
        }


def _option(value: str, label: str, count: int | None, is_chosen: bool) -> list[Any]:
    return [value, label, count, is_chosen]


def _in_order(facet: str, values: list[str]) -> list[str]:
    """Return values in the order of the field, and others by letters."""
    order = {value: number for number, value in enumerate(FIELD[facet].categories)}
    return sorted(values, key=lambda value: (order.get(value, len(order)), value))


def _top(known: dict[str, int], chosen: tuple[str, ...], sought: str) -> tuple[list[str], int]:
    """Return the chosen and the most frequent values that are sought, and how many are left out."""
    fitting = [value for value in known if not sought or sought in fold(value)]
    first = sorted(
        (value for value in fitting if known[value] or sought),
        key=lambda value: (not fold(value).startswith(sought), -known[value], value),
    )
    shown = first[: MAX_FOUND if sought else MAX_TOP]
    others = sorted(value for value in chosen if value != UNKNOWN and value not in shown)
    return [*others, *shown], len(first) - len(shown)


def _histogram(field: str, bins: tuple[int, ...], wanted: Range | None) -> dict[str, Any]:
    edges = (-math.inf, *EDGES[field], math.inf)
    low, high = 0, len(edges) - 1
    if wanted is not None and wanted != ONLY_UNKNOWN:
        # A link may name ends between the edges: the handles are then beside them.
        low = max(number for number, edge in enumerate(edges[:-1]) if edge <= wanted.low)
        high = min(number for number, edge in enumerate(edges) if edge >= wanted.high)
    return {
        "bins": bins[1:],
        "unknown": bins[0],
        "low": low,
        "high": max(high, low + 1),
        "is_unknown_too": wanted is not None and wanted.is_unknown_too,
        "chosen": int(wanted is not None),
    }
