"""Selection: the dams that a person has ticked in the table."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np
import param

from ...session import comparison
from ...session.store import NONE_CHOSEN, DamStore, Ids
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from .ordering import Ordering

_LONGEST = 20_000
"""The maximum length of all requests that wait, in characters."""


class Selection:
    """Changes `store.chosen` as a browser asks for it."""

    def __init__(self, store: DamStore, ordering: Ordering) -> None:
        self._store = store
        self._ordering = ordering
        self.turn = 0
        """The number of the last request that was answered."""
        self.refusal = ""
        """Why the ticked dams can't be compared, if that was the last request."""

    def ask(self, requests: str) -> bool:
        """Choose dams, or no longer, or compare them; return whether they are to be shown so.

        Ignore what is invalid, because a browser can send anything.
        requests: a JSON list of those that were not answered yet, each with its `turn`, an integer
        that grows. {"clear": true} chooses none; {"on": true, "all": true} all dams that match the
        filter; {"on": true, "dam": 7, "from": 3} the dam 7, or, with `from`, all from the dam 3 to
        it in the order of the table. `on` false: these are no longer chosen.
        {"compare": true} compares those that are chosen.
        """
        is_compared = False
        with param.parameterized.batch_call_watchers(self._store):
            for request in _read(requests):
                if request["turn"] > self.turn:
                    self.turn = request["turn"]
                    self.refusal = ""
                    is_compared = request.get("compare") is True and self._compare()
                    self._take(request)
        return is_compared

    def _compare(self) -> bool:
        """Compare the chosen dams, in the order of the table, unless they are too few or many."""
        count = len(self._store.chosen)
        if not comparison.LEAST <= count <= comparison.MOST:
            self.refusal = comparison.wrong_number(count)
            return False
        ids: list[int] = self._store.chosen.tolist()
        if self._ordering.is_ready and not self._store.is_searching:
            last = len(self._store.snapshot)
            places = {one: self._ordering.place(one) for one in ids}
            ids.sort(key=lambda one: last if (at := places[one]) is None else at)
        self._store.compared = comparison.compared_of(ids, self._store.snapshot)
        return True

    def _take(self, asked: dict[str, Any]) -> None:
        is_on = asked.get("on")
        if asked.get("clear") is True:
            self._store.chosen = NONE_CHOSEN
        elif not isinstance(is_on, bool):
            return
        elif asked.get("all") is True:
            self._take_all(is_on)
        elif (rows := self._stretch(asked.get("from"), asked.get("dam"))) is not None:
            self._store.chosen = _changed(self._store.chosen, is_on, self._store.snapshot, rows)

    def _take_all(self, is_on: bool) -> None:
        before, (snapshot, rows) = self._store.chosen, self._shown

        def choose(chosen: Ids) -> None:
            if self._store.chosen is not before or self._store.snapshot is not snapshot:
                self._take_all(is_on)  # More was ticked, or dams were removed, meanwhile.
            else:
                self._store.chosen = chosen

        work = partial(_changed, before, is_on, snapshot, rows)
        self._store.compute(work, choose, "choose")

    @property
    def is_whole(self) -> bool:
        """Whether all dams that match the filter are chosen."""
        snapshot, rows, chosen = self._store.snapshot, self._store.rows, self._store.chosen
        if rows is None:
            return 0 < len(snapshot) == len(chosen)
        if not 0 < len(rows) <= len(chosen):
            return False
        return bool(np.isin(snapshot.ids(rows), chosen, assume_unique=True).all())

    def among(self, ids: list[int]) -> set[int]:
        """Return those ids that are chosen."""
        chosen = self._store.chosen
        wanted = np.array(ids, np.int64)
        found: list[int] = wanted[np.isin(wanted, chosen, assume_unique=True)].tolist()
        return set(found)

    @property
    def _shown(self) -> tuple[Snapshot, Rows]:
        snapshot, rows = self._store.snapshot, self._store.rows
        return snapshot, snapshot.rows() if rows is None else rows

    def _stretch(self, first: Any, last: Any) -> Rows | None:
        snapshot, ordering = self._store.snapshot, self._ordering
        row = snapshot.row_of(last) if _is_id(last) else None
        if row is None:
            return None
        if _is_id(first) and ordering.is_ready and not self._store.is_searching:
            ends = ordering.place(first), ordering.place(last)
            if None not in ends:
                start, stop = sorted(one for one in ends if one is not None)
                return ordering.part(slice(start, stop + 1))
        return np.array([row], np.int32)


def _changed(chosen: Ids, is_on: bool, snapshot: Snapshot, rows: Rows) -> Ids:
    ids = np.sort(snapshot.ids(rows))
    if not is_on:
        return chosen[~np.isin(chosen, ids, assume_unique=True)]
    new = ids[~np.isin(ids, chosen, assume_unique=True)]
    # Not np.union1d: it takes 40 ms to add one id to a hundred thousand.
    return np.insert(chosen, np.searchsorted(chosen, new), new)


def _read(requests: str) -> list[dict[str, Any]]:
    """Return the requests of a browser that have a `turn`."""
    try:
        asked = json.loads(requests) if len(requests) <= _LONGEST else []
    except (ValueError, RecursionError):
        return []
    asked = asked if isinstance(asked, list) else []
    return [one for one in asked if isinstance(one, dict) and type(one.get("turn")) is int]


def _is_id(value: Any) -> bool:
    return type(value) is int and 0 < value < 2**63
