"""The tables."""

from __future__ import annotations

import datetime as dt

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Double, Engine, String, delete, insert, select

from dam_inventory.database.models import Base, ChangeRow, DamRow
from dam_inventory.domain.fields import FIELD, FIELDS
from dam_inventory.snapshot.schema import COLUMNS

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MOMENT = dt.datetime(2024, 6, 1, 12, 30, 15, 123456, tzinfo=dt.UTC)


def test_the_migrations_create_the_tables_of_the_models(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("hours", [0, -7, 5.5])
def test_a_timestamp_is_returned_in_utc_whatever_its_time_zone(engine: Engine, hours: float):
    there = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=hours)))

    with engine.begin() as connection:
        connection.execute(insert(DamRow).values(dam_name="Heron Lake", added_at=there))
        read = connection.execute(
            select(DamRow.added_at).where(DamRow.dam_name == "Heron Lake")
        ).scalar()

    assert (read, read.utcoffset()) == (MOMENT, dt.timedelta(0))


def test_the_id_of_a_removed_dam_is_not_reused(engine: Engine):
    with engine.begin() as connection:
        last = connection.execute(select(DamRow.id).order_by(DamRow.id.desc())).scalars().first()
        connection.execute(delete(DamRow).where(DamRow.id == last))
        connection.execute(insert(DamRow).values(dam_name="Heron Lake", added_at=MOMENT))
        ids = connection.execute(select(DamRow.id)).scalars().all()

    assert last not in ids


def test_the_seq_of_a_change_is_not_reused(engine: Engine):
    with engine.begin() as connection:
        connection.execute(delete(ChangeRow))
        connection.execute(insert(ChangeRow).values(at=MOMENT, kind="DamAdded", details={}))

        assert connection.execute(select(ChangeRow.seq)).scalars().all() == [3]


def test_the_dams_table_has_a_column_of_the_right_type_for_each_field():
    columns = DamRow.__table__.columns
    others = {"id", "other_facts", "added_by", "added_at", "hydrograph_id", "removed_at"}

    assert {column.key for column in columns} - others == FIELD.keys()
    for field in FIELDS:
        column = columns[field.name].type
        if field.is_number:
            assert isinstance(column, Double), field.name
        else:
            assert (type(column), column.length) == (String, field.max_length), field.name


def test_a_snapshot_has_every_column_of_the_dams_table():
    assert set(COLUMNS) == {column.key for column in DamRow.__table__.columns} - {"removed_at"}
