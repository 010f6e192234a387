"""Guide: keeps what is said beside the map up to date, and answers its buttons."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...domain.palette import COLORINGS
from ...session.store import DamStore
from ...snapshot.elsewhere import Elsewhere
from ...snapshot.order import Rows
from ...snapshot.region import Region
from ...snapshot.snapshot import Snapshot
from ..components.asking import read
from ..components.escape import as_json
from ..components.faults import shielded
from . import legend_filter
from .controls import MapControls
from .in_view import InView
from .legend import about, choices, elsewhere, legend, remark

if TYPE_CHECKING:
    from .dam_map import DamMap


_MAX_DRAWN = 10_000
"""The maximum length of a drawn region as JSON."""


class Guide:
    """The legend, the buttons, and the description of a map.

    controls: the component that shows them.
    """

    def __init__(self, store: DamStore, dam_map: DamMap) -> None:
        self._store = store
        self._map = dam_map
        self._figures: list[str] = []
        self._done = 0
        """The number of the last click in the legend that was answered."""
        self.controls = MapControls(dark=dam_map.dark)
        self._in_view = InView(store, self.controls, dam_map.coloring)
        store.param.watch(self._in_view.update, ["snapshot", "rows"])
        store.param.watch(self._describe, ["snapshot", "rows", "selected"])
        store.param.watch(self._count, ["snapshot", "rows"])
        dam_map.param.watch(self._count, "color_by")
        dam_map.param.watch(lambda _: self._in_view.color(dam_map.coloring), "color_by")
        dam_map.param.watch(lambda event: setattr(self.controls, "dark", event.new), "dark")
        dam_map.param.watch(self._on_tiles, "unreachable")
        self.controls.param.watch(self._on_wanted, "wanted")
        self.controls.param.watch(self._on_chosen, "chosen")
        self.controls.param.watch(self._on_drawn, "drawn")
        self.controls.param.watch(self._on_asked, "asked")
        self._describe()
        self._count()

    def add_figure(self, figure: Any) -> None:
        """Let the buttons move a figure, too."""
        self._figures.append(figure.id)
        self.controls.figures = as_json(self._figures)

    def offer_choices(self, rows: Rows, place: tuple[float, float]) -> None:
        """List the dams at a place, in Web Mercator meters, for a person to choose from."""
        self.controls.choices = choices(self._store.snapshot, np.sort(rows), place)

    def offer_no_choices(self) -> None:
        """Close the list of dams at one place."""
        if self.controls.choices and not self._in_view.is_open:
            self.controls.choices = ""

    def remark(self, *, is_raster: bool) -> None:
        """Say how the colors of what is drawn were chosen."""
        found = remark(self._map.coloring, is_raster=is_raster)
        # To set what is set already takes 0.1 ms, and this follows every pan.
        if self.controls.remark != found:
            self.controls.remark = found

    def follow(self) -> None:
        """Follow the view of the map."""
        self.offer_no_choices()
        self._in_view.update()
        self._tell_elsewhere()

    @shielded
    def _tell_elsewhere(self) -> None:
        """Say which dams are left out by a view of all the others."""
        snapshot = self._store.snapshot
        if self._leaves_some_out():
            self._store.compute(
                lambda: snapshot.elsewhere, partial(self._on_elsewhere, snapshot), "elsewhere"
            )
        elif self.controls.elsewhere:
            self.controls.elsewhere = ""

    def _leaves_some_out(self) -> bool:
        store, view = self._store, self._store.filter.view
        home, all_dams = store.snapshot.atlas.home, store.snapshot.extent
        if store.rows is not None or view is None or home is None or all_dams is None:
            return False
        return bool(view.holds(home) and not view.holds(all_dams))

    @shielded
    def _on_elsewhere(self, snapshot: Snapshot, found: Elsewhere) -> None:
        if snapshot is self._store.snapshot and self._leaves_some_out():
            self.controls.elsewhere = elsewhere(found)

    def _on_tiles(self, event: Any) -> None:
        self.controls.missing = f"{event.new} can't be reached." if event.new else ""

    @shielded
    def _describe(self, *_: Any) -> None:
        store = self._store
        self.offer_no_choices()
        self.controls.param.update(
            about=about(store.snapshot, store.rows, store.selected),
            offers=store.rows is not None and len(store.rows) > 0,
        )
        self._tell_elsewhere()

    @shielded
    def _count(self, *_: Any) -> None:
        store, coloring = self._store, self._map.coloring
        asked = (store.snapshot, store.rows, coloring.name)
        tally = store.snapshot.atlas.tally
        store.compute(
            lambda: (tally(coloring, None), tally(coloring, asked[1])),
            partial(self._on_counted, asked),
            "legend",
            is_quick=asked[1] is None and store.snapshot.atlas.has_tally(coloring),
        )

    @shielded
    def _on_counted(self, asked: tuple[Any, ...], counts: tuple[Any, Any]) -> None:
        snapshot, rows, name = asked
        store = self._store
        if snapshot is store.snapshot and rows is store.rows and name == self._map.color_by:
            chosen = legend_filter.chosen(store.filter, snapshot, COLORINGS[name])
            total, shown = counts
            self.controls.legend = legend(COLORINGS[name], total, shown, chosen, self._done)

    def _on_wanted(self, event: Any) -> None:
        # Reset these parameters, so that the same can be asked for again.
        self.controls.wanted = ""
        if event.new == "all":
            self._map.zoom_to_all()
        elif event.new == "results":
            self._map.zoom_to_dams()
        elif event.new == "list":
            self._in_view.open()

    def _on_chosen(self, event: Any) -> None:
        self.controls.chosen = 0
        # A browser can send anything.
        if self._store.snapshot.row_of(event.new) is not None:
            self._store.selected = event.new
            self.offer_no_choices()

    @shielded
    def _on_drawn(self, event: Any) -> None:
        # A browser can send anything.
        try:
            drawn = json.loads(event.new[:_MAX_DRAWN])
        except (ValueError, RecursionError):
            return
        match drawn:
            case [int(), points] if (region := Region.of_points(points)) is not None:
                self._store.filter.region = region

    def _on_asked(self, event: Any) -> None:
        store, coloring = self._store, self._map.coloring
        todo, self._done = read(event.new, self._done)
        for action in todo:
            match action:
                case [int(code)]:
                    legend_filter.toggle(store.filter, store.snapshot, coloring, code)
