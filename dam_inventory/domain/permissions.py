"""Who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ..errors import PermissionDenied

Permission = Literal["add_dams", "edit_any", "import_dams", "administer"]
"""add_dams: add dams, edit and remove one's own, assign hydrographs to dams that have none.
edit_any: edit and remove everybody's dams, assign and replace all hydrographs.
import_dams: import files. administer: all of it, and undo; exempt from `max_dams_per_user`."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

Anonymous = Literal["view", "add", "administer"]
"""What a person may do where nobody logs in."""

ANONYMOUS: tuple[Anonymous, ...] = get_args(Anonymous)

GUEST = "guest"
"""The name that Panel gives to everybody whom it lets in without a login (`--oauth-optional`)."""

_ANONYMOUSLY: dict[Anonymous, frozenset[Permission]] = {
    "view": frozenset(),
    "add": frozenset({"add_dams"}),
    "administer": frozenset(PERMISSIONS),
}


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

    @property
    def may_assign(self) -> bool:
        """Whether this user may assign hydrographs to dams that have none."""
        return self.may("add_dams") or self.may("edit_any")

    def require(self, permission: Permission, what: str) -> None:
        """Raise PermissionDenied, which says `what` this user may not do, without a permission."""
        if not self.may(permission):
            raise self.denied(what)

    def denied(self, what: str) -> PermissionDenied:
        """Return the error that says what this user may not do."""
        return PermissionDenied(f"{self.name or 'Who is not logged in'} may not {what}.")


OPERATOR = User(None, frozenset(PERMISSIONS))
"""Whoever runs a script or a command on the machine itself."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a group may do; `members` are its own, besides those whose claim names it."""

    permissions: frozenset[Permission] = frozenset()
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Permissions:
    """Who is given which permissions.

    everyone: what all who log in may do. users, groups: what is given besides, by name.
    group_claim: which claim of a user of OAuth names their groups, if one does.
    anonymous: what a person may do where nobody logs in.
    """

    everyone: frozenset[Permission] = frozenset({"add_dams"})
    users: Mapping[str, frozenset[Permission]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    group_claim: str | None = None
    anonymous: Anonymous = "add"

    def user(self, name: str | None, claims: object = None) -> User:
        """Return a person with their permissions.

        name: as they logged in; None where nobody logs in. `GUEST` may only look.
        claims: what the login's provider says about them, in whatever shape it came.
        """
        if name is None:
            return User(None, _ANONYMOUSLY[self.anonymous])
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
        """Return the groups that claims name: one in a string, or several in a list."""
        if self.group_claim is None or not isinstance(claims, Mapping):
            return set()
        claim = claims.get(self.group_claim)
        titles = claim if isinstance(claim, list | tuple) else [claim]
        return {title for title in titles if isinstance(title, str)}
