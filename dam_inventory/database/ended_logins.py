"""Reads and writes which logins were ended before they expire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete, insert, select

from .inventory import Inventory
from .models import EndedLoginRow
from .tokens import utc_now

_IDS = select(EndedLoginRow.login_id)


class EndedLogins:
    """The logins that were ended, for all processes that share the database.

    Each method is one transaction, and raises DatabaseUnavailable.
    """

    def __init__(self, inventory: Inventory, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._inventory = inventory
        self._now = now

    def end(self, login_id: str, expires_at: dt.datetime) -> None:
        """Keep that a login has ended, until it expires; forget those that have expired."""
        with self._inventory.writing() as connection:
            is_past = EndedLoginRow.expires_at < self._now()
            connection.execute(delete(EndedLoginRow).where(is_past))
            if connection.execute(_IDS.where(EndedLoginRow.login_id == login_id)).first() is None:
                row = {"login_id": login_id, "expires_at": expires_at}
                connection.execute(insert(EndedLoginRow), row)

    def all(self) -> frozenset[str]:
        """Return the ids of the logins that have ended."""
        with self._inventory.reading() as connection:
            return frozenset(connection.execute(_IDS).scalars())
