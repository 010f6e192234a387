"""Who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from .errors import PermissionDenied

Permission = Literal["add_dams", "edit_any", "import_dams", "administer"]
"""add_dams: add dams, edit and remove one's own, assign hydrographs to them.
edit_any: edit and remove everybody's dams, assign hydrographs to them.
import_dams: import files. administer: all of it, and undo; exempt from `max_dams_per_user`."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)


@dataclass(frozen=True, slots=True)
class User:
    """A person who acts on the inventory.

    name: as they logged in; None where nobody logs in.
    permissions: what they were given; `administer` contains all others.
    """

    name: str | None
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Return whether this user has a permission."""
        return permission in self.permissions or "administer" in self.permissions

    def may_change(self, added_by: str | None) -> bool:
        """Return whether this user may edit or remove a dam that `added_by` has added.

        Where nobody logs in, what somebody added without a name is everybody's.
        """
        is_own = added_by == self.name and self.may("add_dams")
        return is_own or self.may("edit_any")

    def require(self, permission: Permission, what: str) -> None:
        """Raise PermissionDenied, which says `what` this user may not do, without a permission."""
        if not self.may(permission):
            raise self.denied(what)

    def denied(self, what: str) -> PermissionDenied:
        """Return the error that says what this user may not do."""
        return PermissionDenied(f"{self.name or 'Who is not logged in'} may not {what}.")


OPERATOR = User(None, frozenset(PERMISSIONS))
"""Whoever runs a script or a command on the machine itself."""
