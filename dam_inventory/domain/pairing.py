"""Pairing: which rows of a file are which known dams, and which rows are the same dam."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .identity import METERS_PER_DEGREE, NEAR, Evidence, Identity, compare

_MANY = 250_000
"""If more pairs share an ID or a name, only those at nearly the same latitude are compared."""

_FEW = 100


@dataclass(frozen=True, slots=True)
class Known:
    """A dam of the inventory, under its current identity or one that it had before an edit."""

    dam_id: int
    identity: Identity
    is_removed: bool = False
    is_former: bool = False


class Match(NamedTuple):
    """A row and the dam that it is: their indexes."""

    row: int
    known: int
    evidence: Evidence


def matches(rows: Sequence[Identity], dams: Sequence[Known]) -> list[Match]:
    """Return which rows are which dams: each row and each dam at most once, the best first."""
    if len(rows) == len(dams) == 1:
        evidence = compare(rows[0], dams[0].identity)
        return [Match(0, 0, evidence)] if evidence else []
    candidates = _near(dams) if len(rows) * len(dams) > _MANY else lambda row: range(len(dams))
    pairs = []
    for number, row in enumerate(rows):
        for index in candidates(row):
            dam = dams[index]
            if evidence := compare(row, dam.identity):
                order = (evidence.rank[0], dam.is_removed, dam.is_former, evidence.rank)
                pairs.append((order, number, index, evidence))
    pairs.sort(key=lambda pair: pair[:3])
    rows_left, dams_left = set(range(len(rows))), {dam.dam_id for dam in dams}
    found = []
    for _, number, index, evidence in pairs:
        dam_id = dams[index].dam_id
        if number in rows_left and dam_id in dams_left:
            rows_left.remove(number)
            dams_left.remove(dam_id)
            found.append(Match(number, index, evidence))
    return found


def _near(dams: Sequence[Known]) -> Callable[[Identity], Iterable[int]]:
    """Return a function that finds the dams near a row, or at most a few if it has no place."""
    placed = sorted((dam.identity.latitude, index) for index, dam in enumerate(dams)
                    if dam.identity.latitude is not None)  # fmt: skip
    others = [index for index, dam in enumerate(dams) if dam.identity.latitude is None][:_FEW]

    def candidates(row: Identity) -> Iterable[int]:
        if row.latitude is None:
            return others
        north = NEAR / METERS_PER_DEGREE
        first = bisect_left(placed, (row.latitude - north, 0))
        last = bisect_left(placed, (row.latitude + north, len(dams)))
        return [index for _, index in placed[first : min(last, first + _FEW)]]

    return candidates


def repeated(rows: Sequence[Identity]) -> dict[int, int]:
    """Return the rows of a file that are the same dam as an earlier row, and that row, by index.

    Rows of one file lack the same IDs. So a row is only repeated if it has the same federal ID,
    the same NID ID and other structure ID, or no ID, name or place that differs.
    """
    firsts: dict[tuple[Any, ...], int] = {}
    found: dict[int, int] = {}
    for number, row in enumerate(rows):
        keys: list[tuple[Any, ...]] = [row[1:]]
        if row.federal:
            keys.append((row.federal,))
        if row.nid and row.structure:
            keys.append(row[1:3])
        for one in keys:
            first = firsts.setdefault(one, number)
            differs = row.federal and rows[first].federal and row.federal != rows[first].federal
            if first != number and not differs:
                found[number] = first
    return found
