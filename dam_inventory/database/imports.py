"""Imports the dams of a file, within a transaction that holds the writer's lock."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from ..domain.changes import DamsImported
from ..domain.dam import OTHER_FACTS
from ..domain.fields import FIELD
from ..domain.permissions import User
from ..errors import InventoryFull
from . import change_log, ground, imported_edits
from .comparing import compare
from .edits import name_of
from .imported_edits import ImportedEdit
from .look import OUTCOMES, Look, Progress, check
from .models import DamRow

_DAMS = DamRow.__table__
_PLACE = frozenset({"latitude", "longitude"})

ALL_FIELDS = frozenset((*FIELD, OTHER_FACTS))
"""Every field that an import can update."""

_CANCELLED = "Nothing was imported."


@dataclass(frozen=True, slots=True)
class Choice:
    """What an import does with dams that are known.

    update: the fields that get the values of the file; none: only new dams are added.
    overwrite_edited: whether that includes values that somebody has edited here since the last
    import. accept_weak: whether dams that are known on weak evidence are updated, too.
    bring_back: whether dams that were removed from the inventory are restored.
    """

    update: frozenset[str] = frozenset()
    overwrite_edited: bool = False
    accept_weak: bool = True
    bring_back: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import.

    added: dams that were not in the inventory. updated: known dams with new values. known: rows
    whose dams the inventory already has, updated or not. without_place: added dams without a
    location. refused: the names of known dams that the user may not change.
    change: the change in the log, None if nothing was changed.
    """

    added: int
    updated: int
    known: int
    without_place: int
    refused: Sequence[str]
    change: DamsImported | None


def import_dams(
    connection: Connection,
    look: Look,
    choice: Choice,
    room: int | None,
    by: User,
    now: dt.datetime,
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
) -> Imported:
    """Import the dams of a look, as one change.

    room: how many dams the inventory can still take; None for no limit.
    Raises InventoryFull if not all of them fit, InventoryReplaced, Cancelled.
    """
    if ground.check(connection, look.mark) < ground.last_seq(connection):
        compare(connection, look, is_cancelled)  # The inventory has changed since.
    back = look.counts["removed"] if choice.bring_back else 0
    if room is not None and look.counts["new"] + back > room:
        raise InventoryFull(
            f"Unable to import {look.counts['new'] + back:,} dams from {look.source}, because "
            f"the inventory has room for only {max(0, room):,} more."
        )

    def done(rows: int) -> None:
        on_progress(rows)
        check(is_cancelled, _CANCELLED)

    first, last = _insert(connection, look, by, now, done)
    added = last - first + 1
    restored, updated, refused = 0, 0, []
    for some, denied in _edits(connection, look, choice, by, now):
        imported_edits.apply(connection, some, imported_edits.PENDING)
        restored += sum("removed_at" in one.new for one in some)
        updated += sum("removed_at" not in one.new for one in some)
        refused += denied
        done(len(some) + len(denied))
    change = None
    if added or restored or updated:
        change = change_log.record(
            connection,
            DamsImported,
            now,
            by.name,
            first_id=first,
            last_id=last,
            count=added + restored,
            source=look.source,
            updated=updated,
        )
        imported_edits.name(connection, change.seq)
    without_place = look.spool.read(
        "SELECT count(*) FROM found JOIN rows USING (place) "
        "WHERE outcome = 'new' AND latitude IS NULL"
    )[0][0]
    rows = sum(look.counts[one] for one in OUTCOMES if one not in ("refused", "unread"))
    known = rows - added - restored
    return Imported(added + restored, updated, known, without_place, refused, change)


def _insert(
    connection: Connection, look: Look, by: User, now: dt.datetime, done: Callable[[int], None]
) -> tuple[int, int]:
    """Insert the dams that the table lacks; return the first and the last of their ids."""
    last_before = connection.execute(select(func.max(DamRow.id))).scalar() or 0
    statement, rows_of = _prepared(connection, sorted(look.fields), by, now)
    new = "SELECT place FROM found WHERE outcome = 'new' AND dam_id IS NULL"
    for kept, places in look.spool.blocks(new):
        positions = [place - kept.first for (place,) in places]
        connection.exec_driver_sql(statement, rows_of(kept.columns, positions))
        done(len(places))
    ids = select(func.min(DamRow.id), func.max(DamRow.id)).where(DamRow.id > last_before)
    first, last = connection.execute(ids).one()
    return (first, last) if first is not None else (last_before + 1, last_before)


