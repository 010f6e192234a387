"""Units: the numbers of the inventory as a person reads and types them.

The inventory holds the units of the National Inventory of Dams: feet, acre-feet, miles and so on.
The page shows them, or metric ones. All factors are exact: they follow from the international foot
of 0.3048 m (NIST SP 811, 2008, appendix B.6; since 2023 also for surveys: 87 FR 62830).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from .field import Field
from .fields import FIELD
from .numbers import as_number

_FOOT = Fraction("0.3048")
_MILE = 5280 * _FOOT
_ACRE = 43_560 * _FOOT**2
"""The acre of the international foot, 4046.8564224 square meters, as in the acre-foot."""

_DIGITS = 4
_MAX_DECIMALS = 2
"""So many significant digits of a converted number are shown, or all before the decimal point.
Numbers above 1 have fewer decimals."""

_TYPED_DIGITS = 12
"""How many significant digits of a converted number are offered for editing."""


class _Measure(NamedTuple):
    """Another unit. factor: how many of it make one unit of the inventory."""

    unit: str
    factor: Fraction


_METRIC = {
    "ft": _Measure("m", _FOOT),
    "mi": _Measure("km", _MILE / 1000),
    "acres": _Measure("ha", _ACRE / 10_000),
    "sq mi": _Measure("km²", (_MILE / 1000) ** 2),
    "cu yd": _Measure("m³", (3 * _FOOT) ** 3),
    # Numbers about as long as in acre-feet; the World Register of Dams (ICOLD) uses them, too.
    "acre-ft": _Measure("thousand m³", _ACRE * _FOOT / 1000),
    "cfs": _Measure("m³/s", _FOOT**3),
}
"""The metric units, by those of the inventory. What is not here has the same unit in both."""


class Units:
    """A system of units: US, as the inventory has them, or METRIC.

    name: in the address of a page. label, short: on the page. fields: each field by
    name, with the unit that is shown. An argument `unit` is one of the inventory, such as "ft".
    """

    def __init__(self, name: str, label: str, short: str, others: Mapping[str, _Measure]) -> None:
        self.name = name
        self.label = label
        self.short = short
        self._others = others
        self.fields: Mapping[str, Field] = {
            field.name: replace(field, unit=self.unit(field.unit)) for field in FIELD.values()
        }
        self.labels: Mapping[str, str] = {
            name: field.heading for name, field in self.fields.items()
        }
        """The name of each field on the page, with the unit that is shown."""

    def __repr__(self) -> str:
        return self.name.upper()

    def unit(self, unit: str) -> str:
        """Return the unit that is shown."""
        return self._others[unit].unit if unit in self._others else unit

    def shown(self, unit: str, value: float) -> float:
        """Convert a number of the inventory to the unit that is shown."""
        factor = self._factor(unit)
        return value if factor == 1 or not math.isfinite(value) else _float(_exact(value) * factor)

    def stored(self, unit: str, value: float) -> float:
        """Convert a number in the unit that is shown to that of the inventory."""
        factor = self._factor(unit)
        return value if factor == 1 or not math.isfinite(value) else _float(_exact(value) / factor)

    def distance(self, km: float) -> float:
        """Convert a distance in kilometers to the unit that is shown instead of miles."""
        return self.shown("mi", METRIC.stored("mi", km))

    def kilometers(self, distance: float) -> float:
        """Convert a distance in the unit that is shown instead of miles to kilometers."""
        return METRIC.shown("mi", self.stored("mi", distance))

    def text(self, unit: str, value: float) -> str:
        """Return a number of the inventory to read, without its unit: "221.3" for 726 ft."""
        if unit not in self._others:
            return f"{value:,.10g}"
        value = self.shown(unit, value)
        before = math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
        most = 9 if before < 0 else _MAX_DECIMALS
        text = f"{value:,.{min(max(_DIGITS - 1 - before, 0), most)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def measure(self, unit: str, value: float) -> str:
        """Return a number of the inventory to read, with its unit: "221.3 m"."""
        return f"{self.text(unit, value)} {self.unit(unit)}".rstrip()

    def typed(self, name: str, value: object) -> str:
        """Return the value of a field as a person would type it; "" if it is unknown."""
        if value is None:
            return ""
        if FIELD[name].kind != "number" or not isinstance(value, float):
            return str(value)
        unit = FIELD[name].unit
        if unit not in self._others:
            return repr(value).removesuffix(".0")
        return f"{self.shown(unit, value):.{_TYPED_DIGITS}g}"

    def read(self, name: str, text: str) -> str | float:
        """Return the value of a field that was typed, for `DamDraft`.

        A text that needs no conversion, or that no number of a dam can be, is returned as it is:
        `DamDraft` says why it is wrong.
        """
        unit = FIELD[name].unit
        if unit not in self._others:
            return text
        number = _number(text)
        return text if number is None or number < 0 else self.stored(unit, number)

    def typed_in(self, other: Units, name: str, text: str) -> str:
        """Return what was typed in another system of units as if it were typed in this one."""
        number = (
            _number(text) if other.unit(FIELD[name].unit) != self.unit(FIELD[name].unit) else None
        )
        if number is None:
            return text
        return self.typed(name, other.stored(FIELD[name].unit, number))

    def reworded(self, name: str, sentence: str) -> str:
        """Return a sentence about a field with the unit that is shown."""
        return sentence.replace(FIELD[name].heading, self.labels[name])

    def _factor(self, unit: str) -> Fraction:
        return self._others[unit].factor if unit in self._others else Fraction(1)


US = Units("us", "US (ft, acre-ft, mi)", "US units", {})
METRIC = Units("metric", "Metric (m, m³, km)", "Metric units", _METRIC)

SYSTEMS = {units.name: units for units in (US, METRIC)}
"""The systems of units by name; the first is the usual one."""


def _number(text: str) -> float | None:
    try:
        return as_number(text)
    except ValueError:
        return None


def _exact(value: float) -> Fraction:
    """Return the decimal number that a person means: 0.3048, not its nearest binary fraction."""
    return Fraction(repr(float(value)))


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
