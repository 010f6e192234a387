"""Permissions, and the users and groups that have them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ..errors import PermissionDenied
from .changes import (
    Change,
    DamEdited,
    DamsImported,
    HydrographAssigned,
    HydrographRemoved,
    Removal,
)

Permission = Literal["add_dams", "edit_any", "import_dams", "administer"]
"""add_dams: add dams, edit and remove one's own dams, assign hydrographs to dams without one.
edit_any: edit and remove all dams, assign and replace all hydrographs.
Both: undo one's own edits, removals and hydrographs.
import_dams: import files, undo one's own imports; to update known dams or to bring removed ones
back, one must also be allowed to edit them.
administer: all of the above, and undo the changes of others; exempt from `max_dams_per_user`."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

Anonymous = Literal["view", "add", "administer"]
"""What a person may do when there is no login."""

ANONYMOUS: tuple[Anonymous, ...] = get_args(Anonymous)

GUEST = "guest"
"""Panel's name for visitors without a login (`--oauth-optional`)."""

MAX_NAME_LENGTH = 200
"""The longest name of a user that the log keeps, in characters."""


def prepared(text: str) -> str:
    """Return a name or a password as it is compared: keyboards type one accent in two ways.

    In the normal form NFC and with plain spaces, as RFC 8265 has it.
    """
    spaced = (" " if unicodedata.category(one) == "Zs" else one for one in text)
    return unicodedata.normalize("NFC", "".join(spaced))


def is_login_name(name: str) -> bool:
    """Return whether a user may log in under a name: printable, and not the one of guests."""
    return 0 < len(name) <= MAX_NAME_LENGTH and (
        name == name.strip() and name.isprintable() and name != GUEST
    )


_ANONYMOUSLY: dict[Anonymous, frozenset[Permission]] = {
    "view": frozenset(),
    "add": frozenset({"add_dams"}),
    "administer": frozenset(PERMISSIONS),
}


@dataclass(frozen=True, slots=True)
class User:
    """A person who uses the inventory.

    name: the login name; None when there is no login.
    permissions: `administer` includes all others.
    """

    name: str | None
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Return whether this user has a permission."""
        return permission in self.permissions or "administer" in self.permissions

    def may_change(self, added_by: str | None) -> bool:
        """Return whether this user may edit or remove a dam that `added_by` has added.

        Without a login, all dams that were added without a name count as the user's own.
        """
        is_own = added_by == self.name and self.may("add_dams")
        return is_own or self.may("edit_any")

    def may_undo(self, change: Change) -> bool:
        """Return whether this user may undo a change, if they may change its dams.

        Administrators may undo edits, removals, imports, and assigned or removed hydrographs,
        others only their own.
        """
        is_own = change.by == self.name
        if isinstance(change, DamsImported):
            return (is_own and self.may("import_dams")) or self.may("administer")
        kinds = DamEdited | Removal | HydrographAssigned | HydrographRemoved
        is_kind = isinstance(change, kinds)
        return (is_own and is_kind and self.may_assign) or self.may("administer")

    @property
    def may_assign(self) -> bool:
        """Whether this user may assign hydrographs to dams that have none."""
        return self.may("add_dams") or self.may("edit_any")

    @property
    def has_lists(self) -> bool:
        """Whether the inventory keeps this user's work lists: it does for each login of its own."""
        return self.name not in (None, GUEST)

    def require(self, permission: Permission, what: str) -> None:
        """Raise PermissionDenied if this user lacks a permission; `what` completes the message."""
        if not self.may(permission):
            raise self.denied(what)

    def denied(self, what: str) -> PermissionDenied:
        """Return the error that says what this user may not do."""
        return PermissionDenied(f"{self.name or 'A person without a login'} may not {what}.")


OPERATOR = User(None, frozenset(PERMISSIONS))
"""The person who runs a script or a command on the server itself."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group's permissions. `members` lists members in addition to those with a group claim."""

    permissions: frozenset[Permission] = frozenset()
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Permissions:
    """The permissions of all users and groups.

    everyone: the permissions of each user who logs in.
    users, groups: additional permissions, by name.
    group_claim: the OAuth claim that names a user's groups, or None.
    anonymous: what a person may do when there is no login.
    """

    everyone: frozenset[Permission] = frozenset({"add_dams"})
    users: Mapping[str, frozenset[Permission]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    group_claim: str | None = None
    anonymous: Anonymous = "add"

    def user(self, name: str | None, claims: object = None) -> User:
        """Return a user with their permissions.

        name: the login name; None when there is no login. `GUEST` may only view.
        claims: the claims from the login provider, in any shape.
        """
        if name is None:
            return User(None, _ANONYMOUSLY[self.anonymous])
        name = prepared(name)
        if name == GUEST:
            return User(GUEST, frozenset())
        claimed = self._claimed_groups(claims)
        of_groups = [
            group.permissions
            for title, group in self.groups.items()
            if title in claimed or name in group.members
        ]
        return User(name, self.everyone.union(self.users.get(name, ()), *of_groups))

    def _claimed_groups(self, claims: object) -> set[str]:
        """Return the groups in the claims: one as a string, or several as a list."""
        if self.group_claim is None or not isinstance(claims, Mapping):
            return set()
        claim = claims.get(self.group_claim)
        titles = claim if isinstance(claim, list | tuple) else [claim]
        return {title for title in titles if isinstance(title, str)}
