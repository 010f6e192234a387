"""The tables: dams, hydrographs, the change log, imports, work lists, tokens, webhooks."""

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

    The columns that describe the dam are those of `domain.fields.FIELDS`, with their units; both
    coordinates are known, or neither.
    other_facts: texts by heading, for what no field describes.
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
    state_or_federal_agency_id: Mapped[str | None] = mapped_column(String(200))
    former_ids: Mapped[str | None] = mapped_column(String(2000))
    other_names: Mapped[str | None] = mapped_column(String(2000))
    former_names: Mapped[str | None] = mapped_column(String(2000))
    primary_owner_type: Mapped[str | None] = mapped_column(String(200))
    primary_purpose: Mapped[str | None] = mapped_column(String(200))
    number_of_associated_structures: Mapped[float | None]
    is_associated_structure: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(200))
    distance_to_city_miles: Mapped[float | None]
    congressional_district: Mapped[str | None] = mapped_column(String(200))
    section: Mapped[str | None] = mapped_column(String(200))
    tribal_land: Mapped[str | None] = mapped_column(String(200))
    year_completed_category: Mapped[str | None] = mapped_column(String(200))
    years_modified: Mapped[str | None] = mapped_column(String(2000))
    designers: Mapped[str | None] = mapped_column(String(2000))
    primary_dam_type: Mapped[str | None] = mapped_column(String(200))
    core_types: Mapped[str | None] = mapped_column(String(2000))
    foundations: Mapped[str | None] = mapped_column(String(2000))
    nid_height_category: Mapped[str | None] = mapped_column(String(200))
    dam_height_ft: Mapped[float | None]
    hydraulic_height_ft: Mapped[float | None]
    structural_height_ft: Mapped[float | None]
    volume_cubic_yards: Mapped[float | None]
    number_of_locks: Mapped[float | None]
    lock_length_ft: Mapped[float | None]
    lock_width_ft: Mapped[float | None]
    secondary_lock_length_ft: Mapped[float | None]
    secondary_lock_width_ft: Mapped[float | None]
    max_storage_acre_ft: Mapped[float | None]
    normal_storage_acre_ft: Mapped[float | None]
    surface_area_acres: Mapped[float | None]
    drainage_area_sq_miles: Mapped[float | None]
    max_discharge_cfs: Mapped[float | None]
    spillway_type: Mapped[str | None] = mapped_column(String(200))
    spillway_width_ft: Mapped[float | None]
    outlet_gates: Mapped[str | None] = mapped_column(String(2000))
    condition_assessment: Mapped[str | None] = mapped_column(String(200))
    condition_assessment_date: Mapped[str | None] = mapped_column(String(10))
    condition_assessment_detail: Mapped[str | None] = mapped_column(String(200))
    last_inspection_date: Mapped[str | None] = mapped_column(String(10))
    inspection_frequency_years: Mapped[float | None]
    eap_prepared: Mapped[str | None] = mapped_column(String(200))
    eap_last_revision_date: Mapped[str | None] = mapped_column(String(10))
    inundation_maps: Mapped[str | None] = mapped_column(String(200))
    operational_status: Mapped[str | None] = mapped_column(String(200))
    operational_status_date: Mapped[str | None] = mapped_column(String(10))
    state_regulated: Mapped[str | None] = mapped_column(String(200))
    federally_regulated: Mapped[str | None] = mapped_column(String(200))
    state_jurisdictional: Mapped[str | None] = mapped_column(String(200))
    state_regulatory_agency: Mapped[str | None] = mapped_column(String(200))
    state_permitting_authority: Mapped[str | None] = mapped_column(String(200))
    state_inspection_authority: Mapped[str | None] = mapped_column(String(200))
    state_enforcement_authority: Mapped[str | None] = mapped_column(String(200))
    non_federal_on_federal_property: Mapped[str | None] = mapped_column(String(200))
    federal_agency_owners: Mapped[str | None] = mapped_column(String(2000))
    federal_funding: Mapped[str | None] = mapped_column(String(2000))
    federal_design: Mapped[str | None] = mapped_column(String(2000))
    federal_construction: Mapped[str | None] = mapped_column(String(2000))
    federal_regulation: Mapped[str | None] = mapped_column(String(2000))
    federal_inspection: Mapped[str | None] = mapped_column(String(2000))
    federal_operation: Mapped[str | None] = mapped_column(String(2000))
    federal_other: Mapped[str | None] = mapped_column(String(2000))
    built_under_secretary_of_agriculture: Mapped[str | None] = mapped_column(String(200))
    nrcs_watershed_authorization: Mapped[str | None] = mapped_column(String(200))
    source_agency: Mapped[str | None] = mapped_column(String(200))
    data_last_updated: Mapped[str | None] = mapped_column(String(10))
    other_facts: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    added_by: Mapped[str | None] = mapped_column(String(200))
    added_at: Mapped[dt.datetime]
    hydrograph_id: Mapped[int | None] = mapped_column(ForeignKey("hydrographs.id"))
    removed_at: Mapped[dt.datetime | None]


