"""What can go wrong, in words for the person who meets it.

DamInventoryError
├── InvalidSettings    a DAM_INVENTORY_* variable has a bad value or an unknown name
├── InvalidDam         a dam was refused; `errors` says why, field by field
├── InventoryFull      `max_dams` or a user's quota is reached
├── DamChanged         somebody else has edited or removed the dam meanwhile
├── UnknownDam         there is no such dam
├── HydrographExists   the dam has a hydrograph, which nobody said to replace
├── CannotUndo         a change can't be taken back, or not any more
├── PermissionDenied   a user may not do what was asked for
├── InvalidFile        a file can't be imported at all
├── InvalidHydrograph  a hydrograph, or the file of one, was refused as a whole
├── InvalidBackup      a file can't be restored, or a backup can't be written
├── InventoryReplaced  the inventory is another one than its user has seen: restored or replaced
├── DatabaseUpgraded   a newer version has changed the database's tables
└── DatabaseUnavailable  the database does not answer, is locked, full or read-only
    └── DatabaseMissing  the database's file is not there, or holds no inventory
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .domain.mark import Mark


class DamInventoryError(Exception):
    """The base of every error that this package raises on purpose."""


class InvalidSettings(DamInventoryError):
    """Settings that the dashboard must not start with."""


class InvalidDam(DamInventoryError):
    """A dam that breaks rules: `errors` maps each field to one sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(dict.fromkeys(self.errors.values())))


class InventoryFull(DamInventoryError):
    """The inventory has no room for what was to be added, or not for more of this user's."""


class DamChanged(DamInventoryError):
    """A dam is not any more what its editor has seen.

    current: its fields as they are now, or None when it was removed.
    mark: the place in the log at which it is so, or None where it was removed.
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
    """There is no dam of that number, and there has never been one."""


class HydrographExists(DamInventoryError):
    """A dam has a hydrograph already: `hydrograph_id` is the one that would be replaced."""

    def __init__(self, message: str, hydrograph_id: int) -> None:
        self.hydrograph_id = hydrograph_id
        super().__init__(message)


class CannotUndo(DamInventoryError):
    """A change that can't be taken back, or not any more."""


class PermissionDenied(DamInventoryError):
    """A user may not do what was asked for; `permissions.py` says who may do what."""


class InvalidFile(DamInventoryError):
    """A file that is not what it should be, as a whole."""


class InvalidHydrograph(DamInventoryError):
    """A hydrograph that can't be one: the message names the first line that is wrong."""


class DatabaseUnavailable(DamInventoryError):
    """The database can't be read or written at the moment; nothing was changed."""


class DatabaseUpgraded(DamInventoryError):
    """A newer version has changed the tables, so that this process can't use them."""


class DatabaseMissing(DatabaseUnavailable):
    """There is no inventory where it should be; it is read again as soon as there is one."""


class InventoryReplaced(DamInventoryError):
    """What somebody has seen, or has just saved, is not in the inventory that is there now."""


class InvalidBackup(DamInventoryError):
    """A backup that can't be made or restored; nothing was changed."""
