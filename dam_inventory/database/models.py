"""The tables: dams, hydrographs, the append-only change log, and the inventory's identity."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, Double, ForeignKey, Index, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A UTC timestamp. SQLite stores no time zone, so reading restores it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        return value if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(dt.UTC)
        return value.replace(tzinfo=dt.UTC)


def possible(number: int) -> int:
    """Return an id or a `seq`; return 0, which no row has, if it exceeds PostgreSQL's INTEGER.

    A browser may send any number.
    """
    return number if 0 <= number < 2**31 else 0


class Base(DeclarativeBase):
    """Base class of all tables."""

    # Double is explicit, because SQLAlchemy 2.0 and 2.1 map float to different types.
    type_annotation_map = {dt.datetime: UtcDateTime, dict[str, Any]: JSON, float: Double}


class DamRow(Base):
    """One dam. All columns of an imported dam may be unknown, except `id` and `added_at`.

    date_built: ISO 8601 text, to the year, the month or the day.
    latitude, longitude: degrees, WGS 84; both or neither.
    removed_at: None while the dam is in the inventory. The row of a removed dam is kept, so
    that the removal can be undone.
    """

    __tablename__ = "dams"
    # Ids of removed dams must not be reused, because the log refers to dams by id.
    __table_args__ = (Index("ix_dams_added_by", "added_by"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    dam_name: Mapped[str | None] = mapped_column(String(200))
    owner: Mapped[str | None] = mapped_column(String(200))
    river: Mapped[str | None] = mapped_column(String(200))
    date_built: Mapped[str | None] = mapped_column(String(10))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    nid_id: Mapped[str | None] = mapped_column(String(200))
    federal_id: Mapped[str | None] = mapped_column(String(200))
    other_structure_id: Mapped[str | None] = mapped_column(String(200))
    owner_type: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str | None] = mapped_column(String(200))
    county: Mapped[str | None] = mapped_column(String(200))
    purposes: Mapped[str | None] = mapped_column(String(200))
    dam_type: Mapped[str | None] = mapped_column(String(200))
    hazard_potential: Mapped[str | None] = mapped_column(String(200))
    nid_height_ft: Mapped[float | None]
    nid_storage_acre_ft: Mapped[float | None]
    length_ft: Mapped[float | None]
    website: Mapped[str | None] = mapped_column(String(200))
    added_by: Mapped[str | None] = mapped_column(String(200))
    added_at: Mapped[dt.datetime]
    hydrograph_id: Mapped[int | None] = mapped_column(ForeignKey("hydrographs.id"))
    removed_at: Mapped[dt.datetime | None]


class HydrographRow(Base):
    """The flow of a river at a dam over time; its points are in `hydrograph_points`."""

    __tablename__ = "hydrographs"
    # Ids must not be reused: a user who replaces a hydrograph names the one they saw by its id.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    assigned_by: Mapped[str | None] = mapped_column(String(200))
    assigned_at: Mapped[dt.datetime]


class HydrographPointRow(Base):
    """One point: `flow` in cubic feet per second at `time` hours after the start."""

    __tablename__ = "hydrograph_points"

    hydrograph_id: Mapped[int] = mapped_column(
        ForeignKey("hydrographs.id", ondelete="CASCADE"), primary_key=True
    )
    time: Mapped[float] = mapped_column(primary_key=True)
    flow: Mapped[float]


class ChangeRow(Base):
    """One row of the log: `kind` is the kind of change, `details` holds its special fields.

    seq: grows with every commit; it is the revision of the inventory after the change.
    by: the user who made the change, or None when there is no login.
    dam_id, dam_name: the changed dam, or None for a change of many dams.
    """

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_dam_id", "dam_id"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[dt.datetime]
    by: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    dam_id: Mapped[int | None]
    dam_name: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[dict[str, Any]]


class InventoryRow(Base):
    """The identity of the inventory; the table has one row.

    id: random, never changes. epoch: random, replaced by each restore.
    """

    __tablename__ = "inventory"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(32))
