"""The facts that the log of changes tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class _Change:
    """One row of the log: `by` whom the inventory was changed, None where nobody logs in."""

    seq: int
    at: dt.datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class DamChange(_Change):
    """Something that was done to one dam; `dam_name` is what it is called on the page."""

    dam_id: int
    dam_name: str

    @property
    def count(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class DamAdded(DamChange):
    """Somebody added one dam."""


@dataclass(frozen=True, slots=True)
class DamEdited(DamChange):
    """Somebody edited a dam: `old` and `new` hold the fields that differ.

    undoes: the `seq` of the edit that this one takes back, or None.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class DamRemoved(DamChange):
    """Somebody removed a dam, with its hydrograph."""


@dataclass(frozen=True, slots=True)
class DamRestored(DamChange):
    """Somebody took back the removal that has the `seq` called `undoes`."""

    undoes: int


@dataclass(frozen=True, slots=True)
class HydrographAssigned(DamChange):
    """Somebody assigned a hydrograph of so many `points` to a dam; `peak_flow` in cfs."""

    points: int
    peak_flow: float
    replaced: bool


@dataclass(frozen=True, slots=True)
class DamsImported(_Change):
    """A file was imported: `count` dams, whose ids are `first_id` to `last_id`."""

    first_id: int
    last_id: int
    count: int
    source: str


@dataclass(frozen=True, slots=True)
class UnknownChange(_Change):
    """A change of a kind, or with details, that this version does not know.

    A newer version writes such rows while processes are restarted one after the other.
    dam_id, dam_name: the dam it is about, or None for any number of dams.
    """

    dam_id: int | None
    dam_name: str | None

    @property
    def count(self) -> int:
        return 1


Change = DamChange | DamsImported | UnknownChange

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (DamAdded, DamEdited, DamRemoved, DamRestored, HydrographAssigned, DamsImported)
}
_NAMES = {
    kind: (
        frozenset(field.name for field in fields(kind)),
        frozenset(field.name for field in fields(kind) if field.default is MISSING),
    )
    for kind in (*_KINDS.values(), UnknownChange)
}
"""By kind, the names of its fields, and of those that a row must have."""


def change_of(row: Mapping[Any, Any]) -> Change:
    """Return the fact that a row of the table `changes` holds.

    A row that a newer version has written is an UnknownChange, or its known kind without the
    details that are unknown here.
    """
    columns = {name: row[name] for name in ("seq", "at", "by", "dam_id", "dam_name")}
    kind, details = _KINDS.get(row["kind"], UnknownChange), row["details"]
    values = {**details, **columns} if isinstance(details, Mapping) else columns
    known, required = _NAMES[kind]
    if not required <= values.keys():
        return UnknownChange(**columns)
    told: Change = kind(**{name: value for name, value in values.items() if name in known})
    return told
