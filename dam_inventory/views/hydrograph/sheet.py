"""HydrographSheet: a dam's hydrographs, in the panel below the map."""

from __future__ import annotations

import io
from functools import cached_property, partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...errors import DamInventoryError
from ...session.hydrographs import OfDam
from ...session.store import DamStore
from ..components.alert import Notice
from ..components.escape import as_file_name
from ..components.faults import shielded
from ..components.icons import icon
from .editor import HydrographEditor
from .flow_curves import FlowCurves
from .plot import HydrographPlot

MIN_HEIGHT = 240
"""Minimum height of the sheet in pixels."""

NO_DAM = "Select a dam to see its hydrograph."

_ALL = 0
"""The choice of all hydrographs; ids begin with 1."""


class HydrographSheet(pn.viewable.Viewer):
    """Shows the hydrographs of a dam: its only one, or all in one plot, or one of several.

    One can be downloaded as CSV, renamed, and removed; the plot's toolbar saves a PNG.
    """

    is_open = param.Boolean(doc="Whether the sheet is open.")
    dark = param.Boolean(allow_refs=True, doc="Whether the curve is drawn for a dark page.")

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._dam_id: int | None = None
        self._hydrographs: OfDam = ()
        self._drawn_name = ""
        super().__init__(**params)
        self._plot = HydrographPlot(dark=self.param.dark, units=store.param.units)
        self._drawn: HydrographPlot | FlowCurves = self._plot
        self._curve = pn.Column(self._plot, sizing_mode="stretch_both", min_height=320, margin=0)
        self._alert = Notice("warning")
        self._editor = HydrographEditor(store)
        self._shown: int = _ALL
        self._choice = pn.Row(margin=0, styles={"margin-right": "auto"})
        self._edit = pmui.IconButton(
            icon=icon("edit"), description="Rename or remove hydrograph", margin=0, visible=False
        )
        self._edit.on_click(lambda _: self._editor.toggle())
        self._download = pmui.FileDownload(
            callback=self._csv, filename="hydrograph.csv", label="Download CSV", auto=True,
            embed=False, variant="outlined", size="small", margin=(4, 8, 0, 0),
        )  # fmt: skip
        self._download.param.watch(self._forget, "data")
        close = pmui.IconButton(icon=icon("close"), description="Close hydrograph", margin=0)
        close.on_click(self._close)
        self._sheet = pmui.Paper(
            pn.FlexBox(
                self._choice, pn.Row(self._edit, self._download, close, margin=0, align="center"),
                sizing_mode="stretch_width", margin=0, justify_content="end", align_items="center",
            ),
            self._editor,
            self._alert,
            self._curve,
            sizing_mode="stretch_both", min_height=MIN_HEIGHT, margin=0, elevation=0,
            sx={"padding": "4px 12px 8px", "boxSizing": "border-box", "overflowY": "auto"},
        )  # fmt: skip

    def __panel__(self) -> pn.viewable.Viewable:
        return self._sheet

    def show(self, dam_id: int | None) -> None:
        """Open the sheet with a dam's hydrographs; without a dam, ask for one."""
        if dam_id is None:
            self._say(NO_DAM)
            self.is_open = True
            return
        self._dam_id, self._hydrographs = dam_id, ()
        self._store.hydrographs_of(dam_id, (), partial(self._on_read, dam_id))

    @param.depends("_store.snapshot", watch=True)
    @shielded
    def _follow(self) -> None:
        """Read the hydrographs again; unchanged ones keep their zoom."""
        if self.is_open and self._dam_id is not None:
            known = [head for head, _ in self._hydrographs]
            self._store.hydrographs_of(self._dam_id, known, partial(self._on_read, self._dam_id))

    @property
    def _name(self) -> str:
        row = None if self._dam_id is None else self._store.snapshot.row_of(self._dam_id)
        return "" if row is None else self._store.snapshot.name(row)

    @cached_property
    def _curves(self) -> FlowCurves:
        return FlowCurves(dark=self.param.dark, units=self._store.param.units)

    def _on_read(self, dam_id: int, outcome: OfDam | DamInventoryError | None) -> None:
        if dam_id != self._dam_id:
            return  # Another dam has been asked for since.
        self.is_open = True
        if outcome is None:
            if self._name != self._drawn_name:
                self._draw()
            return
        if isinstance(outcome, DamInventoryError):
            self._hydrographs = ()
            self._say(str(outcome))
            return
        self._hydrographs = outcome
        if not outcome:
            self._say(f'"{self._name}" has no hydrograph.')
            return
        self._say("")
        choices = {"All hydrographs": _ALL, **_distinct(outcome)}
        self._shown = self._shown if self._shown in choices.values() else _ALL
        if len(outcome) == 1:
            self._shown = outcome[0][0].id
        self._offer(choices)
        self._draw()

    def _offer(self, choices: dict[str, int]) -> None:
        """Offer a choice if there are several."""
        # A new field: a page may draw new options of a hidden field too late.
        choice = pmui.Select(
            label="Show", options=choices, value=self._shown, size="small", width=260,
            margin=(4, 8, 0, 0),
        )  # fmt: skip
        choice.param.watch(self._on_choice, "value")
        self._choice.objects = [choice] if len(self._hydrographs) > 1 else []

    def _on_choice(self, event: Any) -> None:
        self._shown = event.new
        if self._hydrographs:
            self._draw()

    def _draw(self) -> None:
        """Draw the chosen hydrograph, or all. A browser may have sent any choice."""
        name = self._drawn_name = self._name
        chosen = [pair for pair in self._hydrographs if pair[0].id == self._shown]
        drawn: Any = self._plot
        if chosen:
            [(head, hydrograph)] = chosen
            several = len(self._hydrographs) > 1
            title = f"{name}: {head.name}" if several else name
            self._plot.show(hydrograph, title)
            self._download.filename = as_file_name(title, "hydrograph.csv")
            self._editor.take(self._dam_id, head)
        else:
            drawn = self._curves
            labels = {head_id: label for label, head_id in _distinct(self._hydrographs).items()}
            drawn.show([(labels[head.id], one) for head, one in self._hydrographs])
            self._editor.take(None, None)
        if self._drawn is not drawn:
            self._drawn = drawn
            self._curve.objects = [drawn]
        self._download.visible = bool(chosen)
        self._edit.visible = bool(chosen) and self._store.user.may_assign

    def _say(self, sentence: str) -> None:
        """Show a sentence instead of the curve of the previous dam, or nothing but the curve."""
        self._alert.say(sentence)
        self._curve.visible = not sentence
        self._download.disabled = bool(sentence)
        if sentence:
            self._choice.objects, self._edit.visible = [], False
            self._editor.take(None, None)

    def _close(self, _event: Any) -> None:
        self._dam_id = None
        self.is_open = False

    def _forget(self, event: Any) -> None:
        # The browser downloads only changed data: reset it, so that the same file downloads again.
        if event.new is not None:
            pn.state.execute(partial(setattr, self._download, "data", None), schedule=True)

    def _csv(self) -> io.BytesIO:
        chosen = [one for head, one in self._hydrographs if head.id == self._shown]
        text = chosen[0].to_csv(self._store.units) if chosen else ""
        return io.BytesIO(text.encode("utf-8"))


def _distinct(hydrographs: OfDam) -> dict[str, int]:
    """Return the ids of hydrographs by their names, with a number where a name is not the only."""
    found: dict[str, int] = {}
    for number, (head, _) in enumerate(hydrographs, 1):
        found[f"{head.name} ({number})" if head.name in found else head.name] = head.id
    return found
