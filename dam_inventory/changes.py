"""The facts that the log of changes tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Fact:
    """One row of the log: `by` whom the inventory was changed, None where nobody logs in."""

    seq: int
    at: dt.datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class DamFact(_Fact):
    """Something that was done to one dam; `dam_name` is what it is called on the page."""

    dam_id: int
    dam_name: str

    @property
    def count(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class DamAdded(DamFact):
    """Somebody added one dam."""


@dataclass(frozen=True, slots=True)
class DamEdited(DamFact):
    """Somebody edited a dam: `old` and `new` hold the fields that differ.

    undoes: the `seq` of the edit that this one takes back, or None.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class DamRemoved(DamFact):
    """Somebody removed a dam, with its hydrograph."""


@dataclass(frozen=True, slots=True)
class DamRestored(DamFact):
    """Somebody took back the removal that has the `seq` called `undoes`."""

    undoes: int


@dataclass(frozen=True, slots=True)
class HydrographAssigned(DamFact):
    """Somebody assigned a hydrograph of so many `points` to a dam; `peak_flow` in cfs."""

    points: int
    peak_flow: float
    replaced: bool


@dataclass(frozen=True, slots=True)
class DamsImported(_Fact):
    """A file was imported: `count` dams, whose ids are `first_id` to `last_id`."""

    first_id: int
    last_id: int
    count: int
    source: str


Fact = DamFact | DamsImported

_OF_ONE_DAM = {
    kind.__name__: kind
    for kind in (DamAdded, DamEdited, DamRemoved, DamRestored, HydrographAssigned)
}


def fact(row: Mapping[Any, Any]) -> Fact:
    """Return the fact that a row of the table `changes` tells."""
    common = (row["seq"], row["at"], row["by"])
    if row["kind"] == "DamsImported":
        return DamsImported(*common, **row["details"])
    return _OF_ONE_DAM[row["kind"]](*common, row["dam_id"], row["dam_name"], **row["details"])
