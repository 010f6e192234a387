"""The dams of an index that fit a query best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from .index import WATERS, Index, Texts
from .order import NO_ROWS, Rows
from .query import (
    ANYWHERE,
    CORE,
    GROWING,
    ID,
    ID_BEGINS,
    NAME,
    NAME_BEGINS,
    OTHER_BEGINS,
    OTHER_NAME,
    WORD_BEGINS,
    Query,
    core,
    is_growing,
)

Scores = npt.NDArray[np.float64]

_MANY = 100_000
_MAX_STORAGE = 1e11


def best(index: Index, queries: Sequence[Query], gone: Rows, most: int) -> tuple[Rows, Scores]:
    """Return at most so many rows and their scores: best first, then by storage.

    queries: one, or several with the same number of words. gone: rows that are left out.
    """
    rows, texts = _candidates(index, queries)
    if not len(rows):
        return NO_ROWS, np.zeros(0)
    scores = np.zeros(len(rows))
    for query in queries:
        if not query.errors:
            np.maximum(scores, _fits(texts, query), out=scores)
            continue
        own = np.arange(len(rows), dtype=np.uint32)
        for word in query.needed:
            own = own[index.have(texts.of(own), {word})]
        if len(own):
            scores[own] = np.maximum(scores[own], query.score(_fits(texts.of(own), query)))
    if len(gone):
        scores[np.isin(rows, gone)] = 0
    keys = scores * 10 * _MAX_STORAGE + np.minimum(index.storage[rows], _MAX_STORAGE)
    if len(rows) > most:
        is_high = keys >= np.partition(keys, -most)[-most]
        rows, scores, keys = rows[is_high], scores[is_high], keys[is_high]
    order = np.argsort(-keys, kind="stable")
    order = order[scores[order] > 0][:most]
    return rows[order].astype(np.int32), scores[order]


def _candidates(index: Index, queries: Sequence[Query]) -> tuple[npt.NDArray[np.uint32], Texts]:
    """Return the rows with all needed words, each in one of its spellings, and their texts."""
    spellings: list[set[str]] = [{word} for word in queries[0].needed]
    if len(queries) > 1:
        columns = [set(column) for column in zip(*(one.words for one in queries), strict=True)]
        spellings = [column for column in columns if not column & WATERS] or columns
    rows, texts = np.arange(len(index.storage), dtype=np.uint32), index.texts
    # A long word leaves the fewest rows for the others.
    for words in sorted(spellings, key=lambda words: max(map(len, words)), reverse=True):
        if not len(rows):
            break
        is_found = index.have(texts, words)
        rows, texts = rows[is_found], texts.of(np.flatnonzero(is_found).astype(np.uint32))
    return rows, texts


def _fits(texts: Texts, query: Query) -> Scores:
    """Return how well names and IDs fit the words, which are known to be there."""
    names, facts, _ = texts
    fits = np.full(len(names), ANYWHERE)

    def at_least(fit: float, is_so: pl.Series) -> None:
        np.maximum(fits, np.where(is_so.to_numpy(), fit, 0), out=fits)

    at_least(ID_BEGINS, facts.str.contains(f"\t {query.raw}", literal=True))
    at_least(ID, facts.str.contains(f"\t {query.raw} \t", literal=True))
    for words, loss in query.names:
        name, short = " ".join(words), " ".join(core(words))
        at_least(WORD_BEGINS - loss, names.str.contains(f" {short}", literal=True))
        at_least(OTHER_BEGINS - loss, names.str.contains(f"\n {short}", literal=True))
        begins = GROWING if is_growing(words) else NAME_BEGINS
        at_least(begins - loss, names.str.starts_with(f"\n {name}"))
        at_least(CORE - loss, names.str.contains(f"\n {short} \n", literal=True))
        at_least(CORE - loss, names.str.contains(f"\f {short} \f", literal=True))
        at_least(OTHER_NAME - loss, names.str.contains(f"\n {name} \n", literal=True))
        at_least(NAME - loss, names.str.starts_with(f"\n {name} \n"))
        if len(names) > _MANY:
            break
    return fits
