"""Actions: the changes that a session can make to the inventory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, TypeVar

from ..database.inventory import Inventory
from ..domain.changes import Change
from ..domain.dam import DamDraft
from ..domain.hydrograph import Hydrograph
from ..domain.mark import Mark
from ..domain.permissions import User

Returned = TypeVar("Returned", covariant=True)

Write = Callable[[Inventory, User, Mark], Change | None]
"""Changes the inventory for a user whose session shows the snapshot with this mark."""


class Actions(Generic[Returned]):
    """One method for each change.

    The session shows the change before the method returns, unless the log can't be read then.
    Each raises the errors of the `Inventory` method of the same name; nothing has changed then.
    Returned: the change, or None where nothing differs; or an awaitable of these.
    """

    def add(self, draft: DamDraft) -> Returned:
        """Add a dam to the inventory, and select it."""
        return self._make(lambda inventory, user, _: inventory.add(draft, by=user))

    def edit(self, dam_id: int, facts: Mapping[str, Any], seen: Mark | int) -> Returned:
        """Change some fields of a dam that the user saw at a revision; see `Inventory.edit`."""
        return self._make(lambda inventory, user, _: inventory.edit(dam_id, facts, seen, by=user))

    def remove(self, dam_id: int) -> Returned:
        """Remove a dam, unless it has changed since the snapshot of this session."""
        return self._make(lambda inventory, user, seen: inventory.remove(dam_id, seen, by=user))

    def remove_all(self, dam_ids: Collection[int]) -> Returned:
        """Remove several dams as one change; see `Inventory.remove_all`."""
        return self._make(
            lambda inventory, user, seen: inventory.remove_all(dam_ids, seen, by=user)
        )

    def undo(self, seq: Mark | int) -> Returned:
        """Undo an edit, a removal, an import or a change of a hydrograph; see `Inventory.undo`."""
        return self._make(lambda inventory, user, _: inventory.undo(seq, by=user))

    def assign_hydrograph(
        self,
        dam_id: int,
        hydrograph: Hydrograph,
        replaces: int | None = None,
        *,
        beside: bool = False,
    ) -> Returned:
        """Assign a hydrograph to a dam; see `Inventory.assign_hydrograph`."""
        return self._make(
            lambda inventory, user, seen: inventory.assign_hydrograph(
                dam_id, hydrograph, replaces, by=user, seen=seen, beside=beside
            )
        )

    def edit_hydrograph(
        self, dam_id: int, hydrograph_id: int, name: str | None = None, is_first: bool = False
    ) -> Returned:
        """Rename a hydrograph of a dam, or show it first; see `Inventory.edit_hydrograph`."""
        return self._make(
            lambda inventory, user, seen: inventory.edit_hydrograph(
                dam_id, hydrograph_id, name, is_first, by=user, seen=seen
            )
        )

    def remove_hydrograph(self, dam_id: int, hydrograph_id: int) -> Returned:
        """Remove a hydrograph of a dam; see `Inventory.remove_hydrograph`."""
        return self._make(
            lambda inventory, user, seen: inventory.remove_hydrograph(
                dam_id, hydrograph_id, by=user, seen=seen
            )
        )

    def _make(self, write: Write) -> Returned:
        raise NotImplementedError


class Later(Actions[Returned]):
    """The same actions, each made by a function that is given its `Write`."""

    def __init__(self, make: Callable[[Write], Returned]) -> None:
        self._given = make

    def _make(self, write: Write) -> Returned:
        return self._given(write)
