"""Places as people paste them: two coordinates in degrees, in any of the usual spellings."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

MAX_LENGTH = 2000
"""The maximum length of a text that may be a place, in characters: web addresses are long."""

_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,20})?"
_IN_ADDRESS = re.compile(
    rf"(?:@|[?&](?:q|ll|query|center)=|#map=[0-9.]{{1,6}}/)({_NUMBER})(?:,|%2C|/)({_NUMBER})(?![0-9])",
    re.IGNORECASE,
)
# Escaped, because the signs that people use look the same: primes, quotes and accents.
_SIGNS = {
    **dict.fromkeys(map(ord, "\u00ba\u02da\u2218"), "\u00b0"),
    **dict.fromkeys(map(ord, "\u2032\u2019\u2018\u00b4`\u02b9"), "'"),
    **dict.fromkeys(map(ord, "\u2033\u201d\u201c\u02ba"), '"'),
    **dict.fromkeys(map(ord, "\u2212\u2013"), "-"),
}
_WORDS = (
    (re.compile("''"), '"'),
    (re.compile(r"(?<![a-z])(?:degrees?|deg|d)(?![a-z])", re.IGNORECASE), "\u00b0"),
    (re.compile(r"(?<![a-z])(?:minutes?|min)(?![a-z])", re.IGNORECASE), "'"),
    (re.compile(r"(?<![a-z])(?:seconds?|sec)(?![a-z])", re.IGNORECASE), '"'),
    (re.compile(r"\b(north|south|east|west)\b", re.IGNORECASE), lambda found: found[1][0]),
    (re.compile(r"\blat(?:itude)?\b\s*[:=]?", re.IGNORECASE), "Y"),
    (re.compile(r"\b(?:lng|long?|longitude)\b\s*[:=]?", re.IGNORECASE), "X"),
    (re.compile(r"[()\[\]\s]+"), " "),
)
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[+-]?[0-9]+(?:\.[0-9]*)?)(?:\ ?(?P<mark>[°'":]))?
    |(?P<letter>[NSEWXY])(?![A-Z])|(?P<end>[,;]))""",
    re.VERBOSE | re.IGNORECASE,
)
_PARTS = (
    re.compile(r"([0-9]{1,3})-([0-9]{1,2})-([0-9]+)"),
    re.compile(r"([0-9]{1,3})d([0-9]{1,2})m([0-9.]+)s"),
)
"""Other spellings of degrees, minutes and seconds."""
_RANGE = re.compile(r"[0-9]+[+-][0-9]+")
_MARKS = ("°:", "':", '"')
_LATITUDE = "NSY"


@dataclass
class _Angle:
    """The parts of one coordinate: degrees, minutes and seconds with their signs, and a letter."""

    numbers: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    letter: str = ""

    @property
    def value(self) -> float | None:
        """The angle in degrees; None if it has no meaning."""
        sizes = [abs(float(number)) for number in self.numbers]
        if len(self.letter) > 1 or not 1 <= len(sizes) <= 3:
            return None
        if any("." in number for number in self.numbers[:-1]):
            return None
        if any(size >= 60 for size in sizes[1:]) or any(n[0] in "+-" for n in self.numbers[1:]):
            return None
        if any(mark and mark not in known for mark, known in zip(self.marks, _MARKS, strict=False)):
            return None
        size = math.fsum(size / 60**power for power, size in enumerate(sizes))
        is_negative = self.numbers[0].startswith("-")
        if is_negative and self.letter in ("N", "E"):
            return None
        return -size if is_negative or self.letter in ("S", "W") else size

    @property
    def axis(self) -> str:
        """The letter of a latitude as "latitude", of a longitude as "longitude", or ""."""
        if not self.letter:
            return ""
        return "latitude" if self.letter in _LATITUDE else "longitude"