def _prepared(
    connection: Connection, columns: Sequence[str], by: User, now: dt.datetime
) -> tuple[str, Callable[[Mapping[str, Sequence[Any]], Sequence[int]], list[Any]]]:
    """Return an INSERT of some columns, and what makes the rows for it of dams of a block.

    SQLAlchemy would take longer to convert the values than the database to store them.
    """
    dialect = connection.dialect
    names = [*columns, "added_by", "added_at"]
    compiled = insert(DamRow).compile(dialect=dialect, column_keys=names)
    as_stored = _DAMS.c.added_at.type.dialect_impl(dialect).bind_processor(dialect)
    constants = {"added_by": by.name, "added_at": as_stored(now) if as_stored else now}
    order = compiled.positiontup

    def rows_of(block: Mapping[str, Sequence[Any]], positions: Sequence[int]) -> list[Any]:
        values = (block.get(name) or repeat(constants.get(name)) for name in order or names)
        count = max(map(len, block.values()))
        rows = [*islice(zip(*values, strict=False), count)]
        if len(positions) < count:
            rows = [rows[position] for position in positions]
        return rows if order else [dict(zip(names, row, strict=True)) for row in rows]

    return str(compiled), rows_of


def _edits(
    connection: Connection, look: Look, choice: Choice, by: User, now: dt.datetime
) -> Iterator[tuple[list[ImportedEdit], list[str]]]:
    """Yield what changes in dams that the table has, and the names of those that may not change."""
    fields = choice.update
    if not fields.isdisjoint(_PLACE):
        fields |= _PLACE
    rows = look.spool.stream(
        "SELECT dam_id, outcome, place, differences FROM found "
        "WHERE dam_id IS NOT NULL AND (outcome = 'new' OR (outcome = 'removed' AND ?) "
        "OR (differences IS NOT NULL AND ? AND outcome IN ('changed', ?))) ORDER BY place",
        choice.bring_back,
        bool(choice.update),
        "weak" if choice.accept_weak else "changed",
    )
    for some in rows:
        query = select(_DAMS).where(DamRow.id.in_([row[0] for row in some]))
        dams = {dam["id"]: dam for dam in connection.execute(query).mappings()}
        edits, denied = [], []
        for dam_id, outcome, place, differences in some:
            dam = dams[dam_id]
            if outcome == "new":
                new = _again(look.spool.dam(place), by, now)
            else:
                new = _wanted(dam, json.loads(differences or "{}"), fields, choice)
                if outcome == "removed":
                    new["removed_at"] = None
                if new and not by.may_change(dam["added_by"]):
                    denied.append(name_of(dam))
                    continue
            if new := {column: value for column, value in new.items() if dam[column] != value}:
                edits.append(ImportedEdit(dam, new))
        yield edits, denied


def _again(values: Mapping[str, Any], by: User, now: dt.datetime) -> dict[str, Any]:
    """Return all columns of a dam that comes again after its import was undone."""
    unknown = dict.fromkeys(ALL_FIELDS)
    if others := values.get(OTHER_FACTS):
        values = {**values, OTHER_FACTS: json.loads(others)}
    return {**unknown, **values, "removed_at": None, "added_by": by.name, "added_at": now}


def _wanted(
    dam: RowMapping,
    differences: Mapping[str, tuple[Any, Any, bool]],
    fields: frozenset[str],
    choice: Choice,
) -> dict[str, Any]:
    """Return the new values that the user has chosen."""
    new = {
        field: value
        for field, (_, value, is_edited) in differences.items()
        if field in fields and (choice.overwrite_edited or not is_edited)
    }
    if OTHER_FACTS in new:
        new[OTHER_FACTS] = {**(dam[OTHER_FACTS] or {}), **new[OTHER_FACTS]}
    return new
