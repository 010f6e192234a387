"""Options: what the find box offers, as texts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ...domain.messages import dams
from ...domain.places import read_place
from ...snapshot.folding import fold
from ...snapshot.query import Suggestion
from ...snapshot.search import prepare, suggest
from ...snapshot.snapshot import Snapshot

_DOT = " \N{MIDDLE DOT} "


@dataclass(frozen=True, slots=True)
class Point:
    """A place that was typed as coordinates, in degrees (WGS 84)."""

    longitude: float
    latitude: float


Option = Suggestion | Point


def options_for(snapshot: Snapshot, text: str) -> list[Option]:
    """Return what a text may mean, best first; without a text, only prepare to."""
    if not text.strip():
        prepare(snapshot)
        return []
    if place := read_place(text):
        return [Point(*place), *suggest(snapshot, text, most=4)]
    return [*suggest(snapshot, text)]


def name_of(option: Option) -> str:
    """Return the name of an option, for example "Clark County, Nevada"."""
    if isinstance(option, Point):
        north, east = "S" if option.latitude < 0 else "N", "W" if option.longitude < 0 else "E"
        return f"{abs(option.latitude):.5f}° {north}, {abs(option.longitude):.5f}° {east}"
    if option.kind == "county" and option.state:
        return f"{option.name}, {option.state}"
    return option.name


def note_of(option: Option) -> str:
    """Return what tells an option from others with its name, or how many dams are there."""
    if isinstance(option, Point):
        return "Coordinates"
    if option.kind == "dam":
        where = ", ".join(part for part in (option.county, option.state) if part)
        return _DOT.join(part for part in (where, option.hazard) if part)
    return dams(option.count)


def marked(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """Split a text into parts that match one of some folded words, and others.

    Parts are whole letters of the text, although "Ñ" matches "n".
    """
    letters = [fold(letter) for letter in text]
    start_of = [0]
    for letter in letters:
        start_of.append(start_of[-1] + len(letter))
    folded = "".join(letters)
    is_found = [False] * len(folded)
    for word in words:
        at = folded.find(word) if word else -1
        while at >= 0:
            is_found[at : at + len(word)] = [True] * len(word)
            at = folded.find(word, at + 1)
    parts: list[tuple[str, bool]] = []
    for number, letter in enumerate(text):
        is_marked = any(is_found[start_of[number] : start_of[number + 1]])
        if parts and parts[-1][1] == is_marked:
            parts[-1] = (parts[-1][0] + letter, is_marked)
        else:
            parts.append((letter, is_marked))
    return parts