def read_place(text: str) -> tuple[float, float] | None:
    """Read a pair of coordinates; return (longitude, latitude) in degrees (WGS 84), or None.

    Reads decimal degrees, degrees with minutes and seconds, letters (N, S, E, W) or labels before
    or behind, a decimal comma, and the address of a web map. The latitude comes first, unless
    letters say otherwise, or the first number can only be a longitude.
    Text that could also mean something else, such as "40,4" or "4-5", is not a pair.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH or not any(one.isdecimal() for one in text):
        return None
    if "://" in text or text.startswith("@"):
        found = _IN_ADDRESS.search(text)
        return _checked(float(found[2]), float(found[1])) if found else None
    text = _plain(text)
    if _RANGE.fullmatch(text):
        return None
    if "." in text:
        return _pair(re.sub(r"(?<=[0-9]),(?=[0-9])", ", ", text))
    return _pair(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text))


def read_angle(text: str) -> tuple[float, str] | None:
    """Read one coordinate: decimal degrees, or degrees with minutes and seconds.

    Returns degrees, negative in the south and in the west, and the axis that a letter names:
    "latitude", "longitude" or "". Returns None for other text.
    """
    if len(text) > MAX_LENGTH or not any(one.isdecimal() for one in text):
        return None
    for parts in _PARTS:
        text = parts.sub(r"\1 \2 \3", text)
    angles = _angles(_tokens(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", _plain(text.strip()))))
    if len(angles) != 1 or (value := angles[0].value) is None:
        return None
    return value, angles[0].axis


def _plain(text: str) -> str:
    """Replace signs that look the same, and words, by the signs of `_TOKEN`."""
    text = text.translate(_SIGNS)
    for pattern, sign in _WORDS:
        text = pattern.sub(sign, text)
    return text


def _pair(text: str) -> tuple[float, float] | None:
    angles = _split(_angles(_tokens(text)))
    if len(angles) != 2:
        return None
    first, second = angles
    a, b = first.value, second.value
    if a is None or b is None or (first.axis and first.axis == second.axis):
        return None
    is_turned = first.axis == "longitude" or second.axis == "latitude"
    if not first.axis and not second.axis:
        is_turned = abs(a) > 90
    return _checked(a, b) if is_turned else _checked(b, a)


def _tokens(text: str) -> list[re.Match[str]]:
    """Return the tokens of a text; none if it contains anything else."""
    tokens: list[re.Match[str]] = []
    text, place = text.strip(), 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return []
        tokens.append(token)
        place = token.end()
    return tokens


def _angles(tokens: list[re.Match[str]]) -> list[_Angle]:
    """Group tokens by coordinate."""
    angles = [_Angle()]
    is_led = bool(tokens) and bool(tokens[0]["letter"])
    for token in tokens:
        number, mark, letter = token["number"], token["mark"] or "", token["letter"]
        if _ends(angles[-1], token, is_led=is_led):
            angles.append(_Angle())
        if number:
            angles[-1].numbers.append(number)
            angles[-1].marks.append(mark)
        elif letter:
            angles[-1].letter += letter.upper()
    return [angle for angle in angles if angle.numbers or angle.letter]


def _ends(angle: _Angle, token: re.Match[str], *, is_led: bool) -> bool:
    """Return whether a token does not belong to the coordinate before it."""
    if not angle.numbers:
        return False
    if token["letter"]:
        return is_led
    if token["end"] or token["mark"] == "°":
        return True
    return not is_led and (bool(angle.letter) or token["number"][0] in "+-")


def _split(angles: list[_Angle]) -> list[_Angle]:
    """Divide numbers without any sign between them, like "40.4 111.5" or "40 24 0 111 30 0"."""
    if len(angles) != 1:
        return angles
    numbers, half = angles[0].numbers, len(angles[0].numbers) // 2
    if len(numbers) % 2 or any(angles[0].marks) or angles[0].letter:
        return []
    return [_Angle(part, [""] * half) for part in (numbers[:half], numbers[half:])]


def _checked(longitude: float, latitude: float) -> tuple[float, float] | None:
    is_on_earth = abs(longitude) <= 180 and abs(latitude) <= 90
    return (longitude, latitude) if is_on_earth else None
