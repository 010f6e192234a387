"""Inventory: every transaction on the dams, their hydrographs, and the log of their changes."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from ..domain.changes import (
    Change,
    DamAdded,
    DamEdited,
    DamRemoved,
    DamRestored,
    HydrographAssigned,
)
from ..domain.dam import DamDraft, Value
from ..domain.hydrograph import Hydrograph
from ..domain.mark import Mark
from ..domain.permissions import OPERATOR, User
from ..errors import (
    DatabaseMissing,
    DatabaseUnavailable,
    DatabaseUpgraded,
    InventoryFull,
    InventoryReplaced,
    PermissionDenied,
)
from ..snapshot.snapshot import Snapshot
from . import change_log, edits, ground, hydrographs, imports, queries, sqlite
from .engine import BUSY_TIMEOUT, has_no_table, inserted_id, is_upgraded, revive, writing
from .imports import Imported
from .models import DamRow

logger = logging.getLogger(__name__)

_INSERT_DAM = insert(DamRow)
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
    seen: what its user has seen, as `Snapshot.mark`; a number alone is taken for a revision of
    this inventory.
    by: who acts. Methods that change something raise PermissionDenied, and log it, when they
    may not.
    Every method raises DatabaseUnavailable when the database can't be reached, is locked by
    another writer for too long, full or read-only, DatabaseUpgraded when a newer version has
    changed its tables, and those that change something InventoryReplaced when the inventory is
    not the one that was seen, or was replaced while they saved: then nothing was changed. All may
    be called from any thread.
    """

    def __init__(
        self, engine: Engine, max_dams: int | None = None, max_dams_per_user: int | None = None
    ) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self._file = sqlite.path_of(engine.url) if engine.name == "sqlite" else None
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
            if self.max_dams is not None and queries.count(connection) >= self.max_dams:
                raise InventoryFull(f'Unable to add dam "{name}", because the inventory is full.')
            self._check_quota(connection, by)
            dam = {**values, "added_by": by.name, "added_at": now}
            dam_id = inserted_id(connection.execute(_INSERT_DAM, dam))
            return change_log.record(
                connection, DamAdded, now, by.name, dam_id=dam_id, dam_name=name
            )

    @_noting_refusals()
    def edit(
        self, dam_id: int, facts: Mapping[str, Any], seen: Mark | int, by: User = OPERATOR
    ) -> DamEdited | None:
        """Change some fields of a dam, and return the change; None when nothing differs.

        facts: new values by field of DamDraft. What a draft requires must stay known.
        seen: the revision at which the editor has seen the dam.
        Raises InvalidDam, UnknownDam, and DamChanged when somebody has edited or removed the dam
        after that revision.
        """
        with self._change() as connection:
            revision = ground.check(connection, seen)
            return edits.edit(connection, dam_id, facts, revision, by, _now())

    @_noting_refusals()
    def remove(self, dam_id: int, seen: Mark | int, by: User = OPERATOR) -> DamRemoved:
        """Remove a dam with its hydrograph; `seen` and errors as for `edit`."""
        with self._change() as connection:
            revision = ground.check(connection, seen)
            return edits.remove(connection, dam_id, revision, by, _now())

    @_noting_refusals()
    def undo(self, seq: Mark | int, by: User = OPERATOR) -> DamEdited | DamRestored:
        """Take back an edit or a removal: what administrators may.

        seq: the mark of that change as it was seen, or only its number.
        Raises CannotUndo when something else has been made of the dam since, InventoryFull when
        there is no room for a dam that would come back.
        """
        by.require("administer", "undo changes")
        with self._change() as connection:
            if isinstance(seq, Mark):
                seq = ground.check(connection, seq)
            change = edits.undo(connection, seq, by, _now())
            is_back = isinstance(change, DamRestored)
            if is_back and self.max_dams is not None and queries.count(connection) > self.max_dams:
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
        seen: Mark | None = None,
    ) -> HydrographAssigned:
        """Give a dam its hydrograph.

        seen: where given, as for `edit`. replaces: the id of the hydrograph that the dam has and
        will lose, None for none.
        Raises UnknownDam, DamChanged when the dam was removed, HydrographExists when it has
        another hydrograph than the one that may be replaced.
        """
        with self._change() as connection:
            if seen is not None:
                ground.check(connection, seen)
            return hydrographs.assign(connection, dam_id, hydrograph, replaces, by, _now())

    def hydrograph(self, dam_id: int) -> Hydrograph | None:
        """Return the hydrograph that a dam has now, or None.

        Raises UnknownDam, DamChanged when the dam was removed.
        """
        with self._transaction(self._engine) as connection:
            return hydrographs.read(connection, dam_id)

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
            room = None if self.max_dams is None else self.max_dams - queries.count(connection)
            return imports.import_dams(connection, dams, source, room, by, _now())

    def snapshot(self) -> Snapshot:
        """Read all dams."""
        with self._transaction(self._engine) as connection:
            return queries.snapshot(connection)

    def changes_since(self, seq: int) -> list[Change]:
        """Return the changes after `seq`, oldest first."""
        with self._transaction(self._engine) as connection:
            return change_log.since(connection, seq)

    def history(
        self, dam_id: int | None = None, before: int | None = None, most: int = 50
    ) -> list[Change]:
        """Return at most so many changes, newest first: of one dam or of all, before a `seq`.

        The history of a dam that came with a file begins with that import.
        """
        with self._transaction(self._engine) as connection:
            return change_log.history(connection, dam_id, before, most)

    def missed(self, seen: Mark, revision: int, most: int) -> list[Change]:
        """Return at most so many changes after what was seen, up to a revision, oldest first.

        The newest ones, where there are more. Raises InventoryReplaced like `edit`.
        """
        with self._transaction(self._engine) as connection:
            first = ground.check(connection, seen)
            found = change_log.history(connection, None, revision + 1, most)
            return [one for one in reversed(found) if one.seq > first]

    def advance(self, snapshot: Snapshot) -> tuple[Snapshot, list[Change]]:
        """Return the newest snapshot and the changes that led to it, reading only what is new.

        When the inventory was restored or replaced, the snapshot is read from scratch, has another
        epoch, and comes without changes.
        """
        try:
            return self._advance(snapshot)
        except DatabaseMissing:
            if not revive(self._engine):
                raise
            return self._advance(snapshot)

    def has(self, fact: Change) -> bool:
        """Return whether a change that was committed is still there."""
        with self._transaction(self._engine) as connection:
            return ground.has(connection, fact.seq, fact.at)

    def count(self) -> int:
        """Return how many dams there are."""
        with self._transaction(self._engine) as connection:
            return queries.count(connection)

    def _advance(self, snapshot: Snapshot) -> tuple[Snapshot, list[Change]]:
        known = snapshot.ground
        with self._transaction(self._engine) as connection:
            if ground.holds(connection, known):
                return queries.advance(connection, snapshot)
        logger.warning("The inventory was restored or replaced. It is read again from scratch.")
        try:
            with self._change() as connection:
                ground.renew(connection, known)
        except DatabaseUnavailable as error:
            logger.warning("What is stored can't be marked as restored: %s", error)
        fresh = self.snapshot()
        if fresh.ground.epoch == known.epoch:
            fresh.ground = replace(fresh.ground, unmarked=known.unmarked + 1)
        return fresh, []

    @contextmanager
    def _change(self) -> Iterator[Connection]:
        # One writer at a time asks the database for its lock: those who wait there keep their
        # connections, and soon there would be none left for who only reads.
        if not self._turn.acquire(timeout=BUSY_TIMEOUT / 1000):
            raise DatabaseUnavailable(_BUSY)
        try:
            with self._transaction(self._writing) as connection:
                yield connection
                info, last = connection.info, ground.newest(connection) if self._file else None
            if self._file and sqlite.identity_of(info) != sqlite.identity(self._file):
                self._look_for(last)
        finally:
            self._turn.release()

    def _look_for(self, last: ground.Newest | None) -> None:
        """Raise InventoryReplaced unless a change is in the file that has the name now."""
        if last is None:
            return
        with suppress(DatabaseUnavailable), self._transaction(self._engine) as connection:
            if ground.has(connection, *last):
                return
        raise InventoryReplaced(
            "The database file was replaced or removed while your change was saved. It is not in "
            "the file that is there now. Make it again when this page shows that."
        )

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.connect() as connection:
                with connection.begin():
                    yield connection
                if self._file and engine is self._writing:
                    sqlite.settle(connection)
        except DBAPIError as error:
            if is_upgraded(self._engine):
                raise DatabaseUpgraded(_UPGRADED) from error
            kind = DatabaseMissing if has_no_table(error) else DatabaseUnavailable
            raise kind(
                f"The database did not take part: {error.orig}. Nothing was changed."
            ) from error
        except NoConnectionLeft as error:
            raise DatabaseUnavailable(_BUSY) from error

    def _check_quota(self, connection: Connection, by: User) -> None:
        most = self.max_dams_per_user
        if most is None or by.name is None or by.may("administer"):
            return
        if queries.count(connection, added_by=by.name) >= most:
            dams = "dam" if most == 1 else "dams"
            raise InventoryFull(
                f"You have reached your limit of {most:,} {dams}. Remove one to add another."
            )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
