"""Column: a column of a file, and what it is taken for."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.fields import FIELD
from ..errors import InvalidFile
from . import reference_systems
from .measures import units_like
from .values import DecimalMark

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


def choices(field: str) -> tuple[str, ...]:
    """Return the units in which a file may give a field, that of the inventory first.

    Coordinates may also have any other "EPSG:" code of a reference system.
    """
    if FIELD[field].kind == "degrees":
        return (DEGREES, *reference_systems.COMMON)
    return units_like(FIELD[field].unit)


def checked_unit(field: str | None, unit: str) -> str:
    """Return the unit of a column, "" for that of the field. Raises InvalidFile for another."""
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
