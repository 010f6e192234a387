"""Mapping: which column of a file holds which field, in which unit."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..domain.fields import FIELD, FIELDS
from ..errors import InvalidFile

SAMPLES = 3


@dataclass(frozen=True)
class Column:
    """A column of a file.

    field: the field that it holds; None if its cells are kept as other facts.
    unit: the unit of its numbers, one of `choices(field)`; "" if the field has none.
    samples: its first values. question: what the person must answer first, or "". As long as it
    is not answered, the cells are kept as other facts.
    """

    heading: str
    field: str | None = None
    unit: str = ""
    samples: tuple[str, ...] = ()
    question: str = ""


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

    def with_column(self, heading: str, field: str | None, unit: str = "") -> Mapping:
        """Return the mapping with another choice for a column.

        A column that had the field before becomes another fact.
        Raises InvalidFile for an unknown heading, field or unit.
        """
        if heading not in self.header:
            raise InvalidFile(f'The file has no column "{heading}".')
        if field is not None and field not in FIELD:
            raise InvalidFile(f'A dam has no field "{field}".')
        if field is not None and unit and unit not in choices(field):
            raise InvalidFile(f'"{unit}" is not a unit of {FIELD[field].label}.')
        columns = []
        for column in self.columns:
            if column.heading == heading:
                column = replace(column, field=field, unit=unit, question="")
            elif field is not None and column.field == field:
                column = replace(column, field=None, unit="", question="")
            columns.append(column)
        return Mapping(tuple(columns))

    def as_dict(self) -> dict[str, Any]:
        """Return the mapping as JSON values, without samples."""
        return {
            "columns": [
                {"heading": column.heading, "field": column.field, "unit": column.unit}
                for column in self.columns
            ]
        }

    @classmethod
    def from_dict(cls, data: Any) -> Mapping:
        """Make a mapping from JSON values. Raises InvalidFile for any that it can't be."""
        try:
            columns = [(one["heading"], one["field"], one["unit"]) for one in data["columns"]]
            mapping = cls(tuple(Column(str(heading)) for heading, _, _ in columns))
        except (KeyError, TypeError) as error:
            raise InvalidFile("These are not the columns of a file.") from error
        for heading, field, unit in columns:
            mapping = mapping.with_column(heading, field, unit)
        return mapping


def suggest(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    remembered: Mapping | None = None,
) -> Mapping:
    """Return what the columns of a table are taken for.

    headings, rows: those of the table, and its `first_rows`.
    remembered: the choices for an earlier file with this header.
    """
    taken = {c.heading: c for c in remembered.columns} if remembered else _by_name(headings)
    columns = []
    for index, heading in enumerate(headings):
        cells = (" ".join(row[index].split()) for row in rows if index < len(row))
        samples = tuple(dict.fromkeys(cell for cell in cells if cell))[:SAMPLES]
        columns.append(replace(taken.get(heading, Column(heading)), samples=samples))
    return Mapping(tuple(columns))


def choices(field: str) -> tuple[str, ...]:
    """Return the units in which a file may give a field, that of the inventory first."""
    return (FIELD[field].unit,) if FIELD[field].unit else ()


def _by_name(headings: Sequence[str]) -> Dict[str, Column]:
    names = ["".join(filter(str.isalnum, heading.casefold())) for heading in headings]
    columns: dict[str, Column] = {}
    for field in FIELDS:
        name = next((name for name in field.nid_names if name in names), None)
        if name is not None and (heading := headings[names.index(name)]) not in columns:
            columns[heading] = Column(heading, field.name, field.unit)
    return columns
