"""Inventory: every transaction on the dams, their hydrographs, and the log of their changes."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from . import assigning, editing, importing, log, reading
from .changes import DamAdded, DamEdited, DamRemoved, DamRestored, Fact, HydrographAssigned
from .database import BUSY_TIMEOUT, inserted_id, is_upgraded, writing
from .draft import DamDraft, Value
from .errors import DatabaseUnavailable, DatabaseUpgraded, InventoryFull, PermissionDenied
from .hydrographs import Hydrograph
from .importing import Imported
from .models import Dam
from .permissions import OPERATOR, User
from .snapshot import Snapshot

logger = logging.getLogger(__name__)

_INSERT_DAM = insert(Dam)
_BUSY = "The database is busy: too many are waiting for it. Nothing was changed."
_UPGRADED = (
    "A newer version of the Dam Inventory has upgraded the database. Nothing was changed. "
    "Restart this server with the newer version."
)


@contextmanager
def _noting_refusals() -> Iterator[None]:
    """Log who tried what they may not: pages offer nobody more than they may do."""
    try:
        yield
    except PermissionDenied as denied:
        logger.error("Refused: %s", denied)
        raise


class Inventory:
    """Reads and writes the inventory; each method is one transaction, all or nothing.

    max_dams: how many dams it may hold, None for any number. max_dams_per_user: how many of
    them one user who has logged in may have added, but for administrators.
    by: who acts. Methods that change something raise PermissionDenied, and log it, when they
    may not.
    Every method raises DatabaseUnavailable when the database can't be reached, is locked by
    another writer for too long, full or read-only, and DatabaseUpgraded when a newer version has
    changed its tables. All may be called from any thread.
    """

    def __init__(
        self, engine: Engine, max_dams: int | None = None, max_dams_per_user: int | None = None
    ) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self._turn = threading.Lock()
        self.max_dams = max_dams
        self.max_dams_per_user = max_dams_per_user

    @_noting_refusals()
    def add(self, draft: DamDraft, by: User = OPERATOR) -> DamAdded:
        """Add one dam and its change.

        Raises InvalidDam for a draft that breaks rules, InventoryFull at a limit.
        """
        by.require("add_dams", "add dams")
        values = draft.checked()
        now = _now()
        name = str(values["dam_name"])
        with self._change() as connection:
            if self.max_dams is not None and reading.count(connection) >= self.max_dams:
                raise InventoryFull(f'Unable to add dam "{name}", because the inventory is full.')
            self._check_quota(connection, by)
            dam = {**values, "added_by": by.name, "added_at": now}
            dam_id = inserted_id(connection.execute(_INSERT_DAM, dam))
            return log.record(connection, DamAdded, now, by.name, dam_id=dam_id, dam_name=name)

    @_noting_refusals()
    def edit(
        self, dam_id: int, facts: Mapping[str, Any], seen: int, by: User = OPERATOR
    ) -> DamEdited | None:
        """Change some fields of a dam, and return the change; None when nothing differs.

        facts: new values by field of DamDraft. What a draft requires must stay known.
        seen: the revision at which the editor has seen the dam.
        Raises InvalidDam, UnknownDam, and DamChanged when somebody has edited or removed the dam
        after that revision.
        """
        with self._change() as connection:
            return editing.edit(connection, dam_id, facts, seen, by, _now())

    @_noting_refusals()
    def remove(self, dam_id: int, seen: int, by: User = OPERATOR) -> DamRemoved:
        """Remove a dam with its hydrograph; `seen` and errors as for `edit`."""
        with self._change() as connection:
            return editing.remove(connection, dam_id, seen, by, _now())

    @_noting_refusals()
    def undo(self, seq: int, by: User = OPERATOR) -> DamEdited | DamRestored:
        """Take back an edit or a removal: what administrators may.

        Raises CannotUndo when something else has been made of the dam since, InventoryFull when
        there is no room for a dam that would come back.
        """
        by.require("administer", "undo changes")
        with self._change() as connection:
            change = editing.undo(connection, seq, by, _now())
            is_back = isinstance(change, DamRestored)
            if is_back and self.max_dams is not None and reading.count(connection) > self.max_dams:
                raise InventoryFull(
                    f'Unable to restore dam "{change.dam_name}", because the inventory is full.'
                )
            return change

    @_noting_refusals()
    def assign_hydrograph(
        self,
        dam_id: int,
        hydrograph: Hydrograph,
        replaces: int | None = None,
        by: User = OPERATOR,
    ) -> HydrographAssigned:
        """Give a dam its hydrograph.

        replaces: the id of the hydrograph that the dam has and will lose, None for none.
        Raises UnknownDam, DamChanged when the dam was removed, HydrographExists when it has
        another hydrograph than the one that may be replaced.
        """
        with self._change() as connection:
            return assigning.assign(connection, dam_id, hydrograph, replaces, by, _now())

    def hydrograph(self, dam_id: int) -> Hydrograph | None:
        """Return the hydrograph that a dam has now, or None.

        Raises UnknownDam, DamChanged when the dam was removed.
        """
        with self._transaction(self._engine) as connection:
            return assigning.read(connection, dam_id)

    @_noting_refusals()
    def import_dams(
        self, dams: Sequence[Mapping[str, Value]], source: str, by: User = OPERATOR
    ) -> Imported:
        """Add the dams of a file that are not known yet, as one change.

        dams: columns as `DamDraft.checked_facts` returns them.
        source: the file's name, for the log.
        A dam is known when its federal ID, or without one its NID ID, other structure ID, name
        and place together, are in the inventory. Raises InventoryFull when not all of them fit.
        """
        by.require("import_dams", "import files")
        with self._change() as connection:
            room = None if self.max_dams is None else self.max_dams - reading.count(connection)
            return importing.import_dams(connection, dams, source, room, by, _now())

    def snapshot(self) -> Snapshot:
        """Read all dams."""
        with self._transaction(self._engine) as connection:
            return reading.snapshot(connection)

    def changes_between(self, seen: int, revision: int, most: int) -> list[Fact]:
        """Return at most so many changes after `seen` and up to `revision`, oldest first."""
        with self._transaction(self._engine) as connection:
            return log.since(connection, seen, upto=revision, most=most)

    def changes_since(self, seq: int) -> list[Fact]:
        """Return the changes after `seq`, oldest first."""
        with self._transaction(self._engine) as connection:
            return log.since(connection, seq)

    def history(
        self, dam_id: int | None = None, before: int | None = None, most: int = 50
    ) -> list[Fact]:
        """Return at most so many changes, newest first: of one dam or of all, before a `seq`.

        The history of a dam that came with a file begins with that import.
        """
        with self._transaction(self._engine) as connection:
            return log.history(connection, dam_id, before, most)

    def advance(self, snapshot: Snapshot) -> tuple[Snapshot, list[Fact]]:
        """Return the newest snapshot and the changes that led to it, reading only what is new."""
        with self._transaction(self._engine) as connection:
            return reading.advance(connection, snapshot)

    def count(self) -> int:
        """Return how many dams there are."""
        with self._transaction(self._engine) as connection:
            return reading.count(connection)

    @contextmanager
    def _change(self) -> Iterator[Connection]:
        # One writer at a time asks the database for its lock: those who wait there keep their
        # connections, and soon there would be none left for who only reads.
        if not self._turn.acquire(timeout=BUSY_TIMEOUT / 1000):
            raise DatabaseUnavailable(_BUSY)
        try:
            with self._transaction(self._writing) as connection:
                yield connection
        finally:
            self._turn.release()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            if is_upgraded(self._engine):
                raise DatabaseUpgraded(_UPGRADED) from error
            raise DatabaseUnavailable(
                f"The database did not take part: {error.orig}. Nothing was changed."
            ) from error
        except NoConnectionLeft as error:
            raise DatabaseUnavailable(_BUSY) from error

    def _check_quota(self, connection: Connection, by: User) -> None:
        most = self.max_dams_per_user
        if most is None or by.name is None or by.may("administer"):
            return
        if reading.count(connection, added_by=by.name) >= most:
            dams = "dam" if most == 1 else "dams"
            raise InventoryFull(
                f"You have reached your limit of {most:,} {dams}. Remove one to add another."
            )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
