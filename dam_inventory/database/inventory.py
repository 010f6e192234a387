"""Inventory: all transactions on dams, hydrographs and the change log."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, insert

from ..domain.changes import (
    Change,
    DamAdded,
    DamEdited,
    DamRemoved,
    DamsRemoved,
    HydrographAssigned,
    HydrographEdited,
    HydrographRemoved,
)
from ..domain.dam import DamDraft
from ..domain.hydrograph import Hydrograph, HydrographHead
from ..domain.mark import Ground, Mark
from ..domain.permissions import OPERATOR, User
from ..domain.work_lists import WorkLists
from ..errors import (
    DatabaseMissing,
    DatabaseUnavailable,
    InventoryReplaced,
    PermissionDenied,
)
from ..formats import dam_blocks, dam_rows
from ..formats.mapping import Mapping as Columns
from ..snapshot.snapshot import Snapshot
from . import (
    change_log,
    comparing,
    edits,
    federal_ids,
    file_mappings,
    ground,
    hydrograph_reading,
    hydrographs,
    imports,
    queries,
    removals,
    undoing,
    work_lists,
)
from .access import Access
from .engine import revive
from .imports import Choice, Imported
from .limits import Limits
from .look import Look, Progress
from .models import DamRow
from .spooling import spooled
from .transactions import inserted_id
from .undoing import Undoing

logger = logging.getLogger(__name__)

_INSERT_DAM = insert(DamRow)

ADD_ONLY = Choice()


def _ignore(_rows: int) -> None:
    """Report no progress."""


def _never() -> bool:
    return False


@contextmanager
def _noting_refusals() -> Iterator[None]:
    """Log refused actions. They are unusual, because pages offer only what a user may do."""
    try:
        yield
    except PermissionDenied as denied:
        logger.error("Refused: %s", denied)
        raise


class Inventory(Access):
    """Reads and writes the inventory. Each method is one transaction, all or nothing.

    max_dams: the maximum number of dams, None for no limit. max_dams_per_user: the maximum
    number of dams that one logged-in user may add, None for no limit; administrators are exempt.
    seen: what the user has seen, as `Snapshot.mark`; a number without a token counts as a
    revision of this inventory.
    by: the user. Methods that change something raise, and log, PermissionDenied if the user
    does not have the permission.
    All methods raise DatabaseUnavailable when the database can't be reached, is locked by
    another writer for too long, is full, or is read-only; and DatabaseUpgraded when a newer
    version has changed its tables. Methods that change something raise InventoryReplaced when
    the user has seen another inventory, or when it was replaced while they saved. Nothing was
    changed then. All methods may be called from any thread.
    """

    def __init__(
        self, engine: Engine, max_dams: int | None = None, max_dams_per_user: int | None = None
    ) -> None:
        super().__init__(engine)
        self.limits = Limits(max_dams, max_dams_per_user)

    @_noting_refusals()
    def add(self, draft: DamDraft, by: User = OPERATOR) -> DamAdded:
        """Add one dam, and write the change to the log.

        Raises InvalidDam for a draft that breaks rules, InventoryFull at a limit.
        """
        by.require("add_dams", "add dams")
        values = draft.checked()
        name = str(values["dam_name"])
        with self.writing() as connection:
            now = _now()
            federal_ids.check(connection, values["federal_id"])
            self.limits.expect_room_for(connection, name, by)
            dam = {**values, "added_by": by.name, "added_at": now}
            dam_id = inserted_id(connection.execute(_INSERT_DAM, dam))
            return change_log.record(
                connection, DamAdded, now, by.name, dam_id=dam_id, dam_name=name
            )

    @_noting_refusals()
    def edit(
        self, dam_id: int, facts: Mapping[str, Any], seen: Mark | int, by: User = OPERATOR
    ) -> DamEdited | None:
        """Change some fields of a dam, and return the change; None if no value differs.

        facts: new values by field of DamDraft. Required fields can't be cleared.
        seen: the revision at which the user has seen the dam.
        Raises InvalidDam; UnknownDam; DamChanged when the dam was edited or removed after that
        revision.
        """
        with self.writing() as connection:
            revision = ground.check(connection, seen)
            return edits.edit(connection, dam_id, facts, revision, by, _now())

    @_noting_refusals()
    def remove(self, dam_id: int, seen: Mark | int, by: User = OPERATOR) -> DamRemoved:
        """Remove a dam with its hydrograph. For `seen` and errors see `edit`."""
        with self.writing() as connection:
            revision = ground.check(connection, seen)
            return edits.remove(connection, dam_id, revision, by, _now())

    @_noting_refusals()
    def remove_all(
        self, dam_ids: Collection[int], seen: Mark | int, by: User = OPERATOR
    ) -> DamsRemoved:
        """Remove several dams with their hydrographs, as one change.

        dam_ids: at least one, at most MAX_TOGETHER; else raises DamInventoryError.
        For `seen` and other errors see `edit`; they name the dams that can't be removed.
        """
        with self.writing() as connection:
            revision = ground.check(connection, seen)
            return removals.remove_all(connection, dam_ids, revision, by, _now())

    @_noting_refusals()
    def undo(self, seq: Mark | int, by: User = OPERATOR) -> Undoing:
        """Undo an edit, a removal, an import, or an assigned or removed hydrograph.

        Who may do so: see `User.may_undo`.

        seq: the mark of that change as the user has seen it, or only its number.
        Raises CannotUndo when a dam was changed again later, InventoryFull when there is no
        room for a dam that would be restored, in the inventory or among those of its author.
        """
        with self.writing() as connection:
            if isinstance(seq, Mark):
                seq = ground.check(connection, seq)
            return undoing.undo(connection, seq, self.limits, by, _now())

    @_noting_refusals()
    def assign_hydrograph(
        self,
        dam_id: int,
        hydrograph: Hydrograph,
        replaces: int | None = None,
        by: User = OPERATOR,
        seen: Mark | None = None,
        *,
        beside: bool = False,
    ) -> HydrographAssigned:
        """Assign a hydrograph to a dam, with its name and note.

        seen: as for `edit`, or None to skip that check. replaces: the id of the hydrograph to
        replace, None if the dam has none. beside: whether it is added to those that the dam has.
        Raises UnknownDam; DamChanged when the dam was removed; InvalidHydrograph for its name;
        HydrographExists when the dam has a hydrograph, and it is neither replaced nor `beside`.
        """
        with self.writing() as connection:
            if seen is not None:
                ground.check(connection, seen)
            return hydrographs.assign(connection, dam_id, hydrograph, replaces, beside, by, _now())

    @_noting_refusals()
    def edit_hydrograph(
        self,
        dam_id: int,
        hydrograph_id: int,
        name: str | None = None,
        is_first: bool = False,
        by: User = OPERATOR,
        seen: Mark | None = None,
    ) -> HydrographEdited | None:
        """Rename a hydrograph of a dam, or show it first; return None if that changes nothing.

        Raises the errors of `assign_hydrograph`; UnknownHydrograph when it is not there any more.
        """
        with self.writing() as connection:
            if seen is not None:
                ground.check(connection, seen)
            return hydrographs.edit(connection, dam_id, hydrograph_id, name, is_first, by, _now())

    @_noting_refusals()
    def remove_hydrograph(
        self, dam_id: int, hydrograph_id: int, by: User = OPERATOR, seen: Mark | None = None
    ) -> HydrographRemoved:
        """Remove a hydrograph of a dam; see `edit_hydrograph` for the errors."""
        with self.writing() as connection:
            if seen is not None:
                ground.check(connection, seen)
            return hydrographs.remove(connection, dam_id, hydrograph_id, by, _now())

    def hydrograph(self, dam_id: int, hydrograph_id: int | None = None) -> Hydrograph | None:
        """Return a hydrograph of a dam, by default the one that is shown first, or None.

        Raises UnknownDam; DamChanged when the dam was removed; UnknownHydrograph.
        """
        with self.reading() as connection:
            return hydrograph_reading.read(connection, dam_id, hydrograph_id)

    def hydrograph_heads(self, dam_id: int) -> list[HydrographHead]:
        """Return the hydrographs of a dam without their points: the first one, then by age.

        Raises UnknownDam; DamChanged when the dam was removed.
        """
        with self.reading() as connection:
            return hydrograph_reading.heads(connection, dam_id)

    @_noting_refusals()
    def look(
        self,
        rows: Iterable[dam_rows.DamRow | dam_rows.Refused | dam_blocks.Block],
        source: str,
        by: User = OPERATOR,
        on_progress: Progress = _ignore,
        is_cancelled: Callable[[], bool] = _never,
        taken: Collection[str] = (),
    ) -> Look:
        """Return what an import of a file would do, without changing anything.

        rows: the dams of the file. source: its name. on_progress: called with the number of rows
        read since the last call. is_cancelled: asked often; Cancelled is raised if it is true.
        taken: the headings of columns that hold a field; they are no `other_columns`.
        """
        by.require("import_dams", "import files")
        look = Look(source)
        try:
            spooled(look, rows, taken, on_progress, is_cancelled)
            with self.reading() as connection:
                comparing.compare(connection, look, is_cancelled)
        except BaseException:
            look.close()
            raise
        return look

    @_noting_refusals()
    def import_dams(
        self,
        look: Look,
        choice: Choice = ADD_ONLY,
        by: User = OPERATOR,
        on_progress: Progress = _ignore,
        is_cancelled: Callable[[], bool] = _never,
    ) -> Imported:
        """Import the dams of a file, all or nothing, as one change.

        If the inventory has changed since the look, it is compared with the file again.
        on_progress: called with the number of dams written since the last call. is_cancelled: as
        for `look`. Raises InventoryFull if not all new dams fit, InventoryReplaced.
        """
        by.require("import_dams", "import files")
        with self.writing(imports=True) as connection:
            room = self.limits.room(connection)
            return imports.import_dams(
                connection, look, choice, room, by, _now(), on_progress, is_cancelled
            )

    def mapping(self, header: Sequence[str]) -> Columns | None:
        """Return what the columns of files with a header were last taken for, or None."""
        with self.reading() as connection:
            return file_mappings.read(connection, header)

    @_noting_refusals()
    def remember_mapping(self, mapping: Columns, by: User = OPERATOR) -> None:
        """Keep what the columns of a file are taken for, for files with the same header."""
        by.require("import_dams", "import files")
        with self.writing() as connection:
            file_mappings.write(connection, mapping, by, _now())

    @_noting_refusals()
    def work_lists(self, of: User) -> WorkLists:
        """Return the work lists that a user keeps; see `User.has_lists`."""
        with self.reading() as connection:
            return work_lists.read(connection, of)

    @_noting_refusals()
    def change_work_lists(self, change: Callable[[WorkLists], WorkLists], by: User) -> WorkLists:
        """Change the work lists of a user, and return them; this is no change of the inventory.

        Raises InvalidWorkList as `change` does.
        """
        with self.writing() as connection:
            changed = change(work_lists.read(connection, by))
            work_lists.write(connection, changed, by)
            return changed

    def snapshot(self) -> Snapshot:
        """Read all dams."""
        with self.reading() as connection:
            return queries.snapshot(connection)

    def changes_since(self, seq: int) -> list[Change]:
        """Return the changes after `seq`, oldest first."""
        with self.reading() as connection:
            return change_log.since(connection, seq)

    def part_of_log(
        self, after: int, known: Ground, most: int
    ) -> tuple[list[Change], ground.Newest | None]:
        """Return at most `most` changes after a `seq`, oldest first, and the newest of the log.

        Writers commit in the order of `seq`, so none appears later between these changes.
        Raises InventoryReplaced if the log is not the known one any more.
        """
        with self.reading() as connection:
            if not ground.holds(connection, known):
                raise InventoryReplaced("The inventory was restored from a backup or replaced.")
            return change_log.since(connection, after, most=most), ground.newest(connection)

    def history(
        self, dam_id: int | None = None, before: int | None = None, most: int = 50
    ) -> list[Change]:
        """Return at most `most` changes before a `seq`, newest first: of all dams, or of one dam.

        The history of an imported dam begins with its import.
        """
        with self.reading() as connection:
            return change_log.history(connection, dam_id, before, most)

    def missed(self, seen: Mark, revision: int, most: int) -> list[Change]:
        """Return at most `most` changes after `seen`, up to a revision, oldest first.

        If there are more, return the newest ones. Raises InventoryReplaced like `edit`.
        """
        with self.reading() as connection:
            first = ground.check(connection, seen)
            found = change_log.history(connection, None, revision + 1, most)
            missed = [one for one in reversed(found) if one.seq > first]
            return change_log.with_dams(connection, missed)

    def advance(self, snapshot: Snapshot) -> tuple[Snapshot, list[Change]]:
        """Return the newest snapshot and the changes since the given one; read only changed dams.

        If the inventory was restored or replaced, the snapshot is read from scratch, has another
        epoch, and comes without changes.
        """
        try:
            return self._advance(snapshot)
        except DatabaseMissing:
            if not revive(self._engine):
                raise
            return self._advance(snapshot)

    def has(self, fact: Change) -> bool:
        """Return whether a committed change is still in the log."""
        with self.reading() as connection:
            return ground.has(connection, fact.seq, fact.at)

    def count(self) -> int:
        """Return the number of dams."""
        with self.reading() as connection:
            return queries.count(connection)

    def _advance(self, snapshot: Snapshot) -> tuple[Snapshot, list[Change]]:
        known = snapshot.ground
        with self.reading() as connection:
            if ground.holds(connection, known):
                return queries.advance(connection, snapshot)
        logger.warning("The inventory was restored or replaced. Reading it again from scratch.")
        try:
            with self.writing() as connection:
                ground.renew(connection, known)
        except DatabaseUnavailable as error:
            logger.warning("Can't mark the inventory as restored: %s", error)
        fresh = self.snapshot()
        if fresh.ground.epoch == known.epoch:
            fresh.ground = replace(fresh.ground, unmarked=known.unmarked + 1)
        return fresh, []


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
