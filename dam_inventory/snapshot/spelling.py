"""Spelling: words with typing errors, and the words of the inventory that they may be."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from .index import Index
from .query import Query

MAX_SPELLINGS = 4
"""The maximum number of spellings of one word, with the typed one."""

MAX_QUERIES = 8
"""The maximum number of combinations of spellings."""


def respelled(query: Query, indexes: Sequence[Index]) -> list[Query]:
    """Return what a query may have meant if some words have typing errors, the likeliest first.

    A word of four or five letters may have one error, a longer one two: a letter too many, too
    few or wrong, or two neighbors exchanged (optimal string alignment distance).
    """
    spellings = [_spellings(word, indexes) for word in query.words]
    chosen = [
        Query(tuple(word for word, _ in words), " ".join(word for word, _ in words), errors)
        for words in itertools.product(*spellings)
        if (errors := sum(error for _, error in words))
    ]
    return sorted(chosen, key=lambda one: one.errors)[:MAX_QUERIES]


def _spellings(word: str, indexes: Sequence[Index]) -> list[tuple[str, int]]:
    """Return the word without an error, and those that resemble it, with their errors."""
    most = 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 6 else 2
    if not most:
        return [(word, 0)]
    near: list[tuple[int, int, str]] = []
    for index in indexes:
        words, counts = index.vocabulary
        if words:
            errors = cdist([word], words, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
            for place in np.flatnonzero((errors > 0) & (errors <= most)).tolist():
                near.append((int(errors[place]), -int(counts[place]), words[place]))
    others = dict.fromkeys((other, errors) for errors, _, other in sorted(near))
    return [(word, 0), *[*others][: MAX_SPELLINGS - 1]]
