"""Columns: what a person is asked about the columns of a file, and what they answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from ...domain.fields import FIELD, GROUPS
from ...formats import exported
from ...formats.mapping import Column, choices
from ...formats.values import DecimalMark
from ...session.importing import Importing

_MARKS: dict[str, DecimalMark] = {".": ".", ",": ","}
_MAX_SAMPLE_LENGTH = 60
MAX_SHOWN = 300
"""How many columns are shown: each is several controls in the browser."""


@dataclass(frozen=True)
class Answer:
    """What a person has said about a column so far. unit, mark: "" if they are still asked."""

    field: str | None
    unit: str
    mark: DecimalMark


class Columns:
    """The columns of the file of an import. An answer counts when nothing of it is missing."""

    def __init__(self, importing: Importing) -> None:
        self._importing = importing
        self._begun: dict[str, Answer] = {}
        self._asked: frozenset[str] = frozenset()
        """The headings of columns that had a question: they stay where they are when answered."""
        self.is_all = False

    def follow(self) -> None:
        """Note which columns have a question."""
        mapping = self._importing.mapping
        self._asked |= {one.heading for one in (mapping.questions if mapping else ())}

    @property
    def unanswered(self) -> int:
        """How many columns still need an answer."""
        mapping = self._importing.mapping
        asked = {one.heading for one in mapping.questions} if mapping else set()
        return len(asked | {*self._begun})

    def take(self, heading: str, field: str | None) -> None:
        """Take a column for a field, or None for another fact."""
        column = self._column(heading)
        if column is None or not (field is None or field in FIELD):
            return
        offered = choices(field) if field else ()
        is_known = column.unit in offered and not _asks_unit(column)
        unit = column.unit if is_known else offered[0] if len(offered) == 1 else ""
        self._answer(column, replace(self._answer_of(column), field=field, unit=unit))

    def set_unit(self, heading: str, unit: str) -> None:
        """Say in which unit a column is."""
        if (column := self._column(heading)) is not None:
            self._answer(column, replace(self._answer_of(column), unit=unit))

    def set_mark(self, heading: str, mark: str) -> None:
        """Say what separates the decimals of a column."""
        column = self._column(heading)
        if column is not None and mark in _MARKS:
            self._answer(column, replace(self._answer_of(column), mark=_MARKS[mark]))

    def confirm(self, heading: str) -> None:
        """Say that a column is what it was taken for."""
        if (column := self._column(heading)) is not None:
            self._answer(column, self._answer_of(column))

    def as_dict(self) -> dict[str, Any]:
        """Return the columns that are shown, for the browser."""
        mapping = self._importing.mapping
        columns: Collection[Column] = mapping.columns if mapping else ()
        is_all = self.is_all or not self._asked
        headings = mapping.header if mapping else ()
        unread = exported.skipped(headings) if exported.is_export(headings) else ()
        shown = [
            one
            for one in columns
            if (is_all and one.heading not in unread) or one.heading in self._asked
        ]
        return {
            "rows": [self._row(one) for one in shown[:MAX_SHOWN]],
            "groups": _groups(),
            "more": "" if is_all else f"Show all {len(columns):,} columns",
            "unanswered": self.unanswered,
        }

    def _column(self, heading: str) -> Column | None:
        mapping = self._importing.mapping
        columns: Collection[Column] = mapping.columns if mapping else ()
        return next((one for one in columns if one.heading == heading), None)

    def _answer_of(self, column: Column) -> Answer:
        unit = "" if _asks_unit(column) else column.unit
        return self._begun.get(column.heading, Answer(column.field, unit, column.decimal_mark))

    def _answer(self, column: Column, answer: Answer) -> None:
        is_unit_missing = bool(answer.field and len(choices(answer.field)) > 1 and not answer.unit)
        is_mark_missing = bool(answer.field and _asks_mark(column) and not answer.mark)
        if is_unit_missing or is_mark_missing:
            self._begun[column.heading] = answer
            return
        self._begun.pop(column.heading, None)
        self._importing.set_column(column.heading, answer.field, answer.unit, answer.mark)

    def _row(self, column: Column) -> dict[str, Any]:
        answer = self._answer_of(column)
        units = choices(answer.field) if answer.field else ()
        return {
            "heading": column.heading,
            "samples": [one[:_MAX_SAMPLE_LENGTH] for one in column.samples],
            "field": answer.field or "",
            "unit": answer.unit,
            "units": units if len(units) > 1 else (),
            "is_open": bool(answer.field and FIELD[answer.field].kind == "degrees"),
            "mark": answer.mark if _asks_mark(column) or answer.mark else None,
            "question": column.question,
            "is_yes": bool(column.question and len(units) < 2 and not _asks_mark(column)),
        }


def label(field: str) -> str:
    """Return the label of a field; of what is none, that of other facts."""
    return FIELD[field].label if field in FIELD else "Other facts"


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields that a column can hold: name and label, by group."""
    return [
        (group, [(one.name, one.label) for one in FIELD.values() if one.group == group])
        for group in GROUPS
    ]


def _asks_mark(column: Column) -> bool:
    return "decimal mark" in column.question


def _asks_unit(column: Column) -> bool:
    # A question about nothing but the decimal mark begins with the number that is unclear.
    return bool(column.question) and not column.question.startswith('Is "')
