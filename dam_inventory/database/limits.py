"""Limits: how many dams the inventory may have, and each user may add."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import Connection

from ..domain.changes import Change, Restoration, dam_ids
from ..domain.messages import dams
from ..domain.permissions import User
from ..errors import InventoryFull
from . import queries


@dataclass
class Limits:
    """Refuses, within the transaction of a change, what would be too much.

    max_dams, max_dams_per_user: as for `Inventory`.
    """

    max_dams: int | None = None
    max_dams_per_user: int | None = None

    def room(self, connection: Connection) -> int | None:
        """Return how many more dams fit into the inventory, None for no limit."""
        return None if self.max_dams is None else self.max_dams - queries.count(connection)

    def room_of(self, connection: Connection, by: User) -> float:
        """Return how many more dams a user may add."""
        most = self.max_dams_per_user
        if most is None or by.name is None or by.may("administer"):
            return math.inf
        return most - queries.count(connection, added_by=by.name)

    def expect_room_for(self, connection: Connection, dam_name: str, by: User) -> None:
        """Raise InventoryFull unless a user may add one more dam."""
        room = self.room(connection)
        if room is not None and room <= 0:
            raise InventoryFull(f'Unable to add dam "{dam_name}", because the inventory is full.')
        if self.room_of(connection, by) <= 0:
            raise self._reached()

    def check_undone(
        self, connection: Connection, change: Change, what: str, by: User, before: float
    ) -> None:
        """Raise InventoryFull when a change, which undoes another, has brought back too many dams.

        what: these dams, in words. before: `room_of` the user before that change.
        """
        is_back = isinstance(change, Restoration)
        room = self.room(connection) if is_back else None
        if room is not None and room < 0:
            raise InventoryFull(f"Unable to restore {what}, because the inventory is full.")
        # Who is over a limit that was lowered may still undo what brings back none of theirs.
        left = self.room_of(connection, by)
        if left < 0 and left < before:
            raise self._reached()
        if is_back:
            self._expect_room_of_others(connection, change, by)

    def _expect_room_of_others(self, connection: Connection, back: Change, by: User) -> None:
        """Refuse to restore dams with which another person has more than they may have."""
        most = self.max_dams_per_user
        if most is None:
            return
        for author, restored in queries.authors(connection, dam_ids(back)).items():
            present = queries.count(connection, added_by=author)
            # Who has had more before is an administrator, or the limit was lowered.
            if author != by.name and present - restored <= most < present:
                raise InventoryFull(
                    f"Unable to restore {dams(restored)} of {author}, who has reached the limit "
                    f"of {dams(most)}."
                )

    def _reached(self) -> InventoryFull:
        limit = dams(self.max_dams_per_user or 0)
        return InventoryFull(f"You have reached your limit of {limit}. Remove one to add another.")