class HydrographRow(Base):
    """The flow of a river at a dam over time; its points are in `hydrograph_points`.

    dam_id: a dam may have several; `DamRow.hydrograph_id` is the one that is shown first.
    start: the date and time of hour 0, None if there is none. utc_offset_minutes: the offset of
    its time zone from UTC; None if no time zone is known, and `start` is then the time of the
    clock, as if it were UTC. note: what the file said about the values.
    removed_at: None while the dam has it. The row and the points of a removed hydrograph are kept,
    so that the removal can be undone.
    """

    __tablename__ = "hydrographs"
    # Ids must not be reused: a user who replaces a hydrograph names the one they saw by its id.
    __table_args__ = (Index("ix_hydrographs_dam_id", "dam_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    # No foreign key: that of `dams.hydrograph_id` would make a circle, and dams stay for ever.
    dam_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    start: Mapped[dt.datetime | None]
    utc_offset_minutes: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(2000))
    assigned_by: Mapped[str | None] = mapped_column(String(200))
    assigned_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]


class HydrographPointRow(Base):
    """One point: `flow` in cubic feet per second at `time` hours; None if it is missing."""

    __tablename__ = "hydrograph_points"

    hydrograph_id: Mapped[int] = mapped_column(
        ForeignKey("hydrographs.id", ondelete="CASCADE"), primary_key=True
    )
    time: Mapped[float] = mapped_column(primary_key=True)
    flow: Mapped[float | None]


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


class ImportedEditRow(Base):
    """What an import, or its undo, has changed in one dam that the inventory already knew.

    seq: that of the change in the log. old, new: the columns that differ, by name; `removed_at`
    and `added_at` as ISO 8601 text.
    """

    __tablename__ = "imported_edits"
    __table_args__ = (Index("ix_imported_edits_dam_id", "dam_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dam_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    old: Mapped[dict[str, Any]]
    new: Mapped[dict[str, Any]]


class FileMappingRow(Base):
    """What the columns of files with one header were taken for, the last time.

    header: the SHA-256 of the headings, in hexadecimal. mapping: as `Mapping.as_dict` returns it.
    """

    __tablename__ = "file_mappings"

    header: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]]
    by: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[dt.datetime]


class InventoryRow(Base):
    """The identity of the inventory; the table has one row.

    id: random, never changes. epoch: random, replaced by each restore.
    """

    __tablename__ = "inventory"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(32))


class WorkListsRow(Base):
    """The work lists of one user, as `WorkLists.as_dict` describes them."""

    __tablename__ = "work_lists"

    user_name: Mapped[str] = mapped_column(String(200), primary_key=True)
    lists: Mapped[dict[str, Any]]


class TokenRow(Base):
    """A token with which another program reads as a user.

    hash: the SHA-256 of the token, in hexadecimal; the token itself is not kept.
    expires_at: None if it does not expire. last_used: the day, in UTC.
    """

    __tablename__ = "tokens"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_name: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    last_used: Mapped[dt.date | None]


class EndedLoginRow(Base):
    """A login that was ended before it expires; see `server.auth.logins`."""

    __tablename__ = "ended_logins"

    login_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[dt.datetime]


class WebhookCursorRow(Base):
    """How far the log has been delivered to a webhook.

    url: the SHA-256 of its URL, in hexadecimal; a URL may contain a secret.
    epoch, seq, token: the last change that was delivered; see `domain.mark.Mark`.
    holder: the process that delivers, "" for none. beat: grows while that process lives.
    """

    __tablename__ = "webhook_cursors"

    url: Mapped[str] = mapped_column(String(64), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(60))
    seq: Mapped[int]
    token: Mapped[str] = mapped_column(String(12))
    holder: Mapped[str] = mapped_column(String(60))
    beat: Mapped[int]
