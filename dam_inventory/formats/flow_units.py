"""The units of flow and time that files name, in the many ways they write them."""

from __future__ import annotations

import re
from fractions import Fraction

_CUBIC_FOOT = Fraction("0.3048") ** 3
_GALLON = 231 * (Fraction("0.0254") ** 3)

_VOLUMES = {
    "ft3": ("ft³", Fraction(1)),
    "m3": ("m³", 1 / _CUBIC_FOOT),
    "l": ("L", Fraction(1, 1000) / _CUBIC_FOOT),
    "ml": ("ML", 1000 / _CUBIC_FOOT),
    "gal": ("gal", _GALLON / _CUBIC_FOOT),
    "mgal": ("Mgal", 10**6 * _GALLON / _CUBIC_FOOT),
    "acft": ("acre-ft", Fraction(43_560)),
}
"""Volumes as `_plain` writes them: their symbol, and how many cubic feet they have (exactly)."""

_TIMES = {"s": 1, "min": 60, "h": 3600, "day": 86_400}
_SHORT = {"cfs": "ft3/s", "kcfs": "kcfs", "cms": "m3/s", "mgd": "mgal/day", "gpm": "gal/min",
          "lps": "l/s", "mld": "ml/day"}  # fmt: skip
_NAMES = {"ft³/s": "cfs", "Mgal/day": "MGD"}

FLOW_UNITS: dict[str, float] = {
    _NAMES.get(f"{symbol}/{time}", f"{symbol}/{time}"): float(factor / seconds)
    for symbol, factor in _VOLUMES.values()
    for time, seconds in _TIMES.items()
} | {"kcfs": 1000.0}
"""For each unit of flow: how many cubic feet per second it is."""

USUAL_FLOW_UNITS = ("cfs", "m³/s", "L/s", "ML/day", "MGD", "acre-ft/day")

HOURS_OF = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1.0, "days": 24.0}
"""For each unit of time: how many hours it is."""

_PARAMETERS = {"00060": "cfs", "00061": "cfs", "72137": "cfs", "30208": "m³/s", "30209": "m³/s"}
"""Units by the codes of parameters of the US Geological Survey."""

_WORDS = (
    (r"³", "3"), (r"\*\*|\^|\{|\}", ""), (r"[_\N{NO-BREAK SPACE}]", " "), (r"\bper\b", "/"),
    (r"\bcu(?:bic|\.)? ?(?:feet|foot|ft)\b\.?|\bft ?3", "ft3"), (r"\bm ?3", "m3"),
    (r"\bcubic (?:met(?:er|re)s?|m)\b", "m3"), (r"\bcumecs?\b", "cms"), (r"\bcusecs?\b", "cfs"),
    (r"\bmega ?lit(?:er|re)s?\b", "ml"), (r"\blit(?:er|re)s?\b", "l"),
    (r"\bmillions? (?:of )?gal(?:lons?)?\b", "mgal"), (r"\bgallons?\b", "gal"),
    (r"\bac(?:re)?s?[ .-]?(?:feet|foot|ft)\b", "acft"), (r"\bsec(?:ond)?s?\b", "s"),
    (r"\bminutes?\b", "min"), (r"\bh(?:ou)?rs?\b", "h"), (r"\bd(?:ays?)?\b", "day"),
    (r"[ .\N{MIDDLE DOT}]?\b(s|min|h|day) ?[-\N{MINUS SIGN}] ?1\b", r"/\1"),
)  # fmt: skip
_FLOW = re.compile(
    r"(?<![a-z0-9/])(?:(ft3|m3|mgal|gal|acft)(?: ?/ ?| )(s|min|h|day)|(ft3|m3)(s)|"
    r"(l) ?/ ?(s|min|h|day)|(ml) ?/ ?(day)|(k?cfs|cms|mgd|gpm|lps|mld))(?![a-z0-9])"
)
_CODE = re.compile(r"(?<!\d)(?:" + "|".join(_PARAMETERS) + r")(?!\d)")
_MULTIPLE = re.compile(
    r"(?:\b1[, ]?000|\b10 ?3|thousands?(?: of)?|millions?(?: of)?|[x*\u00d7])\s*$"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")

_TIME_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "seconds"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "stunden"), "hours"),
    **dict.fromkeys(("d", "day", "days", "tage"), "days"),
    **dict.fromkeys(("ms", "week", "weeks", "month", "months", "year", "years"), ""),
}
"""Units of time as headings name them; "" for those that are known and not read."""


def flow_units(text: str) -> set[str]:
    """Return the units of flow that a text names, as in FLOW_UNITS; "" for one with a factor."""
    plain = text.lower()
    for pattern, word in _WORDS:
        plain = re.sub(pattern, word, plain)
    found = {_PARAMETERS[match[0]] for match in _CODE.finditer(text)}
    for match in _FLOW.finditer(plain):
        parts = [one for one in match.groups() if one]
        named = _SHORT.get(parts[0], parts[0]) if len(parts) == 1 else "/".join(parts)
        volume, _, time = named.partition("/")
        unit = f"{_VOLUMES[volume][0]}/{time}" if time else named
        is_multiple = _MULTIPLE.search(plain[: match.start()])
        found.add("" if is_multiple else _NAMES.get(unit, unit))
    return found


def time_units(text: str) -> set[str]:
    """Return the units of time that a heading names; "" for one that is not read, as "15 min"."""
    words = re.finditer(r"(\d+[ -]?)?([a-z]+)", text.lower().replace("_", " "))
    found = {(match[1], _TIME_WORDS.get(match[2])) for match in words}
    return {"" if number else unit for number, unit in found if unit is not None}


def in_brackets(text: str) -> str:
    """Return what a heading has in brackets, where units usually are; "" without any."""
    return " ".join(one.strip() for one in _BRACKETS.findall(text) if one.strip())
