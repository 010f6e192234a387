"""ReadingForm: which columns of a file are time and flow, in which units; what the file says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...errors import DamInventoryError
from ...formats import hydrograph_csv
from ...formats.flow_reading import Part, Question
from ...formats.flow_table import FlowTable
from ...formats.hydrograph_csv import Attempt, ReadHydrograph
from ...session.store import DamStore
from ..components.escape import as_markdown

_ANSWERS: dict[Part, str] = {
    "flow_unit": "Flow is in", "time_unit": "Time is in", "order": "Dates are",
    "decimal": "The decimal sign is",
}  # fmt: skip
_UNANSWERED = {"Choose …": ""}
_SAMPLES = 2
_LONGEST = 32


class Sentences(pmui.Typography):
    """Plain text, one sentence a line; hidden without any."""

    def __init__(self, **params: Any) -> None:
        super().__init__(
            "", variant="body2", visible=False, sizing_mode="stretch_width", width=None, **params
        )

    def say(self, *sentences: str) -> None:
        spoken = [as_markdown(one) for one in sentences]
        self.param.update(object="  \n".join(spoken), visible=bool(spoken))


class ReadingForm(pn.viewable.Viewer):
    """Asks only what the file leaves open. on_read: called with each hydrograph, or with the error.

    It is called with None while a question is open.
    """

    def __init__(
        self,
        store: DamStore,
        on_read: Callable[[ReadHydrograph | DamInventoryError | None], None],
        **params: Any,
    ) -> None:
        super().__init__(**params)
        self._store = store
        self._on_read = on_read
        self._tables: Sequence[FlowTable] = ()
        self._file_name = ""
        self._columns: dict[str, int] = {}
        self._has_chosen = False
        self._number = 0
        self.open: Sequence[Question] = ()
        wide = {"sizing_mode": "stretch_width", "width": None, "size": "small"}
        self.table = pmui.Select(label="Sheet or gauge", margin=(8, 0, 4, 0), **wide)
        self.time = pmui.Select(label="Column of the time", margin=(8, 0, 4, 0), **wide)
        self.flow = pmui.Select(label="Column of the flow", margin=(8, 0, 4, 0), **wide)
        self.answers = {
            part: pmui.Select(label=label, margin=(8, 0, 4, 0), **wide)
            for part, label in _ANSWERS.items()
        }
        # No alerts: they are read together with the fields, in their order.
        self._question = Sentences(margin=(8, 0, 4, 0), sx={"fontWeight": 500})
        self._said = Sentences(margin=(8, 0, 4, 0), css_classes=["file-says"])
        self.table.param.watch(self._on_table, "value")
        for one in (self.time, self.flow):
            one.param.watch(self._on_column, "value")
        for one in self.answers.values():
            one.param.watch(self._try, "value")
        self._is_filling = False
        self._layout = pn.Column(
            self.table, self.time, self.flow, self._question, *self.answers.values(), self._said,
            visible=False, margin=0, sizing_mode="stretch_width",
        )  # fmt: skip

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def show(self, tables: Sequence[FlowTable], file_name: str) -> None:
        """Offer the tables of a file, at least one, and read the likeliest columns of the first."""
        self._tables, self._file_name = tables, file_name
        names = {f"{number}. {one.name}": number - 1 for number, one in enumerate(tables, 1)}
        self._fill(self.table, names, 0, is_visible=len(tables) > 1)
        self._on_table()

    def hide(self) -> None:
        """Forget the file."""
        self._number += 1
        self._tables, self.open = (), ()
        self._layout.visible = False

    @property
    def chosen(self) -> FlowTable | None:
        """The table that is read, or None. A browser may send any value."""
        number = self.table.value
        is_there = isinstance(number, int) and 0 <= number < len(self._tables)
        return self._tables[number] if is_there else None

    def _on_table(self, _event: Any = None) -> None:
        if self._is_filling or (table := self.chosen) is None:
            return
        self._columns = {_column(table, index): index for index in range(len(table.headings))}
        self._has_chosen = False
        self._forget_answers()
        self._try()

    def _on_column(self, _event: Any) -> None:
        if not self._is_filling:
            self._has_chosen = True
            self._forget_answers()
            self._try()

    def _forget_answers(self) -> None:
        for one in self.answers.values():
            self._fill(one, _UNANSWERED, "", is_visible=False)

    def _try(self, _event: Any = None) -> None:
        if self._is_filling or (table := self.chosen) is None:
            return
        self._number += 1
        time, flow = (
            one.value if self._has_chosen and one.value in self._columns.values() else None
            for one in (self.time, self.flow)
        )
        answers = {part: one.value for part, one in self.answers.items() if one.value}
        attempt = partial(hydrograph_csv.attempt, table, self._file_name, time, flow, answers)
        self._store.in_background(attempt, partial(self._on_attempt, self._number), "file")

    def _on_attempt(self, number: int, outcome: Attempt | DamInventoryError) -> None:
        if number != self._number:
            return  # Another column or answer has been chosen since.
        self._layout.visible = True
        if isinstance(outcome, DamInventoryError):
            self._question.say()
            self._said.say()
            self._on_read(outcome)
            return
        self.open = outcome.open
        self._show_columns(outcome)
        self._show_questions(outcome)
        read = outcome.read
        self._said.say(*((read.in_words(self._store.units), *read.notes) if read else ()))
        self._on_read(read)

    def _show_columns(self, tried: Attempt) -> None:
        for one, index in ((self.time, tried.reading.time), (self.flow, tried.reading.flow)):
            self._fill(one, self._columns, index, is_visible=len(self._columns) > 2)

    def _show_questions(self, tried: Attempt) -> None:
        asked = {one.part: one for one in tried.asked}
        for part, one in self.answers.items():
            choices = asked[part].choices if part in asked else ()
            options = {**_UNANSWERED, **{choice: choice for choice in choices}}
            answer = one.value if one.value in choices else ""
            self._fill(one, options, answer, is_visible=bool(choices))
        self._question.say(*(one.sentence for one in tried.open))

    def _fill(self, select: pmui.Select, options: Any, value: Any, is_visible: bool) -> None:
        """Fill a field without reading the file again."""
        self._is_filling = True
        try:
            select.param.update(options=options, value=value, visible=is_visible)
        finally:
            self._is_filling = False


def _column(table: FlowTable, index: int) -> str:
    """Return how a column is offered: its heading, and the first values of it."""
    heading = table.heading(index) or "Without heading"
    samples = [cell for cell in table.column(index)[:50] if cell][:_SAMPLES]
    return f"{index + 1}. {_short(heading)}: {', '.join(map(_short, samples))}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
