"""The package's exceptions. Each message is written for the person who reads it.

DamInventoryError
├── InvalidSettings    a DAM_INVENTORY_* variable has a bad value or an unknown name
├── InvalidDam         a dam breaks rules; `errors` gives the reason for each field
├── InventoryFull      `max_dams` or a user's quota is reached
├── DamChanged         another user edited or removed the dam in the meantime
├── UnknownDam         no dam has this id
├── UnknownHydrograph  no hydrograph of a dam has this id
├── HydrographExists   the dam already has a hydrograph, and the caller did not ask to replace it
├── CannotUndo         a change can't be undone, or can no longer be undone
├── PermissionDenied   the user does not have the permission
├── InvalidFile        a file can't be imported at all
│   └── NoStorage      a file can't be written: the disk is full, or refuses it
├── Cancelled          a person has canceled the reading of a file or an import
├── InvalidFilter      a filter, given as text, has an unknown name or a bad value
├── InvalidHydrograph  a hydrograph, or the whole file of one, is invalid
├── InvalidWorkList    a work list can't be saved or renamed
├── InvalidToken       a token of another program can't be made, or is not known
├── InvalidBackup      a file can't be restored, or a backup can't be written
├── InvalidCopy        an inventory can't be copied, or a database can't be taken over
├── PackageMissing     an optional package is not installed
├── InventoryReplaced  the inventory was restored or replaced after the user loaded it
├── DatabaseUpgraded   a newer version has changed the database's tables
└── DatabaseUnavailable  the database does not respond, or is locked, full or read-only
    ├── DatabaseOpening  the database has not answered yet since this process was started
    └── DatabaseMissing  the database file does not exist, or contains no inventory
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .domain.mark import Mark


class DamInventoryError(Exception):
    """The base of every error that this package raises on purpose."""


class InvalidSettings(DamInventoryError):
    """Invalid settings: the dashboard does not start with them."""


class InvalidDam(DamInventoryError):
    """A dam breaks rules: `errors` maps each field to one sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(dict.fromkeys(self.errors.values())))


class InventoryFull(DamInventoryError):
    """The inventory, or this user's quota, has no room for more dams."""


class DamChanged(DamInventoryError):
    """The dam has changed since the person who edits it loaded it.

    current: the dam's current fields, or None when it was removed.
    mark: the position in the log of `current`, or None when the dam was removed.
    """

    def __init__(
        self,
        message: str,
        current: Mapping[str, Any] | None = None,
        mark: Mark | None = None,
    ) -> None:
        self.current = current
        self.mark = mark
        super().__init__(message)


class UnknownDam(DamInventoryError):
    """No dam has this id, and none ever had."""


class UnknownHydrograph(DamInventoryError):
    """No hydrograph of a dam has this id, or no longer."""


class HydrographExists(DamInventoryError):
    """The dam already has a hydrograph: `hydrograph_id` is the one that would be replaced.

    may_replace: whether the user may replace it. There is room for another one beside it.
    """

    def __init__(self, message: str, hydrograph_id: int, may_replace: bool = True) -> None:
        self.hydrograph_id = hydrograph_id
        self.may_replace = may_replace
        super().__init__(message)


class CannotUndo(DamInventoryError):
    """A change can't be undone, or can no longer be undone."""


class PermissionDenied(DamInventoryError):
    """The user does not have the permission; see `domain/permissions.py`."""


class InvalidFile(DamInventoryError):
    """A file can't be read at all."""


class NoStorage(InvalidFile):
    """There is no room for a file that is written, or it can't be written for another reason."""


class Cancelled(DamInventoryError):
    """A person has canceled the reading of a file or an import. Nothing was changed."""


class InvalidFilter(DamInventoryError):
    """A filter that another program or a command gives has an unknown name or a bad value."""


class InvalidHydrograph(DamInventoryError):
    """A hydrograph is invalid: the message names the first wrong line."""


class InvalidWorkList(DamInventoryError):
    """A work list can't be saved or changed. Nothing was changed."""


class InvalidToken(DamInventoryError):
    """A token can't be made with these values, or there is none with this id."""


class DatabaseUnavailable(DamInventoryError):
    """The database can't be read or written at the moment. Nothing was changed."""


class DatabaseUpgraded(DamInventoryError):
    """A newer version has changed the tables, so this process can't use them."""


class DatabaseOpening(DatabaseUnavailable):
    """The database has not answered yet; in the meantime nobody is kept waiting."""


class DatabaseMissing(DatabaseUnavailable):
    """The database contains no inventory. It is read again as soon as there is one."""


class InventoryReplaced(DamInventoryError):
    """What a user has seen, or has just saved, is not in the current inventory."""


class PackageMissing(DamInventoryError):
    """An optional package is not installed; the message says how to install it."""


class InvalidBackup(DamInventoryError):
    """A backup can't be written or restored. Nothing was changed."""


class InvalidCopy(DamInventoryError):
    """An inventory can't be copied, or a database can't be taken over. Nothing was changed."""
