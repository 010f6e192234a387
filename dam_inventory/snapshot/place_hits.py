"""The counties, states and rivers that fit a query, with their numbers of dams."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from ..domain.counties import state_code
from .index import Place, words_of
from .overlay import Overlay
from .query import (
    COUNTY_IN_STATE,
    COUNTY_NAMED,
    PLACE_BEGINS,
    RIVER,
    STATE,
    WORD_BEGINS,
    Query,
    Suggestion,
)

Hits = Iterator[tuple[float, Suggestion]]


class _Places:
    """The places with all words of a query.

    counties, states: numbers of dams, by county and state, and by state. raw_counties,
    raw_states: the values in these fields.
    """

    def __init__(self, dams: Overlay, query: Query) -> None:
        self.counties: Counter[tuple[str, str]] = Counter()
        self.states: Counter[str] = Counter()
        self.raw_counties: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.raw_states: defaultdict[str, set[str]] = defaultdict(set)
        for place, count in _counted(dams, query):
            county = (place.county, place.state)
            self.counties[county] += count
            self.states[place.state] += count
            self.raw_counties[county].add(place.raw_county)
            self.raw_states[place.state].add(place.raw_state)


def places(dams: Overlay, query: Query) -> Hits:
    """Yield the places that fit, each with its score."""
    if query.where:
        found = _Places(dams, query)
        yield from _states(found, query)
        yield from _counties(found, query)
    yield from _rivers(dams, query)


def _counted(dams: Overlay, query: Query) -> Iterator[tuple[Place, int]]:
    for index, gone in ((dams.base.index, dams.gone), (dams.tail.index, dams.gone[:0])):
        lost = np.bincount(index.texts.place[gone], minlength=len(index.places))
        count = index.counts - lost.astype(np.int64)
        is_found = count > 0
        for word in query.where:
            is_found &= index.in_places(word)
        for number in np.flatnonzero(is_found).tolist():
            yield index.places[number], int(count[number])


def _states(found: _Places, query: Query) -> Hits:
    typed = " ".join(query.where)
    for state, count in found.states.items():
        spellings = _spellings(state)
        if state and all(f" {word}" in f" {' '.join(spellings)}" for word in query.where):
            raw = tuple(sorted(found.raw_states[state]))
            one = Suggestion("state", state, "", state, count=count, states=raw)
            yield query.score(STATE if typed in spellings else PLACE_BEGINS), one


def _counties(found: _Places, query: Query) -> Hits:
    typed = " ".join(query.where)
    for (county, state), count in found.counties.items():
        name = " ".join(Query.of(county).where)
        if not any(f" {word}" in f" {name}" for word in query.where):
            continue  # All words are about the state.
        is_whole = typed in [f"{name} {spelling}" for spelling in _spellings(state)]
        if query.is_county:
            fit = COUNTY_NAMED if is_whole or typed == name else COUNTY_IN_STATE
        else:
            fit = COUNTY_IN_STATE if is_whole else PLACE_BEGINS - (typed != name)
        one = Suggestion(
            "county", county, county, state, count=count,
            counties=tuple(sorted(found.raw_counties[county, state])),
            states=tuple(sorted(found.raw_states[state] - {""})),
        )  # fmt: skip
        yield query.score(fit), one


def _spellings(state: str) -> tuple[str, str]:
    return " ".join(words_of(state)), state_code(state).lower()


def _rivers(dams: Overlay, query: Query) -> Hits:
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for index in (dams.base.index, dams.tail.index):
        for name, words, count in index.rivers_with(query.words):
            counts[words] += count
            names.setdefault(words, name)
    if counts and len(dams.gone):
        counts.subtract(one for one in dams.base.index.river_words(dams.gone) if one in names)
    typed = f" {' '.join(query.words)} "
    for words, count in counts.items():
        if count > 0:
            fit = RIVER if typed in (words, words.replace(" river ", " ")) else WORD_BEGINS
            one = Suggestion("river", names[words], count=count, words=words.strip())
            yield query.score(fit), one
