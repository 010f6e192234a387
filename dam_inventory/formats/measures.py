"""Units as files spell them, and numbers with a unit beside them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from ..domain.fields import FIELD

_FOOT = Fraction("0.3048")
_ACRE = 43_560 * _FOOT**2


class _Unit(NamedTuple):
    """A unit. size: in meters, square meters, cubic meters, m³/s or years, as `quantity` says."""

    name: str
    quantity: str
    size: Fraction
    spellings: tuple[str, ...]


# Exact, as in domain/units.py. Spellings are in lower case, with letters, digits and "/" only.
_UNITS = (
    _Unit("ft", "length", _FOOT, ("ft", "foot", "feet")),
    _Unit("m", "length", Fraction(1), ("m", "meter", "meters", "metre", "metres", "mtr", "mtrs")),
    _Unit("cm", "length", Fraction(1, 100), ("cm", "centimeters", "centimetres")),
    _Unit("in", "length", _FOOT / 12, ("in", "inch", "inches")),
    _Unit("yd", "length", 3 * _FOOT, ("yd", "yds", "yard", "yards")),
    _Unit("mi", "length", 5280 * _FOOT, ("mi", "mile", "miles")),
    _Unit(
        "km", "length", Fraction(1000),
        ("km", "kilometer", "kilometers", "kilometre", "kilometres"),
    ),
    _Unit(
        "acre-ft", "volume", _ACRE * _FOOT,
        ("acreft", "acft", "acfeet", "acrefeet", "acrefoot", "af", "acresft", "acresfeet"),
    ),
    _Unit(
        "thousand acre-ft", "volume", 1000 * _ACRE * _FOOT,
        ("kaf", "taf", "1000acreft", "1000af", "thousandacreft", "thousandacrefeet"),
    ),
    _Unit(
        "m³", "volume", Fraction(1),
        ("m3", "cum", "cbm", "cubicm", "cubicmeter", "cubicmeters", "cubicmetre", "cubicmetres"),
    ),
    _Unit(
        "thousand m³", "volume", Fraction(1000),
        (
            "1000m3", "103m3", "e3m3", "dam3", "tcm", "thousandm3", "thousandcubicmeters",
            "thousandcubicmetres", "ml", "megaliters", "megalitres",
        ),
    ),
    _Unit(
        "million m³", "volume", Fraction(10**6),
        (
            "mcm", "hm3", "mm3", "106m3", "e6m3", "millionm3", "millionsm3", "millioncubicmeters",
            "millioncubicmetres", "gl", "gigaliters", "gigalitres", "1000000m3", "miom3",
        ),
    ),
    _Unit("km³", "volume", Fraction(10**9), ("km3", "bcm", "cubickm", "cubickilometers")),
    _Unit("cu yd", "volume", (3 * _FOOT) ** 3, ("cuyd", "cuyds", "yd3", "cubicyards", "cy")),
    _Unit("cu ft", "volume", _FOOT**3, ("cuft", "ft3", "cubicfeet", "cubicft", "cf")),
    _Unit("acres", "area", _ACRE, ("acres", "acre", "ac")),
    _Unit("ha", "area", Fraction(10**4), ("ha", "hectare", "hectares")),
    _Unit(
        "m²", "area", Fraction(1),
        ("m2", "sqm", "squaremeters", "squaremetres", "sqmeters", "sqmetres"),
    ),
    _Unit(
        "km²", "area", Fraction(10**6),
        ("km2", "sqkm", "skm", "squarekm", "squarekilometers", "squarekilometres"),
    ),
    _Unit(
        "sq mi", "area", (5280 * _FOOT) ** 2,
        ("sqmi", "sqmiles", "sqmile", "mi2", "squaremiles", "squaremile", "squaremi"),
    ),
    _Unit("sq ft", "area", _FOOT**2, ("sqft", "ft2", "squarefeet", "sqfeet")),
    _Unit(
        "cfs", "flow", _FOOT**3,
        (
            "cfs", "ft3/s", "ft3/sec", "cuft/s", "cuft/sec", "cubicft/second", "cubicft/sec",
            "cubicfeet/second", "cubicfeetpersecond", "cubicftsecond", "cusec", "cusecs",
        ),
    ),
    _Unit(
        "m³/s", "flow", Fraction(1),
        (
            "m3/s", "m3s", "m3/sec", "cms", "cumec", "cumecs", "cubicmeters/second",
            "cubicmeterspersecond", "cubicmetrespersecond",
        ),
    ),
    _Unit("L/s", "flow", Fraction(1, 1000), ("l/s", "ls", "lps", "liters/second")),
    _Unit("years", "time", Fraction(1), ("years", "year", "yr", "yrs")),
    _Unit("months", "time", Fraction(1, 12), ("months", "month", "mo")),
)  # fmt: skip
_NAMED = {unit.name: unit for unit in _UNITS}
_SPELLED = {spelling: unit.name for unit in _UNITS for spelling in unit.spellings}
_SUPERSCRIPTS = str.maketrans("²³⁶", "236")

_WITH_UNIT = re.compile(
    r"\s*(?P<number>[+-]?\d[\d.,'\u2019\s]*?)\s*(?P<unit>[^\W\d][^\d<>~?]*[23³²]?|['\u2019])\s*"
)
_IN_BRACKETS = re.compile(r"(.*?)[\s_,]*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def unit_named(text: str) -> str:
    """Return the unit that a text spells, such as "acre-ft" for "Ac-Ft."; "" if it spells none."""
    if text.strip() in ("'", "\u2019"):
        return "ft"
    plain = re.sub(r"[^\w/]|_", "", text.translate(_SUPERSCRIPTS).casefold())
    return _SPELLED.get(plain, "")


def split_heading(heading: str) -> tuple[str, str]:
    """Split a heading into what it names and its unit: ("Height", "m") for "Height_m".

    The unit is "" if the heading has none that is known.
    """
    if (found := _IN_BRACKETS.fullmatch(heading)) and (unit := unit_named(found[2])):
        return found[1], unit
    words = [word for word in re.split(r"[\s_,]+", _CAMEL.sub(" ", heading)) if word]
    for length in (3, 2, 1):
        if len(words) > length and (unit := unit_named("".join(words[-length:]))):
            rest = words[:-length]
            if len(rest) > 1 and rest[-1].casefold() == "in":
                rest.pop()
            return " ".join(rest), unit
    return heading, ""


def split_cell(text: str) -> tuple[str, str] | None:
    """Split "12.5 m" into a number and a unit; None for other text."""
    found = _WITH_UNIT.fullmatch(text)
    if found and (unit := unit_named(found["unit"])):
        return found["number"], unit
    return None


def units_like(unit: str) -> tuple[str, ...]:
    """Return the units that measure the same as a unit, which comes first."""
    if unit not in _NAMED:
        return (unit,) if unit else ()
    same = (one.name for one in _UNITS if one.quantity == _NAMED[unit].quantity)
    return (unit, *(name for name in same if name != unit))


def converted(value: float, unit: str, field: str) -> float:
    """Convert a number in a unit to that of a field of the inventory.

    Raises ValueError if they do not measure the same, or if the number is too large.
    """
    to = FIELD[field].unit
    if unit == to:
        return value
    if unit not in units_like(to):
        raise ValueError(f'"{unit}" is not a unit of {FIELD[field].label}.')
    try:
        return float(Fraction(repr(value)) * (_NAMED[unit].size / _NAMED[to].size))
    except (ValueError, OverflowError):  # no fraction is infinite, and no float so large
        heading = FIELD[field].heading
        raise ValueError(f"{heading} must be a finite number, not {value}.") from None
