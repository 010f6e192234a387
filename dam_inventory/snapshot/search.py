"""Suggestions: the dams and places that a person may mean with a few typed letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..domain.counties import county_name, state_name
from .dam_hits import best
from .order import Rows
from .place_hits import places
from .query import CORE, ELSEWHERE, Query, Suggestion
from .snapshot import Snapshot
from .spelling import respelled

MAX_PLACES = 3
"""The maximum number of suggestions that are not dams."""

Hits = list[tuple[float, Suggestion]]


def prepare(snapshot: Snapshot) -> None:
    """Prepare what `suggest` needs: 0.2 s for 91,457 dams, 3 s for a million; later, nothing."""
    _ = snapshot.dams.base.index, snapshot.dams.tail.index


def suggest(snapshot: Snapshot, text: str, most: int = 8) -> list[Suggestion]:
    """Return what a person may mean, best first: dams, counties, states and rivers.

    All words must match a dam: its names, IDs, river, city, county, or state by name or postal
    code. A word matches anywhere in a text; one of two letters only where a word begins. "Dam",
    "lake" and the like may be missing. If there are fewer than `most` matches and none has the
    typed name, words with typing errors match, too. Equally good dams are in the order of their
    storage.
    """
    query = Query.of(text)
    if not query.words:
        return []
    hits = _hits(snapshot, [query], most)
    if len(hits) < most and max((score for score, _ in hits), default=0) < CORE - ELSEWHERE:
        base, tail = snapshot.dams.base, snapshot.dams.tail
        if others := respelled(query, (base.index, tail.index)):
            known = {one for _, one in hits}
            hits += [hit for hit in _hits(snapshot, others, most) if hit[1] not in known]
    return _ranked(hits, most)


def _hits(snapshot: Snapshot, queries: Sequence[Query], most: int) -> Hits:
    dams = snapshot.dams
    hits: Hits = []
    for part, gone, first in (
        (dams.base, dams.gone, 0),
        (dams.tail, dams.gone[:0], len(dams.base)),
    ):
        rows, scores = best(part.index, queries, gone, most)
        found = _suggested(snapshot, rows + np.int32(first))
        hits += zip(scores.tolist(), found, strict=True)
    scored: dict[Suggestion, float] = {}
    for query in queries:
        for score, place in places(dams, query):
            scored[place] = max(score, scored.get(place, 0))
    return hits + [(score, place) for place, score in scored.items()]


def _suggested(snapshot: Snapshot, rows: Rows) -> Iterator[Suggestion]:
    columns = ("county", "state", "hazard_potential")
    facts = zip(*snapshot.columns(columns, rows), strict=True)
    named = zip(snapshot.ids(rows).tolist(), snapshot.names(rows), facts, strict=True)
    for dam_id, name, (county, state, hazard) in named:
        where = county_name(county or "", state or ""), state_name(state or "")
        yield Suggestion("dam", name, *where, hazard or "", dam_id)


def _ranked(hits: Hits, most: int) -> list[Suggestion]:
    """Return the best dams and a few places, in the order of their scores."""
    # The dams are in the order of their storage already.
    ordered = sorted(hits, key=lambda hit: (-hit[0], -hit[1].count))
    few = [one for _, one in ordered if one.kind != "dam"][:MAX_PLACES]
    dams = [one for _, one in ordered if one.kind == "dam"][: most - len(few)]
    chosen = {*few, *dams}
    return [one for _, one in ordered if one in chosen]
