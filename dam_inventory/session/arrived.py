"""Arrived: which dams the last reload has brought, or changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..domain.changes import Change, DamsImported, dam_ids


@dataclass(frozen=True, slots=True)
class Arrived:
    """The dams of the changes that were loaded together.

    revision: the one that was loaded, 0 before the first reload. spans: the first and the last ID
    of the dams of each import.
    """

    revision: int = 0
    ids: frozenset[int] = frozenset()
    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, changes: Iterable[Change], revision: int) -> Arrived:
        """Return what changes bring that a revision contains; later ones still wait."""
        loaded = [one for one in changes if one.seq <= revision]
        return cls(
            revision,
            frozenset(dam_id for one in loaded for dam_id in dam_ids(one)),
            tuple((one.first_id, one.last_id) for one in loaded if isinstance(one, DamsImported)),
        )

    def __contains__(self, dam_id: object) -> bool:
        return dam_id in self.ids or (
            isinstance(dam_id, int) and any(first <= dam_id <= last for first, last in self.spans)
        )
