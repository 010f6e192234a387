"""Reads the cells of one column: from the text of a file to the value of a field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..domain.dam import checked_value
from ..domain.field import Field
from ..domain.fields import FIELD
from ..domain.places import read_angle
from . import nid_codes
from .measures import converted, split_cell
from .values import (
    DecimalMark,
    is_blank,
    is_error,
    is_no_number,
    is_unknown,
    number,
)


class Left(NamedTuple):
    """A cell of which something is left unread, so that its text is kept as another fact.

    value: what was read, or None. reason: why it was not read; "" if the value is right, and the
    cell says more.
    """

    value: str | float | None
    reason: str


Reader = Callable[[str], "str | float | Left | None"]

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
        is_day_first = _is_day_first(cells)
        if name == "date_built":
            return lambda text: _date_built(text, is_day_first)
        return lambda text: _date(name, text, is_day_first)
    if spell := nid_codes.spelling(name, heading, cells):
        return _coded(field, spell)
    is_numbered = field.name != "former_ids" and field.kind in ("category", "categories", "texts")
    return _text(field, has_codes=is_numbered and re.search("ids?$", heading, re.I) is not None)


def _name(text: str) -> str | float | Left | None:
    if is_blank(text) or is_error(text):
        return None
    return _checked("dam_name", " ".join(text.split()))


def _text(field: Field, *, has_codes: bool) -> Reader:
    """Read text; has_codes: whether numbers are codes, as in the NID's API."""

    def read(text: str) -> str | float | Left | None:
        if is_unknown(text) and not (
            field.name in _NONE_IS_A_FACT and text.strip().casefold() == "none"
        ):
            return None
        plain = " ".join(text.split())
        return _unknown_code(field, plain) if has_codes else _checked(field.name, plain)

    return read


def _unknown_code(field: Field, word: str) -> str | float | Left | None:
    if re.fullmatch(r"[\d\s.;,]+", word):
        return Left(None, f'{field.label} "{word[:40]}" is a code whose meaning is not known.')
    return _checked(field.name, word)


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
            return checked_value(field.name, converted(value, its_unit, field.name))
        except ValueError as error:
            return Left(None, str(error))

    return read


_DIGITS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,15})?")


def _no_number(field: Field, text: str) -> str:
    return f'{field.heading} must be a number, not "{" ".join(text.split())[:40]}".'


def _degrees(field: Field, unit: str) -> Reader:
    """Read decimal degrees, or degrees with minutes and seconds; or numbers to be transformed."""
    is_projected = unit.startswith("EPSG:")

    def read(text: str) -> str | float | Left | None:
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

_TIME = re.compile(
    r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AP]M)?(?:Z|[+-]\d\d:?\d\d)?", re.I
)
_WITH_SLASHES = re.compile(r"(\d{1,2})([/\\.])(\d{1,2})\2(\d{4})")
_YEAR_WITH_SLASHES = re.compile(r"(\d{4})[/\\.](\d{1,2})[/\\.](\d{1,2})")
_WITH_MONTH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{2}|\d{4})")
_MILLISECONDS = re.compile(r"-?\d{11,13}")
_NO_DATE = re.compile(
    r"0+(?:\.0*)?|9999(?:\.0*)?|0{1,4}[-/]0{1,2}[-/]0{1,4}|9999-12-31|12/31/9999|-?9{2,}(?:\.0*)?"
    r"|0*1[-/]0?1[-/]0*1"
)
_LAST_CENTURY_FROM = "69"


def _is_day_first(cells: Sequence[str]) -> bool:
    """Return whether 25/12/2018 is among the cells, and no 12/25/2018."""
    first = second = False
    for cell in cells:
        if found := _WITH_SLASHES.match(cell.strip()):
            first |= int(found[1]) > 12
            second |= int(found[3]) > 12
    return first and not second


def _plain_date(text: str, is_day_first: bool) -> str | None:
    """Return a date as `partial_date.parse` reads it, without a time; None for an unknown one."""
    date = " ".join(text.split())
    if is_unknown(date):
        return None
    date = _TIME.sub("", date)
    if _NO_DATE.fullmatch(date):
        return None
    if _MILLISECONDS.fullmatch(date):
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(date))
        return moment.date().isoformat()
    if found := _WITH_SLASHES.fullmatch(date):
        day_first = is_day_first or found[2] == "."
        month, day = (found[3], found[1]) if day_first else (found[1], found[3])
        return f"{found[4]}-{month}-{day}"
    if found := _YEAR_WITH_SLASHES.fullmatch(date):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if found := _WITH_MONTH.fullmatch(date):
        year = found[3]
        if len(year) == 2:
            year = ("19" if year >= _LAST_CENTURY_FROM else "20") + year
        return f"{found[1]} {found[2]} {year}"
    # "1988.0", as pandas writes years if some are missing.
    return re.sub(r"^(\d{4})\.0+$", r"\1", date)


def _date(name: str, text: str, is_day_first: bool) -> str | float | Left | None:
    date = _plain_date(text, is_day_first)
    return None if date is None else _exact(name, date, text)


def _exact(name: str, date: str, text: str) -> str | float | Left | None:
    """Return a date, if a text is one that is as exact as a year or more."""
    value = _checked(name, date)
    if isinstance(value, Left) and ("is not a date" in value.reason or "a month" in value.reason):
        return Left(None, f'"{" ".join(text.split())[:40]}" is no exact date or year.')
    return value


def _date_built(text: str, is_day_first: bool) -> str | float | Left | None:
    """Read a year or a date; of one with slashes only the year, which nobody writes otherwise.

    A text with a year that is less exact than it, such as "before 1950", is not read.
    """
    plain = " ".join(text.split())
    if found := re.fullmatch(r"(\d{4})\s*:.*", plain):
        # "1988: C-526B", a year and a code.
        value = _checked("date_built", found[1])
        return Left(value, "") if isinstance(value, str) else value
    if re.fullmatch(r"\d{1,2}-[A-Za-z]{3}-\d{2}", plain):
        return Left(None, f'The year of "{plain}" has only two digits.')
    date = _plain_date(plain, is_day_first)
    if date is None:
        return None
    if found := _WITH_SLASHES.fullmatch(_TIME.sub("", plain)):
        value = _checked("date_built", found[4])
        is_first_day = int(found[1]) == int(found[3]) == 1
        return value if is_first_day or isinstance(value, Left) else Left(value, "")
    value = _exact("date_built", date, plain)
    return Left(value, "") if isinstance(value, str) and _says_more(plain) else value


def _says_more(date: str) -> bool:
    found = _TIME.search(date)
    return found is not None and re.search(r"[1-9]", found[0]) is not None


def _checked(name: str, value: str) -> str | float | Left | None:
    try:
        return checked_value(name, value)
    except ValueError as error:
        return Left(None, str(error))
