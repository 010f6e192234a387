"""KeptLists: the work lists of the person at a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import param

from ..database.inventory import Inventory
from ..domain.permissions import User
from ..domain.work_lists import WorkLists
from ..errors import DamInventoryError
from .answers import Answer

Change = Callable[[WorkLists], WorkLists]
Do = Callable[[Callable[[], Any], Callable[[Any], None]], None]
"""Does work in a worker, and calls the second function in the session with its outcome."""


class KeptLists(param.Parameterized):
    """The lists of a user, in the inventory; for a person without a login, in their browser.

    read, write: do work on the database.
    """

    lists: WorkLists = param.ClassSelector(class_=WorkLists, default=WorkLists(), instantiate=False)

    def __init__(self, inventory: Inventory, user: User, read: Do, write: Do) -> None:
        self._inventory = inventory
        self._user = user
        self._read = read
        self._write = write
        super().__init__()

    @property
    def is_in_inventory(self) -> bool:
        """Whether the inventory keeps the lists. Otherwise a page must; see `restore`."""
        return self._user.has_lists

    def load(self) -> None:
        """Read the lists in the inventory, if it keeps them; another page may have changed them."""
        if self.is_in_inventory:
            self._read(partial(self._inventory.work_lists, self._user), self._on_read)

    async def change(self, change: Change) -> None:
        """Change the lists and keep them; raise InvalidWorkList as `change` does."""
        if not self.is_in_inventory:
            self.lists = change(self.lists)
            return
        work = partial(self._inventory.change_work_lists, change, self._user)
        self.lists = await Answer[WorkLists](partial(self._write, work))

    def restore(self, kept: object) -> None:
        """Take what a browser has kept, whatever it is, unless the inventory keeps the lists."""
        if not self.is_in_inventory:
            self.lists = WorkLists.read(kept)

    def _on_read(self, outcome: WorkLists | DamInventoryError) -> None:
        # Without a database, the page says so, and the lists come with the first change.
        if isinstance(outcome, WorkLists):
            self.lists = outcome
