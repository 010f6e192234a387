"""FilterRail: the filters beside the map, each with counts given the others."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.due import DUES
from ...domain.fields import FACETS, FIELD
from ...domain.places import MAX_LENGTH
from ...domain.quality import QUALITIES
from ...domain.units import Units
from ...session.store import DamStore
from ...snapshot.criteria import Criteria
from ...snapshot.facets import Counts
from ...snapshot.filters import MAX_SEARCH_LENGTH
from ...snapshot.folding import fold
from ...snapshot.ranges import RANGES
from ...snapshot.snapshot import Snapshot
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from . import actions, folds
from .nearby import Nearby
from .wording import (
    FOLD_LABELS,
    HAS_HYDROGRAPH,
    IN_VIEW,
    OPEN,
    ORDER,
    marks,
)

_DATES = ("last_inspection_date", "eap_last_revision_date")
"""Without any of these dates, nothing is known to be due."""

Asked = tuple[Snapshot, Criteria, dt.date]
"""What is counted: the dams, the filter, and the day on which something is due."""

_MAX = 40
"""The maximum length of a number that is typed, in characters."""


def _setup(units: Units) -> str:
    """Return what changes only with the units of each fold, as JSON."""
    found = []
    for name in ORDER:
        label = FOLD_LABELS.get(name) or FIELD[name].label
        fold = {"name": name, "label": label, "open": name in OPEN}
        found.append(fold | ({"marks": marks(name, units)} if name in RANGES else {}))
    return as_json(found)


class FilterRail(Asking, pn.reactive.ReactiveHTML):
    """All filters of a store. One component, of which only `content` changes, like the table.

    Facets are lists of checkboxes with counts, ranges are histograms with two handles. What no
    dam has a value of is not shown. Create it when it is first shown: it counts all dams.
    """

    content = param.String(default="{}", doc="Counts and choices, as JSON.")
    has_lists = param.Boolean(doc="Whether the work lists were asked for: they are above then.")
    setup = param.String(doc="What changes only with the units, as JSON.")

    _template: ClassVar[str] = asset("filters/rail.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/ask.js") + asset("filters/rail_render.js"),
        "content": asset("filters/rail_content.js"),
        "setup": asset("filters/rail_setup.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("filters/rail.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._sought: dict[str, str] = {}
        self._nearby = Nearby(store)
        self._counted: tuple[Asked, Counts] | None = None
        self._counting: Asked | None = None
        super().__init__(setup=_setup(store.units), **params)
        store.param.watch(self._count, ["snapshot", "selected"])
        store.param.watch(self._on_units, "units")
        store.filter.watch(self._count)
        store.filter.param.watch(self._count, "today")
        self._count()

    def _perform(self, action: Action) -> None:
        match action:
            case ["lists"]:
                self.has_lists = True
            case ["find", str(facet), str(text)] if facet in FACETS:
                self._sought[facet] = fold(text[:MAX_SEARCH_LENGTH].strip())
            case ["near", str(far), "dam" | "center" | "place" as of, str(place), str(system)]:
                self._nearby.ask(far[:_MAX], of, place[:MAX_LENGTH], system)
            case _:
                actions.perform(action, self._store.filter)

    def _answer(self) -> None:
        self._count()

    def _on_units(self, event: Any) -> None:
        self.setup = _setup(event.new)
        self._fill()

    @shielded
    def _count(self, *_: Any) -> None:
        asked = (self._store.snapshot, self._store.filter.criteria, self._store.filter.today)
        if self._counted is not None and self._counted[0] == asked:
            self._fill()
        elif asked != self._counting:
            self._counting = asked
            snapshot, criteria, today = asked
            self._store.compute(
                partial(snapshot.counts, criteria, today),
                partial(self._on_counted, asked),
                f"counts of {id(self)}",
                on_error=self._on_error,
            )

    def _on_error(self) -> None:
        self._counting = None

    @shielded
    def _on_counted(self, asked: Asked, counts: Counts) -> None:
        self._counted = (asked, counts)
        if self._counting == asked:  # Otherwise another answer will come.
            self._counting = None
            self._fill()

    def _fill(self) -> None:
        if self._counted is None:
            return
        (snapshot, criteria, _), counts = self._counted
        chosen = dict(criteria.facets)
        shown = {
            facet: folds.facet(
                facet, counts.facets[facet], chosen.get(facet, ()), self._sought.get(facet, "")
            )
            for facet in FACETS
            if facet in chosen or snapshot.known(facet)
        }
        ranges = dict(criteria.ranges)
        shown |= {
            field: folds.histogram(field, counts.bins[field], ranges.get(field))
            for field in RANGES
            if field in ranges or snapshot.known(field)
        }
        shown["quality"] = {
            "options": [
                folds.option(flag, label, counts.quality[flag], flag in criteria.quality)
                for flag, label in QUALITIES.items()
            ],
            "chosen": len(criteria.quality),
        }
        chosen_due = criteria.due.names if criteria.due else ()
        if chosen_due or any(snapshot.known(field) for field in _DATES):
            shown["due"] = {
                "options": [
                    folds.option(name, label, counts.due[name], name in chosen_due)
                    for name, label in DUES.items()
                ],
                "chosen": len(chosen_due),
            }
        self.content = as_json(
            {
                "done": self._done,
                "matching": counts.matching,
                "folds": shown,
                "near": self._nearby.shown,
                "lists": self.has_lists,
                "only": [
                    folds.option("in_view", IN_VIEW, None, self._store.filter.in_view),
                    folds.option(
                        "hydrograph", HAS_HYDROGRAPH, counts.with_hydrograph,
                        criteria.has_hydrograph is True,
                    ),
                ],
            }
        )  # fmt: skip
