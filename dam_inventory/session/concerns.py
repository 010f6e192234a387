"""Concerns: which of a session's news concern the lists that it watches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..domain.changes import Change, Import, dam_ids
from ..domain.concern import Concern
from ..snapshot.criteria import Criteria
from ..snapshot.snapshot import Snapshot

Ids = npt.NDArray[np.int64]


class Watch(NamedTuple):
    """A watched list: its name, and what it asks for."""

    name: str
    criteria: Criteria


class Concerns(NamedTuple):
    """The lists that some changes concern, and the number of dams that concern any of them."""

    lists: tuple[Concern, ...] = ()
    dams: int = 0


NO_CONCERNS = Concerns()


def changed_dams(changes: Sequence[Change]) -> Ids:
    """Return the ids of all dams that have changed, ascending."""
    single = [dam_id for one in changes for dam_id in dam_ids(one)]
    imported = [
        np.arange(one.first_id, one.last_id + 1, dtype=np.int64)
        for one in changes
        if isinstance(one, Import)
    ]
    return _distinct(np.concatenate([np.array(single, np.int64), *imported]))


def concerns(ids: Ids, watches: Sequence[Watch], shown: Snapshot, newest: Snapshot) -> Concerns:
    """Return how changed dams concern each watched list.

    shown: the dams before the changes. newest: those after them.
    """
    old, new = shown.present(ids), newest.present(ids)
    found, concerned = [], [np.empty(0, np.int64)]
    for name, criteria in watches:
        before = shown.matching_among(criteria, ids)
        after = newest.matching_among(criteria, ids)
        was_there, is_there = np.isin(after, old), np.isin(before, new)
        matched = np.isin(after, before)
        one = Concern(
            name,
            added=int(np.count_nonzero(~was_there)),
            joined=int(np.count_nonzero(was_there & ~matched)),
            edited=int(np.count_nonzero(matched)),
            left=int(np.count_nonzero(is_there & ~np.isin(before, after))),
            removed=int(np.count_nonzero(~is_there)),
        )
        if one.count:
            found.append(one)
            concerned += [before, after]
    return Concerns(tuple(found), len(_distinct(np.concatenate(concerned))))


def matches(ids: Ids, watches: Sequence[Watch], shown: Snapshot) -> tuple[Concern, ...]:
    """Return how many of some dams match each watched list; leave out lists without any."""
    counts = [(name, len(shown.matching_among(criteria, ids))) for name, criteria in watches]
    return tuple(Concern(name, edited=count) for name, count in counts if count)


def _distinct(ids: Ids) -> Ids:
    """Return the different ids, ascending; for many, much faster than `np.unique`."""
    ids = np.sort(ids)
    return ids[np.diff(ids, prepend=-1) > 0]
