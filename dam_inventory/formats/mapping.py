"""Mapping: which column of a file holds which field, in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..domain.dam import IDENTIFYING
from ..errors import InvalidFile
from . import column_names, exported, questions
from .columns import Column, checked_unit, choices
from .table import Table
from .values import DecimalMark

__all__ = ["Column", "Mapping", "choices", "suggest"]

SAMPLES = 3
_SHOWN = 80


@dataclass(frozen=True)
class Mapping:
    """What each column of a file is taken for, in the order of the file."""

    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The headings: files with the same header share a remembered mapping."""
        return tuple(column.heading for column in self.columns)

    @property
    def questions(self) -> list[Column]:
        """The columns whose question is not answered."""
        return [column for column in self.columns if column.question]

    @property
    def taken(self) -> frozenset[str]:
        """The headings of the columns that hold a field."""
        return frozenset(c.heading for c in self.columns if c.field and not c.question)

    def with_column(
        self, heading: str, field: str | None, unit: str = "", decimal_mark: DecimalMark = ""
    ) -> Mapping:
        """Return the mapping with another choice for a column.

        unit: "" for that of the field. A column that had the field before becomes another fact.
        Raises InvalidFile for an unknown heading, field, unit or decimal mark.
        """
        if heading not in self.header:
            raise InvalidFile(f'The file has no column "{heading}".')
        if decimal_mark not in ("", ".", ","):
            raise InvalidFile(f'The decimal mark must be "." or ",", not "{decimal_mark}".')
        unit = checked_unit(field, unit)
        columns = []
        for column in self.columns:
            if column.heading == heading:
                column = replace(
                    column, field=field, unit=unit, decimal_mark=decimal_mark, question=""
                )
            elif field is not None and column.field == field:
                column = replace(column, field=None, unit="", decimal_mark="", question="")
            columns.append(column)
        return Mapping(tuple(columns))

    def check(self) -> None:
        """Raise InvalidFile if no column can identify a dam."""
        taken = {column.field for column in self.columns if not column.question}
        if taken & {*IDENTIFYING} - {"latitude"} or taken >= {"latitude", "longitude"}:
            return
        if asked := [c.heading for c in self.questions if c.field in (*IDENTIFYING, "longitude")]:
            raise InvalidFile(
                f"Say first what these columns contain: {_listed(asked)}. Until then no column "
                "has a name, an ID, or a location of dams."
            )
        raise InvalidFile(_NOT_IDENTIFIED.format(_listed(self.header)))

    def as_dict(self) -> dict[str, Any]:
        """Return the choices as JSON values, without samples and questions."""
        return {
            "columns": [
                {
                    "heading": column.heading,
                    "field": None if column.question else column.field,
                    "unit": "" if column.question else column.unit,
                    "decimal_mark": column.decimal_mark,
                }
                for column in self.columns
            ]
        }

    @classmethod
    def from_dict(cls, data: Any) -> Mapping:
        """Make a mapping from the JSON values of `as_dict`. Raises InvalidFile for others."""
        try:
            columns = [
                (one["heading"], one["field"], one["unit"], one["decimal_mark"])
                for one in data["columns"]
            ]
        except (KeyError, TypeError) as error:
            raise InvalidFile("These are not the columns of a file.") from error
        if not all(isinstance(one, str | None) for column in columns for one in column):
            raise InvalidFile("These are not the columns of a file.")
        mapping = cls(tuple(Column(str(heading)) for heading, *_ in columns))
        if len(set(mapping.header)) < len(columns):
            raise InvalidFile("Two columns have the same heading.")
        for heading, field, unit, mark in columns:
            if field is not None:
                mapping = mapping.with_column(heading, field, unit, mark)
        return mapping


_NOT_IDENTIFIED = (
    "No column has a name, an ID, or both coordinates of dams. The columns are: {}. "
    "Say which one is the name, or name it Dam Name in the file."
)


def suggest(table: Table, remembered: Mapping | None = None) -> Mapping:
    """Return what the columns of a table are taken for.

    remembered: the choices for an earlier file with this header.
    """
    if remembered is not None and remembered.header == table.headings:
        mapping = remembered
    else:
        mapping = Mapping(_by_name(table.headings, table.format == "Shapefile"))
    columns = []
    for index, column in enumerate(mapping.columns):
        texts = (" ".join(cell.split())[:_SHOWN] for cell in table.cells(index))
        column = replace(column, samples=tuple(dict.fromkeys(filter(None, texts)))[:SAMPLES])
        asked = (column.question, questions.of_decimals(column, table))
        columns.append(replace(column, question=" ".join(filter(None, asked))))
    return Mapping(tuple(questions.of_places(columns, table)))


def _by_name(headings: Sequence[str], is_shapefile: bool) -> tuple[Column, ...]:
    """Return the columns with the fields that their headings name, each field once."""
    own = exported.columns(headings) if exported.is_export(headings) else {}
    taken = {column.field for column in own.values()}
    finds = [
        one if one and one.field not in taken else None
        for one in column_names.of_header(headings, is_shapefile)
    ]
    is_of_nid = column_names.is_of_nid(finds, headings)
    best: dict[str, int] = {}
    for index, one in enumerate(finds):
        if one is None:
            continue
        other = finds[best[one.field]] if one.field in best else None
        if other is None or one.rank < other.rank:
            best[one.field] = index
    columns = []
    for index, (heading, one) in enumerate(zip(headings, finds, strict=True)):
        if heading in own:
            columns.append(own[heading])
            continue
        if one is None or best[one.field] != index:
            columns.append(Column(heading))
            continue
        units = choices(one.field)
        unit = one.unit or (units[0] if units else "")
        columns.append(
            Column(heading, one.field, unit, question=questions.of_name(heading, one, is_of_nid))
        )
    return tuple(columns)


def _listed(headings: Sequence[str]) -> str:
    shown = ", ".join(heading[:40] for heading in headings[:12])
    return f"{shown} and {len(headings) - 12} more" if len(headings) > 12 else shown
