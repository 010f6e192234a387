"""HydrographSheet: a dam's hydrograph, in the panel below the map."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.hydrograph import Hydrograph
from ...errors import DamInventoryError
from ...session.store import DamStore
from ..components.alert import Notice
from ..components.escape import as_file_name
from ..components.faults import shielded
from ..components.icons import icon
from .plot import HydrographPlot

MIN_HEIGHT = 240
"""Minimum height of the sheet in pixels."""

NO_DAM = "Select a dam to see its hydrograph."


class HydrographSheet(pn.viewable.Viewer):
    """Shows one hydrograph, with a CSV download; the plot's toolbar saves a PNG."""

    is_open = param.Boolean(doc="Whether the sheet is open.")
    dark = param.Boolean(allow_refs=True, doc="Whether the curve is drawn for a dark page.")

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._dam_id: int | None = None
        self._followed: tuple[Any, Any] = (None, None)
        self._hydrograph: Hydrograph | None = None
        super().__init__(**params)
        self._plot = HydrographPlot(dark=self.param.dark, units=store.param.units)
        self._curve = pn.Column(self._plot, sizing_mode="stretch_both", margin=0)
        self._alert = Notice("warning")
        self._download = pmui.FileDownload(
            callback=self._csv, filename="hydrograph.csv", label="Download CSV", auto=True,
            embed=False, variant="outlined", size="small", margin=(4, 8, 0, 0),
        )  # fmt: skip
        self._download.param.watch(self._forget, "data")
        close = pmui.IconButton(icon=icon("close"), description="Close hydrograph", margin=0)
        close.on_click(self._close)
        self._sheet = pmui.Paper(
            pn.Row(pn.Spacer(sizing_mode="stretch_width"), self._download, close,
                   sizing_mode="stretch_width", margin=0, align="center"),
            self._alert,
            self._curve,
            sizing_mode="stretch_both", min_height=MIN_HEIGHT, margin=0, elevation=0,
            sx={"padding": "4px 12px 8px", "boxSizing": "border-box"},
        )  # fmt: skip

    def __panel__(self) -> pn.viewable.Viewable:
        return self._sheet

    def show(self, dam_id: int | None) -> None:
        """Open the sheet with a dam's current hydrograph; without a dam, ask for one."""
        if dam_id is None:
            self._say(NO_DAM)
            self.is_open = True
            return
        self._dam_id, self._followed = dam_id, self._known(dam_id)
        self._store.hydrograph(dam_id, partial(self._on_read, dam_id))

    @param.depends("_store.snapshot", watch=True)
    @shielded
    def _follow(self) -> None:
        # An unchanged hydrograph keeps its zoom.
        dam_id = self._dam_id
        if self.is_open and dam_id is not None and self._known(dam_id) != self._followed:
            self.show(dam_id)

    def _known(self, dam_id: int) -> tuple[Any, Any]:
        """Return the ID of a dam's hydrograph and the dam's name, as the store shows them."""
        snapshot, row = self._store.snapshot, self._store.snapshot.row_of(dam_id)
        if row is None:
            return None, None
        return snapshot.value(row, "hydrograph_id"), snapshot.name(row)

    def _on_read(self, dam_id: int, outcome: Hydrograph | DamInventoryError | None) -> None:
        if dam_id != self._dam_id:
            return  # Another hydrograph has been requested since.
        row = self._store.snapshot.row_of(dam_id)
        name = "" if row is None else self._store.snapshot.name(row)
        sentence = "" if outcome else f'"{name}" has no hydrograph.'
        if isinstance(outcome, DamInventoryError):
            sentence = str(outcome)
        else:
            self._hydrograph = outcome
            if outcome is not None:
                self._plot.show(outcome, name)
                self._download.filename = as_file_name(name, "hydrograph.csv")
        self._say(sentence)
        self.is_open = True

    def _say(self, sentence: str) -> None:
        """Show a sentence instead of the curve of the previous dam, or nothing but the curve."""
        self._alert.say(sentence)
        self._curve.visible = not sentence
        self._download.disabled = bool(sentence)

    def _close(self, _event: Any) -> None:
        self._dam_id = None
        self.is_open = False

    def _forget(self, event: Any) -> None:
        # The browser downloads only changed data: reset it, so that the same file downloads again.
        if event.new is not None:
            pn.state.execute(partial(setattr, self._download, "data", None), schedule=True)

    def _csv(self) -> io.BytesIO:
        text = self._hydrograph.to_csv(self._store.units) if self._hydrograph else ""
        return io.BytesIO(text.encode("utf-8"))
