"""ReadingForm: which columns of a file are time and flow, in which units; what the file says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...errors import DamInventoryError
from ...formats import hydrograph_csv
from ...formats.flow_reading import CHOICES, Part, Question
from ...formats.flow_table import FlowTable
from ...formats.hydrograph_csv import Attempt, ReadHydrograph
from ...session.store import DamStore
from ..components.escape import as_markdown

_ANSWERS: dict[Part, str] = {
    "flow_unit": "Flow is in", "time_unit": "Time is in", "order": "Dates are",
    "decimal": "The decimal sign is",
}  # fmt: skip
_UNANSWERED = "Choose …"
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
        self._number = 0
        self._is_filling = False
        self.open: Sequence[Question] = ()
        self.table: pmui.Select | None = None
        self.time: pmui.Select | None = None
        self.flow: pmui.Select | None = None
        self.answers = {
            part: _select(label, {_UNANSWERED: "", **{one: one for one in CHOICES[part]}}, "")
            for part, label in _ANSWERS.items()
        }
        for one in self.answers.values():
            one.visible = False
            one.param.watch(self._try, "value")
        # New fields for each file: a page may draw new options of a hidden field too late.
        self._tables_field, self._column_fields = _column_of(), _column_of()
        # No alerts: they are read together with the fields, in their order.
        self._question = Sentences(margin=(8, 0, 4, 0), sx={"fontWeight": 500})
        self._said = Sentences(margin=(8, 0, 4, 0), css_classes=["file-says"])
        self._layout = _column_of(
            self._tables_field, self._column_fields, self._question, *self.answers.values(),
            self._said,
        )  # fmt: skip
        self._layout.visible = False

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def show(self, tables: Sequence[FlowTable], file_name: str) -> None:
        """Offer the tables of a file, at least one, and read the likeliest columns of the first."""
        self._tables, self._file_name = tables, file_name
        names = {f"{number}. {one.name}": number - 1 for number, one in enumerate(tables, 1)}
        self.table = _select("Sheet or gauge", names, 0)
        self.table.param.watch(self._on_table, "value")
        self._tables_field.objects = [self.table] if len(tables) > 1 else []
        self._on_table()

    def hide(self) -> None:
        """Forget the file."""
        self._number += 1
        self._tables, self.open = (), ()
        self._layout.visible = False

    @property
    def chosen(self) -> FlowTable | None:
        """The table that is read, or None. A browser may send any value."""
        number = self.table.value if self.table else None
        if isinstance(number, int) and 0 <= number < len(self._tables):
            return self._tables[number]
        return None

    def _on_table(self, _event: Any = None) -> None:
        self.time = self.flow = None
        self._column_fields.objects = []
        self._forget_answers()

    def _on_column(self, _event: Any) -> None:
        self._forget_answers()

    def _forget_answers(self) -> None:
        """Ask again from scratch."""
        self._is_filling = True
        for one in self.answers.values():
            one.param.update(value="", visible=False)
        self._is_filling = False
        self._try()

    def _try(self, _event: Any = None) -> None:
        if self._is_filling or (table := self.chosen) is None:
            return
        self._number += 1
        columns = range(len(table.headings))
        time, flow = (
            one.value if one is not None and one.value in columns else None
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
        """Offer the columns, unless there are only two or they are offered already."""
        table = self.chosen
        if table is None or self.time is not None or len(table.headings) < 3:
            return
        columns = {_column(table, index): index for index in range(len(table.headings))}
        self.time = _select("Column of the time", columns, tried.reading.time)
        self.flow = _select("Column of the flow", columns, tried.reading.flow)
        for one in (self.time, self.flow):
            one.param.watch(self._on_column, "value")
        self._column_fields.objects = [self.time, self.flow]

    def _show_questions(self, tried: Attempt) -> None:
        asked = {one.part for one in tried.asked}
        for part, one in self.answers.items():
            one.visible = part in asked
        self._question.say(*(one.sentence for one in tried.open))


def _select(label: str, options: dict[str, Any], value: Any) -> pmui.Select:
    return pmui.Select(
        label=label, options=options, value=value, size="small", margin=(8, 0, 4, 0),
        sizing_mode="stretch_width", width=None,
    )  # fmt: skip


def _column_of(*contents: Any) -> pn.Column:
    return pn.Column(*contents, margin=0, sizing_mode="stretch_width")


def _column(table: FlowTable, index: int) -> str:
    """Return how a column is offered: its heading, and the first values of it."""
    heading = table.heading(index) or "Without heading"
    samples = [cell for cell in table.column(index)[:50] if cell][:_SAMPLES]
    return f"{index + 1}. {_short(heading)}: {', '.join(map(_short, samples))}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
