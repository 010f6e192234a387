"""Selection: the dams that a person has ticked in the table."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np

from ...session.store import NONE_CHOSEN, DamStore, Ids
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from .ordering import Ordering

_LONGEST = 200
"""The maximum length of a request, in characters."""


class Selection:
    """Changes `store.chosen` as a browser asks for it."""

    def __init__(self, store: DamStore, ordering: Ordering) -> None:
        self._store = store
        self._ordering = ordering

    def ask(self, request: str) -> None:
        """Choose dams, or no longer; ignore what is invalid, because a browser can send anything.

        request: JSON. {"clear": true} chooses none; {"on": true, "all": true} all dams that match
        the filter; {"on": true, "dam": 7, "from": 3} the dam 7, or, with `from`, all from the dam
        3 to it in the order of the table. `on` false: these are no longer chosen.
        """
        asked = _read(request)
        if asked.get("clear") is True:
            self._store.chosen = NONE_CHOSEN
            return
        is_on = asked.get("on")
        if not isinstance(is_on, bool):
            return
        if asked.get("all") is True:
            work = partial(_changed, self._store.chosen, is_on, *self._shown)
            self._store.compute(work, partial(self._choose, self._store.snapshot.epoch), "choose")
        elif (rows := self._stretch(asked.get("from"), asked.get("dam"))) is not None:
            changed = _changed(self._store.chosen, is_on, self._store.snapshot, rows)
            self._choose(self._store.snapshot.epoch, changed)

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

    def _choose(self, epoch: str, chosen: Ids) -> None:
        # Dams may have been removed, or the inventory replaced, while this was computed.
        if self._store.snapshot.epoch == epoch:
            self._store.chosen = self._store.snapshot.present(chosen)

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
    ids = snapshot.ids(rows)
    changed: Ids = np.union1d(chosen, ids) if is_on else np.setdiff1d(chosen, ids)
    return changed


def _read(request: str) -> dict[str, Any]:
    try:
        asked = json.loads(request) if len(request) <= _LONGEST else {}
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _is_id(value: Any) -> bool:
    return type(value) is int and 0 < value < 2**63
