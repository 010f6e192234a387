"""Reads the cells of one column: from the text of a file to the value of a field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..domain.checks import checked_value
from ..domain.field import Field
from ..domain.fields import FIELD
from ..domain.places import read_angle
from . import nid_codes
from .dates import date, date_built, is_day_first
from .left import Left, Reader, checked
from .measures import converted, split_cell
from .values import (
    DecimalMark,
    is_blank,
    is_error,
    is_no_number,
    is_unknown,
    number,
)

_NONE_IS_A_FACT = frozenset({"spillway_type", "outlet_gates", "core_types", "inundation_maps"})
"""Fields in which "None" says that a dam has no such thing."""

_NINES_FROM = {
    "ft": 9999.0, "mi": 9999.0, "years": 99.0, "": 999.0,
}  # fmt: skip
"""By unit, from which number on nothing but nines is a sign for an unknown value: no dam is so
high. Storages and areas may have any number."""
_NINES = re.compile(r"9+(?:[.,]9*0*)?")
_FIELDS_WITH_NINES = re.compile(r"height|distance|frequency|number_of|width")


def reader(
    name: str, unit: str = "", mark: DecimalMark = ".", cells: Sequence[str] = (), heading: str = ""
) -> Reader:
    """Return the function that reads the cells of a column.

    name: the field. unit: that of the column's numbers, "" for that of the field.
    mark: what separates decimals. cells: some cells of the column, for what one alone can't tell.
    heading: that of the column.
    """
    field = FIELD[name]
    if name == "dam_name":
        return _name
    if field.kind == "number":
        return _measure(field, unit or field.unit, mark)
    if field.kind == "degrees":
        return _degrees(field, unit)
    if field.kind == "date":
        day_first = is_day_first(cells)
        if name == "date_built":
            return lambda text: date_built(text, day_first)
        return lambda text: date(name, text, day_first)
    if spell := nid_codes.spelling(name, heading, cells):
        return _coded(field, spell)
    is_numbered = field.name != "former_ids" and field.kind in ("category", "categories", "texts")
    return _text(field, has_codes=is_numbered and re.search("ids?$", heading, re.I) is not None)


def exact(name: str, otherwise: Reader) -> Reader:
    """Return the function that reads the cells of an export: a valid value is what it says.

    otherwise: reads other texts, which somebody has typed since.
    """

    def read(text: str) -> str | float | Left | None:
        value = checked(name, text)
        return otherwise(text) if isinstance(value, Left) else value

    return read


def _name(text: str) -> str | float | Left | None:
    if not text[0].isalnum() and (is_blank(text) or is_error(text)):
        return None
    return checked("dam_name", " ".join(text.split()))


def _text(field: Field, *, has_codes: bool) -> Reader:
    """Read text; has_codes: whether numbers are codes, as in the NID's API."""

    def read(text: str) -> str | float | Left | None:
        if is_unknown(text) and not (
            field.name in _NONE_IS_A_FACT and text.strip().casefold() == "none"
        ):
            return None
        plain = " ".join(text.split())
        return _unknown_code(field, plain) if has_codes else checked(field.name, plain)

    return read


def _unknown_code(field: Field, word: str) -> str | float | Left | None:
    if re.fullmatch(r"[\d\s.;,]+", word):
        return Left(None, f'{field.label} "{word[:40]}" is a code whose meaning is not known.')
    return checked(field.name, word)


def _coded(field: Field, spell: nid_codes.Spelling) -> Reader:
    words = {word.casefold() for word in field.categories}

    def read(text: str) -> str | float | Left | None:
        plain = " ".join(text.split())
        if plain.casefold() not in words and is_unknown(plain):
            return None
        return _unknown_code(field, spell(plain))

    return read


def _measure(field: Field, unit: str, mark: DecimalMark) -> Reader:
    has_nines = _FIELDS_WITH_NINES.search(field.name) is not None
    # Nearly all numbers of a national file: they need no other look.
    is_plain = mark == "." and unit == field.unit
    nines_from = _NINES_FROM.get(field.unit, 9999.0)

    def read(text: str) -> str | float | Left | None:
        if is_plain and _DIGITS.fullmatch(text) and not (has_nines and _NINES.fullmatch(text)):
            return float(text)
        if is_unknown(text) or is_no_number(text):
            return None
        digits, its_unit = split_cell(text) or (text, unit)
        try:
            value = number(digits, mark)
        except ValueError as error:
            reason = str(error) if " can be " in str(error) else _no_number(field, text)
            return Left(None, reason)
        if has_nines and value >= nines_from and _NINES.fullmatch(text.strip()):
            return None
        try:
            value = converted(value, its_unit, field.name)
            return checked_value(field.name, value)
        except ValueError as error:
            return Left(None, str(error).replace(str(value), text.strip()[:40]))

    return read


_DIGITS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,15})?")


def _no_number(field: Field, text: str) -> str:
    return f'{field.heading} must be a number, not "{" ".join(text.split())[:40]}".'


def _degrees(field: Field, unit: str) -> Reader:
    """Read decimal degrees, or degrees with minutes and seconds; or numbers to be transformed."""
    is_projected = unit.startswith("EPSG:")
    limit = 90.0 if field.name == "latitude" else 180.0

    def read(text: str) -> str | float | Left | None:
        # Nearly all coordinates of a national file: they need no other look.
        if not is_projected and _DECIMAL_DEGREES.fullmatch(text) and abs(float(text)) <= limit:
            return float(text)
        if is_unknown(text) or _UNKNOWN_DEGREES.fullmatch(text.strip()):
            return None
        if is_projected:
            try:
                return number(text, ".")
            except ValueError:
                return Left(None, _no_number(field, text))
        if _DECIMAL_DEGREES.fullmatch(text):
            value, axis = float(text), ""
        elif angle := read_angle(text):
            value, axis = angle
        else:
            return Left(None, _no_number(field, text))
        if axis and axis != field.name:
            return Left(None, f'{field.label} "{text.strip()[:40]}" is a {axis}.')
        try:
            return checked_value(field.name, value)
        except ValueError as error:
            return Left(None, str(error).replace(str(value), text.strip()[:40]))

    return read


_DECIMAL_DEGREES = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,17}")
_UNKNOWN_DEGREES = re.compile(r"[+-]?9{3,}(?:[.,]\d*)?")
