"""Panes: what the dock shows in place of the table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import param

from ...session.store import DamStore
from ..charts.charts import DamCharts
from ..compare.comparison import Comparison
from ..components.slot import Place
from ..hydrograph.sheet import HydrographSheet
from .dock import Dock


class Panes:
    """The charts, a dam's hydrographs and the comparison; each is created on first use.

    dock: the bar whose tabs choose one of them or the table. places: where they appear.
    dark: refers to whether the page is dark.
    """

    def __init__(self, store: DamStore, dark: param.Parameter, *, is_served: bool) -> None:
        self._store = store
        self._dark = dark
        self._charts_place = Place("charts", "stretch_both")
        self._sheet_place = Place("sheet", "stretch_both")
        self._comparison_place = Place("compare", "stretch_both")
        self.places = (self._charts_place, self._sheet_place, self._comparison_place)
        self._is_plotted = False
        """Whether a hydrograph was asked for since a dam was selected or the sheet closed."""
        self.dock = Dock(
            is_served=is_served,
            css_classes=["dock"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self.dock.param.watch(self._on_tab, "tab")
        store.param.watch(self._follow_selection, "selected")
        store.param.watch(self._follow_comparison, "compared")

    def plot(self, dam_id: int) -> None:
        """Show the hydrographs of a dam."""
        self._show_hydrograph(dam_id)
        self.dock.show("hydrograph")

    def compare(self) -> None:
        """Show the comparison."""
        self._comparison.focus()
        self.dock.show("compare")

    @cached_property
    def _charts(self) -> DamCharts:
        charts = DamCharts(self._store, margin=0, sizing_mode="stretch_width")
        # A person who goes from tab to tab by keyboard stays among the tabs.
        self._charts_place.put(charts, focus="stay")
        return charts

    @cached_property
    def _sheet(self) -> HydrographSheet:
        sheet = HydrographSheet(self._store, dark=self._dark)
        self._sheet_place.put(sheet)
        sheet.param.watch(self._on_sheet, "is_open")
        return sheet

    @cached_property
    def _comparison(self) -> Comparison:
        comparison = Comparison(self._store, dark=self._dark)
        self._comparison_place.put(comparison)
        return comparison

    def _show_hydrograph(self, dam_id: int | None) -> None:
        self._is_plotted = True
        self._sheet.show(dam_id)

    def _on_sheet(self, event: Any) -> None:
        if not event.new:
            self._is_plotted = False
            self.dock.show("table")

    def _on_tab(self, _event: Any) -> None:
        if self.dock.tab == "hydrograph" and not self._is_plotted:
            self._show_hydrograph(self._store.selected)
        elif self.dock.tab == "compare":
            _ = self._comparison
        if self.dock.tab == "charts" or "_charts" in self.__dict__:
            self._charts.show(self.dock.tab == "charts")

    def _follow_selection(self, event: Any) -> None:
        if event.new is not None:
            self._is_plotted = False
            if self.dock.tab == "hydrograph":
                self._show_hydrograph(event.new)

    def _follow_comparison(self, event: Any) -> None:
        self.dock.compared = len(event.new)
        _ = self._comparison  # It writes the dams to the address.
