"""Create the dams and the change log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEXTS_AFTER_PLACE = (
    "nid_id",
    "federal_id",
    "other_structure_id",
    "owner_type",
    "state",
    "county",
    "purposes",
    "dam_type",
    "hazard_potential",
)


def upgrade() -> None:
    op.create_table(
        "dams",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(text, sa.String(200)) for text in ("dam_name", "owner", "river")),
        sa.Column("date_built", sa.String(10)),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        *(sa.Column(text, sa.String(200)) for text in _TEXTS_AFTER_PLACE),
        sa.Column("nid_height_ft", sa.Double()),
        sa.Column("nid_storage_acre_ft", sa.Double()),
        sa.Column("length_ft", sa.Double()),
        sa.Column("website", sa.String(200)),
        sa.Column("added_by", sa.String(200)),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("dam_id", sa.Integer()),
        sa.Column("dam_name", sa.String(200)),
        sa.Column("details", sa.JSON(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_dam_id", "changes", ["dam_id"])


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_table("dams")
