"""What a person is asked before a column is read: nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..domain.fields import FIELD
from . import column_names
from .columns import DEGREES, Column, choices
from .table import Table
from .values import DecimalMark, decimal_mark, is_ambiguous

_NO_DEGREES = 400
"""Coordinates above are in meters or feet; a few wrong degrees are not."""


def of_name(heading: str, one: column_names.Found, is_of_nid: bool) -> str:
    """Ask for what a name does not say: the field, or its unit."""
    field = FIELD[one.field]
    if not one.is_sure or (not is_of_nid and column_names.is_vague(heading)):
        return f"Does this column contain {field.label}?"
    is_measure = field.kind == "number" and len(choices(one.field)) > 1
    is_known = one.unit or (one.is_nid and is_of_nid)
    return f"In which unit is {field.label}?" if is_measure and not is_known else ""


def of_decimals(column: Column, table: Table) -> str:
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


def of_places(columns: Iterable[Column], table: Table) -> list[Column]:
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


def decimal_mark_of(column: Column, table: Table) -> DecimalMark:
    """Return what separates decimals: as its cells tell, as chosen, or as other cells tell."""
    index = table.headings.index(column.heading)
    return (
        decimal_mark(table.cells(index))
        or column.decimal_mark
        or decimal_mark(cell for row in table.first_rows for cell in row)
        or table.decimal_mark
    )


def _float(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
