"""Query and Suggestion: what a person has typed, what they may mean, and how well it fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from .folding import fold
from .index import FORGIVEN, WATERS, words_of

MAX_LENGTH = 100
"""The maximum length of a text that is searched, in characters; the rest is ignored."""

MAX_WORDS = 8
"""The maximum number of words; the rest is ignored."""

ID = 8.0
COUNTY_NAMED = 6.6
STATE = 6.5
RIVER = 6.4
NAME = 6.0
OTHER_NAME = 5.8
COUNTY_IN_STATE = 5.2
CORE = 5.0
GROWING = 5.5
ID_BEGINS = 4.0
NAME_BEGINS = 3.0
PLACE_BEGINS = 2.9
OTHER_BEGINS = 2.8
WORD_BEGINS = 2.0
ANYWHERE = 1.0
ELSEWHERE = 0.5
"""What a score loses if some words are not the name, but say where it is, for example."""

_LEAST = 0.01
_COUNTY_WORDS = frozenset({"county", "parish", "state", "of"})

Fit = TypeVar("Fit", float, npt.NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A dam, or all dams of a county, a state or a river.

    name: of the dam as the page shows it, or what people call the place. county, state, hazard:
    "" if unknown. count: the number of dams.
    counties, states: the values that the dams of a place have in these fields. words: a search that
    finds the dams of a river.
    """

    kind: Literal["dam", "county", "state", "river"]
    name: str
    county: str = ""
    state: str = ""
    hazard: str = ""
    dam_id: int | None = None
    count: int = 1
    counties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A typed text.

    words: folded, without those that a name may have or not. raw: the folded text, for IDs.
    errors: the number of letters that differ from what was typed.
    """

    words: tuple[str, ...]
    raw: str
    errors: int = 0

    @classmethod
    def of(cls, text: str) -> Query:
        """Read what a person has typed."""
        typed = words_of(text[:MAX_LENGTH])[:MAX_WORDS]
        # "da" may be growing to "dam".
        words = [word for word in typed if word not in FORGIVEN and word != "da"] or typed
        return cls(tuple(words), fold(text[:MAX_LENGTH]).strip())

    @property
    def needed(self) -> tuple[str, ...]:
        """The words that a dam must have."""
        return core(self.words)

    @property
    def where(self) -> tuple[str, ...]:
        """The words that a place must have."""
        return tuple(word for word in self.words if word not in _COUNTY_WORDS)

    @property
    def is_county(self) -> bool:
        """Whether the text says that it is a county."""
        return "county" in self.words or "parish" in self.words

    @property
    def names(self) -> Iterator[tuple[tuple[str, ...], float]]:
        """The words that may be the name, and what the score loses because of the others."""
        yield self.words, 0.0
        for at in range(1, len(self.words)):
            before, after = self.words[:at], self.words[at:]
            if _without_waters(after):
                yield before, ELSEWHERE
            if _without_waters(before):
                yield after, ELSEWHERE

    def score(self, fit: Fit) -> Fit:
        """Return the score of a fit, which is lower than any other if there are typing errors."""
        return np.maximum(_LEAST, (fit - self.errors) / 10) if self.errors else fit


def core(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words without WATERS, or all words if nothing else is there."""
    return _without_waters(words) or tuple(words)


def is_growing(words: Sequence[str]) -> bool:
    """Return whether the last word is the beginning of one of WATERS."""
    last = words[-1]
    return len(last) > 2 and last not in WATERS and any(one.startswith(last) for one in WATERS)


def _without_waters(words: Sequence[str]) -> tuple[str, ...]:
    left = words[:-1] if is_growing(words) else words
    return tuple(word for word in left if word not in WATERS)
