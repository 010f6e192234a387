"""Inventory: every transaction on the dams and on the log of their changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Result, Row, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from .changes import DamAdded, DamsImported, Fact, fact
from .database import inserted_id, writing
from .draft import DamDraft, Value
from .errors import DatabaseUnavailable, InventoryFull
from .models import Change, Dam
from .snapshot import Snapshot

_DAMS = Dam.__table__
_CHANGES = Change.__table__
_INSERT_DAM = insert(Dam)
_INSERT_CHANGE = insert(Change)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: dams added, rows already known, dams added without a place."""

    added: int
    known: int
    without_place: int
    change: DamsImported | None


class Inventory:
    """Reads and writes the inventory; each method is one transaction, all or nothing.

    max_dams: how many dams it may hold, None for any number.
    Every method raises DatabaseUnavailable when the database can't be reached, is locked by
    another writer for too long, full or read-only. All may be called from any thread.
    """

    def __init__(self, engine: Engine, max_dams: int | None = None) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self.max_dams = max_dams

    def add(self, draft: DamDraft, by: str | None = None) -> DamAdded:
        """Add one dam and its change.

        Raises InvalidDam for a draft that breaks rules, InventoryFull at `max_dams`.
        """
        values = draft.checked()
        now = dt.datetime.now(dt.UTC)
        name = str(values["dam_name"])
        with self._transaction(self._writing) as connection:
            if self.max_dams is not None and self._count(connection) >= self.max_dams:
                raise InventoryFull(f'Unable to add dam "{name}", because the inventory is full.')
            dam = {**values, "added_by": by, "added_at": now}
            dam_id = inserted_id(connection.execute(_INSERT_DAM, dam))
            seq = self._log(connection, now, by, "DamAdded", dam_id=dam_id, dam_name=name)
        return DamAdded(seq, now, by, dam_id, name)

    def import_dams(
        self, dams: Sequence[Mapping[str, Value]], source: str, by: str | None = None
    ) -> Imported:
        """Add the dams of a file that are not known yet, as one change.

        dams: columns as `DamDraft.checked_facts` returns them.
        source: the file's name, for the log.
        A dam is known when its federal ID, or without one its NID ID, other structure ID, name
        and place together, are in the inventory. Raises InventoryFull when not all of them fit.
        """
        now = dt.datetime.now(dt.UTC)
        with self._transaction(self._writing) as connection:
            new = self._unknown(connection, dams)
            known = len(dams) - len(new)
            if not new:
                return Imported(0, known, 0, None)
            room = None if self.max_dams is None else self.max_dams - self._count(connection)
            if room is not None and len(new) > room:
                raise InventoryFull(
                    f"Unable to import {len(new):,} dams from {source}, because the inventory "
                    f"has room for {max(0, room):,} more."
                )
            last_before = connection.execute(select(func.max(Dam.id))).scalar() or 0
            connection.execute(
                _INSERT_DAM, [{**dam, "added_by": by, "added_at": now} for dam in new]
            )
            first, last = connection.execute(
                select(func.min(Dam.id), func.max(Dam.id)).where(Dam.id > last_before)
            ).one()
            details: dict[str, Any] = {
                "first_id": first,
                "last_id": last,
                "count": len(new),
                "source": source,
            }
            seq = self._log(connection, now, by, "DamsImported", details=details)
        change = DamsImported(seq, now, by, **details)
        return Imported(len(new), known, sum(dam["latitude"] is None for dam in new), change)

    def snapshot(self) -> Snapshot:
        """Read all dams."""
        with self._transaction(self._engine) as connection:
            revision = connection.execute(select(func.max(Change.seq))).scalar() or 0
            rows = _fetched(connection.execute(select(_DAMS).order_by(Dam.id)))
        return Snapshot.of(rows, revision)

    def changes_since(self, seq: int) -> list[Fact]:
        """Return the changes after `seq`, oldest first."""
        with self._transaction(self._engine) as connection:
            return self._changes_since(connection, seq)

    def advance(self, snapshot: Snapshot) -> tuple[Snapshot, list[Fact]]:
        """Return the newest snapshot and the changes that led to it, reading only what is new."""
        with self._transaction(self._engine) as connection:
            news = self._changes_since(connection, snapshot.revision)
            if not news:
                return snapshot, news
            ids = [_ids(one) for one in news]
            query = select(_DAMS).where(Dam.id.between(ids[0][0], ids[-1][1])).order_by(Dam.id)
            rows = _fetched(connection.execute(query))
        return snapshot.advance(rows, news[-1].seq), news

    def count(self) -> int:
        """Return how many dams there are."""
        with self._transaction(self._engine) as connection:
            return self._count(connection)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise DatabaseUnavailable(
                f"The database did not take part: {error.orig}. Nothing was changed."
            ) from error
        except NoConnectionLeft as error:
            raise DatabaseUnavailable(
                "The database is busy: too many are waiting for it. Nothing was changed."
            ) from error

    @staticmethod
    def _count(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(_DAMS)).scalar_one()

    @staticmethod
    def _changes_since(connection: Connection, seq: int) -> list[Fact]:
        query = select(_CHANGES).where(Change.seq > seq).order_by(Change.seq)
        return [fact(row) for row in connection.execute(query).mappings()]

    @staticmethod
    def _log(
        connection: Connection,
        at: dt.datetime,
        by: str | None,
        kind: str,
        *,
        dam_id: int | None = None,
        dam_name: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> int:
        row = {
            "at": at,
            "by": by,
            "kind": kind,
            "dam_id": dam_id,
            "dam_name": dam_name,
            "details": dict(details or {}),
        }
        return inserted_id(connection.execute(_INSERT_CHANGE, row))

    @staticmethod
    def _unknown(
        connection: Connection, dams: Sequence[Mapping[str, Value]]
    ) -> list[Mapping[str, Value]]:
        columns = (_DAMS.c[name] for name in ("federal_id", *_TOLD_BY))
        federal_ids, others = set(), set()
        for row in connection.execute(select(*columns)):
            federal_ids.add(row[0])
            others.add(tuple(row[1:]))
        new = []
        for dam in dams:
            federal_id, other = dam["federal_id"], tuple(dam[name] for name in _TOLD_BY)
            if (federal_id not in federal_ids) if federal_id else (other not in others):
                federal_ids.add(federal_id)
                others.add(other)
                new.append(dam)
        return new


_TOLD_BY = ("nid_id", "other_structure_id", "dam_name", "latitude", "longitude")


def _ids(one: Fact) -> tuple[int, int]:
    return (one.dam_id, one.dam_id) if isinstance(one, DamAdded) else (one.first_id, one.last_id)


def _fetched(result: Result[Any]) -> list[Row[Any]]:
    """Return all rows, fetched in pieces: the driver holds the interpreter while it fetches."""
    return [row for rows in result.partitions(1000) for row in rows]
