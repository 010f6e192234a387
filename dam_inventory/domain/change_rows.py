"""How the log holds changes: the word for each kind, and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from .changes import (
    Change,
    DamAdded,
    DamEdited,
    DamRemoved,
    DamRestored,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    HydrographAssigned,
    HydrographEdited,
    HydrographRemoved,
    HydrographRestored,
    ImportUndone,
    UnknownChange,
)

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        DamAdded,
        DamEdited,
        DamRemoved,
        DamRestored,
        HydrographAssigned,
        HydrographEdited,
        HydrographRemoved,
        HydrographRestored,
        DamsImported,
        ImportUndone,
        DamsRemoved,
        DamsRestored,
    )
}
UPDATED = "DamsUpdated"
"""The kind, in the log, of an import that changed known dams: versions that know only imports that
add dams read all dams again after it."""

_KINDS[UPDATED] = DamsImported

_NAMES = {
    kind: (
        frozenset(field.name for field in fields(kind)),
        frozenset(field.name for field in fields(kind) if field.default is MISSING),
    )
    for kind in (*_KINDS.values(), UnknownChange)
}
"""For each kind: the names of all its fields, and of its required fields."""


def kind_of(change: Change) -> str:
    """Return the word for the kind of a change in the log."""
    if isinstance(change, UnknownChange):
        return change.kind
    is_update = isinstance(change, DamsImported) and not change.only_adds
    return UPDATED if is_update else type(change).__name__


def change_of(row: Mapping[Any, Any]) -> Change:
    """Return the change that a row of the table `changes` holds.

    For a row that a newer version has written, return an UnknownChange, or the known kind
    without the details that this version does not know.
    """
    columns = {name: row[name] for name in ("seq", "at", "by", "dam_id", "dam_name")}
    kind, details = _KINDS.get(row["kind"], UnknownChange), row["details"]
    values = {**details, **columns} if isinstance(details, Mapping) else columns
    known, required = _NAMES[kind]
    if kind is UnknownChange or not required <= values.keys():
        return UnknownChange(**columns, kind=row["kind"])
    change: Change = kind(**{name: value for name, value in values.items() if name in known})
    return change
