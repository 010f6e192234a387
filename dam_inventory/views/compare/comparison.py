"""Comparison: dams side by side, with their hydrographs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

import panel as pn
import param

from ...domain.hydrograph import Hydrograph
from ...errors import DamInventoryError
from ...session.store import DamStore
from ..components.alert import Notice
from ..components.assets import asset
from ..components.faults import shielded
from ..components.slot import Place
from ..hydrograph.flow_curves import FlowCurves
from . import content
from .table import ComparisonTable


class Comparison(pn.viewable.Viewer):
    """A table of a store's compared dams; beside or below it, the curves of those that have one."""

    dark = param.Boolean(allow_refs=True, doc="Whether the curves are drawn for a dark page.")

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._read: Mapping[int, tuple[Any, str]] = {}
        super().__init__(**params)
        self._table = ComparisonTable(
            store, css_classes=["facts"], margin=0, sizing_mode="stretch_both"
        )
        self._notice = Notice("warning", margin=(8, 0))
        self._place = Place("curves", "stretch_both")
        self._layout = pn.Column(
            self._table, self._notice, self._place, sizing_mode="stretch_both", margin=0,
            stylesheets=[asset("compare/comparison.css")],
        )  # fmt: skip
        self._follow()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def focus(self) -> None:
        """Let the person go on in the table, who came here with a button that is hidden now."""
        self._table.opened += 1

    @cached_property
    def _curves(self) -> FlowCurves:
        return FlowCurves(dark=self.param.dark, units=self._store.param.units)

    @param.depends("_store.snapshot", "_store.compared", watch=True)
    @shielded
    def _follow(self) -> None:
        """Read the hydrographs anew if one of them, or the name of its dam, has changed."""
        known = self._known()
        if known == self._read:
            return  # Unchanged curves keep their zoom.
        self._read = known
        if known:
            self._store.hydrographs(tuple(known), partial(self._on_read, known))
        else:
            self._show({})

    def _known(self) -> dict[int, tuple[Any, str]]:
        """Return the id of the hydrograph and the name of each dam that has one."""
        snapshot, found = self._store.snapshot, {}
        for dam_id in self._store.compared:
            row = snapshot.row_of(dam_id)
            if row is not None and (one := snapshot.value(row, "hydrograph_id")) is not None:
                found[dam_id] = (one, snapshot.name(row))
        return found

    def _label(self, dam_id: int) -> str:
        """Return the name of a dam, with its place if another compared dam has the same name."""
        heads = content.heads(self._store.snapshot, self._store.compared)
        [own] = [one for one in heads if one["id"] == dam_id]
        is_alone = sum(one["name"] == own["name"] for one in heads) == 1
        return own["name"] if is_alone else ", ".join(filter(None, (own["name"], own["place"])))

    def _on_read(
        self,
        known: Mapping[int, tuple[Any, str]],
        outcome: Mapping[int, Hydrograph] | DamInventoryError,
    ) -> None:
        if known != self._read:
            return  # Others have been requested since.
        if isinstance(outcome, DamInventoryError):
            self._read = {}  # so that the next change tries again
            self._show({}, str(outcome))
        else:
            self._show(outcome)

    @shielded
    def _show(self, curves: Mapping[int, Hydrograph], error: str = "") -> None:
        self._notice.say(error)
        self._table.take(curves)
        if curves:
            self._curves.show([(self._label(dam_id), one) for dam_id, one in curves.items()])
        if bool(curves) != self._place.visible:
            self._place.put(*([self._curves] if curves else []))
