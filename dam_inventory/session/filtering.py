"""Filtering: which dams of a snapshot a session's filter lets through."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..snapshot.criteria import ALL, Criteria
from ..snapshot.filtered import Found
from ..snapshot.filters import DamFilter
from ..snapshot.order import Rows
from ..snapshot.snapshot import Snapshot

Compute = Callable[..., Any]


class Filtering:
    """The answers to the filter of one session; keeps the latest.

    compute: `DamStore.compute`.
    """

    def __init__(self, dam_filter: DamFilter, compute: Compute) -> None:
        self._filter = dam_filter
        self._compute = compute
        self._found: Found | None = None
        self._latest = ALL
        self._failed: Criteria | None = None
        """The latest criteria, if no answer to them could be computed."""

    @property
    def is_searching(self) -> bool:
        """Whether there is no answer to the filter yet, but one will come."""
        criteria = self._filter.criteria
        if criteria in (ALL, self._failed):
            return False
        return self._found is None or self._found.criteria != criteria

    def is_changed(self) -> bool:
        """Return whether the filter asks for something else than at the last call."""
        latest, self._latest = self._latest, self._filter.criteria
        return latest != self._latest

    def when_found(self, snapshot: Snapshot, show: Callable[[], None], lane: str) -> None:
        """Call `show` as soon as the filter is answered for a snapshot; see `compute`."""
        criteria = self._filter.criteria
        if self._is_found(snapshot, criteria):
            show()
            return

        def on_found(found: Found) -> None:
            self._found = found
            # The filter may have changed meanwhile.
            self.when_found(snapshot, show, lane)

        def on_error() -> None:
            self._failed = criteria

        self._failed = None
        self._compute(partial(snapshot.find, criteria), on_found, lane, on_error=on_error)

    def rows_in(self, snapshot: Snapshot) -> Rows | None:
        """Return the rows of a snapshot that match the filter, None for all."""
        criteria = self._filter.criteria
        if not criteria.is_active:
            return None
        if self._found is None or not self._is_found(snapshot, criteria):
            self._found = snapshot.find(criteria)
        return snapshot.rows_of(self._found)

    def _is_found(self, snapshot: Snapshot, criteria: Criteria) -> bool:
        if not criteria.is_active:
            return True
        found = self._found
        return found is not None and found.criteria == criteria and snapshot.has_found(found)
