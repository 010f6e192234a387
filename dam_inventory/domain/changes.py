"""The kinds of changes in the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class _Change:
    """One row of the log. `by` is the user who made the change, None when there is no login."""

    seq: int
    at: dt.datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class DamChange(_Change):
    """A change of one dam; `dam_name` is the dam's name on the page."""

    dam_id: int
    dam_name: str

    @property
    def count(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class DamAdded(DamChange):
    """A user added one dam."""


@dataclass(frozen=True, slots=True)
class DamEdited(DamChange):
    """A user edited a dam: `old` and `new` hold the fields that differ.

    undoes: the `seq` of the edit that this one undoes, or None.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class DamRemoved(DamChange):
    """A user removed a dam, with its hydrograph."""


@dataclass(frozen=True, slots=True)
class DamRestored(DamChange):
    """A user undid the removal whose `seq` is `undoes`."""

    undoes: int


@dataclass(frozen=True, slots=True)
class HydrographAssigned(DamChange):
    """A user assigned a hydrograph to a dam: its number of `points`, its `peak_flow` in cfs.

    replaced: whether it took the place of another one. beside: whether the dam has others, too.
    """

    points: int
    peak_flow: float
    replaced: bool
    hydrograph_name: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class HydrographEdited(DamChange):
    """A user renamed a hydrograph of a dam, or chose it as the one that is shown first.

    old_name: its name before, "" if it was chosen.
    """

    hydrograph_name: str
    old_name: str = ""


@dataclass(frozen=True, slots=True)
class HydrographRemoved(DamChange):
    """A user removed a hydrograph of a dam.

    was_first: whether it was the one that is shown first. undoes: the `seq` of the assignment that
    this undoes, or None.
    """

    hydrograph_name: str
    was_first: bool = False
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class HydrographRestored(DamChange):
    """A user undid the removal of a hydrograph; `undoes` is its `seq`, `was_first` as there."""

    hydrograph_name: str
    was_first: bool
    undoes: int


MAX_TOGETHER = 1_000
"""The maximum number of dams in one DamsChange."""


@dataclass(frozen=True, slots=True)
class DamsChange(_Change):
    """One change of several dams: their ids, ascending, and in the same order their names."""

    dam_ids: Sequence[int]
    dam_names: Sequence[str]

    @property
    def count(self) -> int:
        return len(self.dam_ids)


@dataclass(frozen=True, slots=True)
class DamsRemoved(DamsChange):
    """A user removed several dams together, with their hydrographs."""


@dataclass(frozen=True, slots=True)
class DamsRestored(DamsChange):
    """A user undid the common removal whose `seq` is `undoes`."""

    undoes: int


@dataclass(frozen=True, slots=True)
class DamsImported(_Change):
    """A user imported a file: `count` dams that were not in the inventory.

    first_id, last_id: the ids of those that are there for the first time, last_id < first_id if
    none is; the others had been removed. updated: the number of other dams with new values.
    source: the name of the file.
    dam_ids: the ids of the dams that had been removed or that have new values, ascending. The log
    does not hold them: `change_log.with_dams` adds them.
    """

    first_id: int
    last_id: int
    count: int
    source: str
    updated: int = 0
    dam_ids: Sequence[int] = field(default=(), compare=False, repr=False)

    @property
    def only_adds(self) -> bool:
        """Whether all its dams are those from `first_id` to `last_id`."""
        return not self.updated and self.count == self.last_id - self.first_id + 1


@dataclass(frozen=True, slots=True)
class ImportUndone(_Change):
    """A user undid the import whose `seq` is `undoes`.

    removed: the number of dams that it had added. reverted: that of dams that have their earlier
    values again. first_id, last_id, source, dam_ids: as for the import.
    """

    undoes: int
    first_id: int
    last_id: int
    removed: int
    reverted: int
    source: str
    dam_ids: Sequence[int] = field(default=(), compare=False, repr=False)

    @property
    def count(self) -> int:
        return self.removed + self.reverted


@dataclass(frozen=True, slots=True)
class DamUpdated(DamChange):
    """What an import, or its undo, changed in one dam: `old` and `new` as for DamEdited.

    Only the history of a dam has it. seq: that of the import, or of its undo.
    undoes: the `seq` of the import that was undone, or None.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    source: str
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class UnknownChange(_Change):
    """A change whose kind or details this version does not know.

    A newer version writes such rows while processes are upgraded one after the other.
    dam_id, dam_name: the changed dam, or None when the change may affect any number of dams.
    kind: its word in the log.
    """

    dam_id: int | None
    dam_name: str | None
    kind: str = field(default="", compare=False)

    @property
    def count(self) -> int:
        return 1


Import = DamsImported | ImportUndone
Change = DamChange | DamsChange | Import | UnknownChange

Removal = DamRemoved | DamsRemoved
Restoration = DamRestored | DamsRestored


def size(change: Change) -> int:
    """Return the number of dams that a change concerns."""
    return change.count + (change.updated if isinstance(change, DamsImported) else 0)


def dam_ids(change: Change) -> Sequence[int]:
    """Return the ids of the dams that a change names one by one.

    For an import, these are not the dams that it has added, nor those that its undo removed.
    """
    if isinstance(change, DamsChange | Import):
        return change.dam_ids
    if isinstance(change, DamChange | UnknownChange) and change.dam_id is not None:
        return (change.dam_id,)
    return ()


def named_dams(change: Change) -> list[tuple[int, str | None]]:
    """Return the id and the name of each dam of a change; none for an import."""
    if isinstance(change, DamsChange):
        return list(zip(change.dam_ids, change.dam_names, strict=True))
    if isinstance(change, DamChange | UnknownChange) and change.dam_id is not None:
        return [(change.dam_id, change.dam_name)]
    return []


def of_dam(change: Change, dam_id: int) -> Change:
    """Return a change of several dams as that of one of them; return other changes as they are."""
    if not isinstance(change, DamsChange):
        return change
    facts = (change.seq, change.at, change.by, dam_id)
    name = change.dam_names[list(change.dam_ids).index(dam_id)]
    if isinstance(change, DamsRestored):
        return DamRestored(*facts, name, change.undoes)
    return DamRemoved(*facts, name)
