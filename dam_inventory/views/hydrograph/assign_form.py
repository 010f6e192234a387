"""AssignForm: select a dam and a file, preview the hydrograph, and assign it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.hydrograph import MAX_BYTES, MAX_NAME, Hydrograph, too_large
from ...errors import DamInventoryError, HydrographExists
from ...formats.flow_files import SUFFIXES, tables_of
from ...formats.flow_table import FlowTable
from ...formats.hydrograph_csv import ReadHydrograph, default_name
from ...session.answers import start
from ...session.store import DamStore
from ..components.alert import Notice
from ..forms.autocomplete import DamSearch
from ..forms.file_input import FileField
from ..forms.frame import framed
from .plot import HydrographPlot
from .reading_form import ReadingForm


class AssignForm(pn.viewable.Viewer):
    """The form that assigns a hydrograph to a dam.

    on_close: called when the form has assigned a hydrograph or was canceled.
    on_assigned: called after that with the ID of the dam that has got one.
    """

    busy = param.Boolean(doc="Whether a file is being read, or a hydrograph saved.")
    changed = param.Boolean(doc="Whether a hydrograph was read that is not assigned yet.")
    dark = param.Boolean(allow_refs=True, doc="Whether the preview is drawn for a dark page.")

    def __init__(
        self,
        store: DamStore,
        on_close: Callable[[], None],
        on_assigned: Callable[[int], None] = lambda _dam_id: None,
        **params: Any,
    ) -> None:
        self._store = store
        self._on_close = on_close
        self._on_assigned = on_assigned
        self._hydrograph: Hydrograph | None = None
        self._file_name = self._file_error = ""
        self._number = 0
        self._dam_id: int | None = None
        self._replaces: int | None = None
        super().__init__(**params)
        wide = {"sizing_mode": "stretch_width", "width": None}
        self.dam = DamSearch(
            store, label="Dam", placeholder="Type a name, a river or an NID ID", size="small",
            margin=(8, 0, 4, 0), **wide,
        )  # fmt: skip
        self.file = FileField(
            self._on_file, label="Hydrograph file: time and flow, as CSV, Excel or USGS RDB",
            accept=f"{SUFFIXES},text/plain,text/csv", most=MAX_BYTES,
            margin=(8, 0), **wide,
        )  # fmt: skip
        self.reading = ReadingForm(store, self._on_read)
        self.hydrograph_name = pmui.TextInput(
            label="Name of the hydrograph", max_length=MAX_NAME, size="small", margin=(8, 0, 4, 0),
            visible=False, **wide,
        )  # fmt: skip
        self._plot = HydrographPlot(dark=self.param.dark, units=store.param.units)
        self._preview = pn.Column(
            self._plot, height=380, margin=(8, 0), visible=False, sizing_mode="stretch_width"
        )
        self._alert = Notice(margin=(0, 0, 8, 0))
        self._submit = pmui.Button(label="Assign", margin=0, disabled=self.param.busy)
        cancel = pmui.Button(label="Cancel", variant="text", margin=0)
        self._beside = pmui.Button(
            label="Add beside it",
            variant="outlined",
            margin=(0, 8, 0, 0),
            visible=False,
            disabled=self.param.busy,
        )
        self._submit.on_click(self.submit)
        self._beside.on_click(self._add_beside)
        cancel.on_click(self._close)
        self.dam.param.watch(self._on_dam, "dam_id")
        self._card = framed(
            pmui.Typography("Assign hydrograph", variant="h6", margin=(6, 40, 6, 0)),
            [self.dam, self.file, self.reading, self.hydrograph_name, self._preview],
            self._alert,
            [cancel, self._beside, self._submit],
            on_close,
        )

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    def open(self, dam_id: int | None) -> None:
        """Start over, unless the form was begun for the same dam."""
        if dam_id is None or dam_id != self._dam_id:
            self._start(dam_id)

    def _start(self, dam_id: int | None) -> None:
        self._dam_id = dam_id
        self._forget_file()
        self.file.clear()
        self.dam.choose(dam_id)
        self._show_errors()

    def submit(self, _event: Any = None, *, beside: bool = False) -> None:
        """Assign the hydrograph, or show what is missing. beside: to those that the dam has."""
        if self.busy:
            return
        missing = [] if self.dam.dam_id is not None else ["Dam is required."]
        if self._hydrograph is None:
            missing += [one.sentence for one in self.reading.open] or [
                self._file_error or "Hydrograph file is required."
            ]
        if missing or self._hydrograph is None or self.dam.dam_id is None:
            self._show_errors(*missing)
            return
        name = self.hydrograph_name.value_input or self._hydrograph.name
        start(self._save(self.dam.dam_id, replace(self._hydrograph, name=name), beside))

    async def _save(self, dam_id: int, hydrograph: Hydrograph, beside: bool) -> None:
        number, submitted, refusal = self._number, self.dam.value_input or "", None
        self.busy = True
        try:
            replaces = None if beside else self._replaces
            later = self._store.later
            await later.assign_hydrograph(dam_id, hydrograph, replaces, beside=beside)
        except DamInventoryError as error:
            refusal = error
        finally:
            if number == self._number:
                self.busy = False
        if number == self._number:
            self._on_done(submitted, refusal, dam_id)

    def _on_dam(self, _event: Any) -> None:
        self._ask_to_replace(None)
        self._show_errors()

    def _on_file(self, name: str, size: int, content: bytes) -> None:
        self._forget_file()
        if size > MAX_BYTES:
            self._refuse(str(too_large(f'"{name}"', size)))
            return
        self.busy, self._file_name = True, name
        read = partial(tables_of, content, name)
        self._store.in_background(read, partial(self._on_tables, self._number), "file")

    def _on_tables(self, number: int, outcome: Sequence[FlowTable] | DamInventoryError) -> None:
        if number != self._number:
            return  # Another file has been selected since.
        if isinstance(outcome, DamInventoryError):
            self.busy = False
            self._refuse(str(outcome))
        else:
            self.reading.show(outcome, self._file_name)

    def _on_read(self, outcome: ReadHydrograph | DamInventoryError | None) -> None:
        self.busy, self._hydrograph, self._file_error = False, None, ""
        is_read = isinstance(outcome, ReadHydrograph)
        self._preview.visible = self.hydrograph_name.visible = is_read
        if isinstance(outcome, DamInventoryError):
            self._refuse(str(outcome))
            return
        self._show_errors()
        if outcome is not None:
            name = default_name(self._file_name, self.reading.chosen)
            note = " ".join([f"{self._file_name}:", outcome.in_words(), *outcome.notes])
            self._hydrograph = replace(outcome.hydrograph, name=name, note=note)
            self.hydrograph_name.value = name
            self._plot.show(self._hydrograph, self._file_name)
        self.changed = self._hydrograph is not None

    def _refuse(self, sentence: str) -> None:
        self._file_error = sentence
        self._show_errors(sentence)

    def _add_beside(self, _event: Any) -> None:
        self.submit(beside=True)

    def _forget_file(self) -> None:
        # Ignore a pending answer of the database, and a file that is still being read.
        self._number += 1
        self.busy = self.changed = False
        self._hydrograph, self._file_error = None, ""
        self._preview.visible = self.hydrograph_name.visible = False
        self.reading.hide()
        self._ask_to_replace(None)

    def _on_done(self, submitted: str, error: DamInventoryError | None, dam_id: int) -> None:
        if error is None:
            # Unless the person is already searching for another dam.
            if (self.dam.value_input or "") == submitted:
                self._close()
                self._on_assigned(dam_id)
            return
        if isinstance(error, HydrographExists):
            self._ask_to_replace(error)
        is_question = isinstance(error, HydrographExists)
        self._show_errors(str(error), severity="warning" if is_question else "error")

    def _ask_to_replace(self, error: HydrographExists | None) -> None:
        may_replace = error is not None and error.may_replace
        self._replaces = error.hydrograph_id if error and may_replace else None
        self._submit.label = "Replace" if may_replace else "Assign"
        self._submit.visible = error is None or may_replace
        self._beside.visible = error is not None

    def _close(self, _event: Any = None) -> None:
        self._start(None)
        self._on_close()

    def _show_errors(self, *sentences: str, severity: str = "error") -> None:
        self._alert.severity = severity
        self._alert.say(*sentences)
