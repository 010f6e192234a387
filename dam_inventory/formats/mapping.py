"""Mapping: which column of a file holds which field, in which unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..domain.dam import IDENTIFYING
from ..domain.fields import FIELD
from ..errors import InvalidFile
from . import column_names, reference_systems
from .measures import units_like
from .table import Table
from .values import DecimalMark, decimal_mark, is_ambiguous

SAMPLES = 3
_NO_DEGREES = 400
"""Coordinates above are in meters or feet; a few wrong degrees are not."""
_SHOWN = 80
DEGREES = "degrees"


@dataclass(frozen=True)
class Column:
    """A column of a file.

    field: the field that it holds; None if its cells are kept as other facts.
    unit: the unit of its numbers, one of `choices(field)`; "" if the field has none.
    decimal_mark: what separates its decimals; "" if its cells tell.
    samples: its first values. question: what the person must answer first, or "". As long as it
    is not answered, the cells are kept as other facts.
    """

    heading: str
    field: str | None = None
    unit: str = ""
    decimal_mark: DecimalMark = ""
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
        unit = _checked_unit(field, unit)
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
        mapping = Mapping(_by_name(table.headings))
    columns = []
    for index, column in enumerate(mapping.columns):
        texts = (" ".join(cell.split())[:_SHOWN] for cell in table.cells(index))
        column = replace(column, samples=tuple(dict.fromkeys(filter(None, texts)))[:SAMPLES])
        questions = (column.question, _question(column, table))
        columns.append(replace(column, question=" ".join(filter(None, questions))))
    return Mapping(tuple(_placed(columns, table)))


def choices(field: str) -> tuple[str, ...]:
    """Return the units in which a file may give a field, that of the inventory first.

    Coordinates may also have any other "EPSG:" code of a reference system.
    """
    if FIELD[field].kind == "degrees":
        return (DEGREES, *reference_systems.COMMON)
    return units_like(FIELD[field].unit)


def decimal_mark_of(column: Column, table: Table) -> DecimalMark:
    """Return what separates the decimals of a column: as chosen, or as its or other cells tell."""
    index = table.headings.index(column.heading)
    return (
        column.decimal_mark
        or decimal_mark(table.cells(index))
        or decimal_mark(cell for row in table.first_rows for cell in row)
        or table.decimal_mark
    )


def _checked_unit(field: str | None, unit: str) -> str:
    if field is None:
        return ""
    if field not in FIELD:
        raise InvalidFile(f'A dam has no field "{field}".')
    known = choices(field)
    if not unit:
        return known[0] if known else ""
    is_coordinate = FIELD[field].kind == "degrees"
    if unit in known or (is_coordinate and reference_systems.is_system(unit)):
        return unit
    raise InvalidFile(f'"{unit}" is not a unit of {FIELD[field].label}.')


def _by_name(headings: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns with the fields that their headings name, each field once."""
    finds = [column_names.found(heading) for heading in headings]
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
        if one is None or best[one.field] != index:
            columns.append(Column(heading))
            continue
        units = choices(one.field)
        unit = one.unit or (units[0] if units else "")
        columns.append(Column(heading, one.field, unit, question=_asked(one, is_of_nid)))
    return tuple(columns)


def _asked(one: column_names.Found, is_of_nid: bool) -> str:
    field = FIELD[one.field]
    if not one.is_sure:
        return f"Does this column contain {field.label}?"
    is_measure = field.kind == "number" and len(choices(one.field)) > 1
    is_known = one.unit or (one.is_nid and is_of_nid)
    return f"In which unit is {field.label}?" if is_measure and not is_known else ""


def _question(column: Column, table: Table) -> str:
    """Ask what separates decimals, if no cell of the file tells."""
    if column.field is None or FIELD[column.field].kind != "number":
        return ""
    texts = table.cells(table.headings.index(column.heading))
    unclear = next((text.strip() for text in texts if is_ambiguous(text)), None)
    if unclear is None or decimal_mark_of(column, table):
        return ""
    separator = "," if "," in unclear else "."
    thousands, decimals = unclear.replace(separator, ""), unclear.replace(separator, ".")
    return f'Is "{unclear}" {thousands} or {decimals}? Choose the decimal mark.'


def _placed(columns: Iterable[Column], table: Table) -> list[Column]:
    """Ask for the reference system of coordinates that can't be degrees."""
    result = list(columns)
    for place, column in enumerate(result):
        if column.field not in ("latitude", "longitude") or column.unit != DEGREES:
            continue
        numbers = [n for n in map(_float, table.cells(place)) if n is not None and n < 9e15]
        beyond = [n for n in numbers if abs(n) > _NO_DEGREES and set(f"{abs(n):.0f}") != {"9"}]
        if 2 * len(beyond) > len(numbers):
            question = "In which reference system are these coordinates, such as EPSG:26912?"
            result[place] = replace(column, question=question)
        elif column.question and numbers and any(n % 1 for n in numbers):
            # A column "x" of numbers that can be degrees, with decimals.
            result[place] = replace(column, question="")
    return result


def _float(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _listed(headings: Sequence[str]) -> str:
    shown = ", ".join(heading[:40] for heading in headings[:12])
    return f"{shown} and {len(headings) - 12} more" if len(headings) > 12 else shown
