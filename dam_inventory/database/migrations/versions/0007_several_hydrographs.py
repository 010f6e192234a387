"""Let a dam have several hydrographs, with names, dates and missing values."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WITHOUT_DAM = (
    "DELETE FROM hydrographs WHERE NOT EXISTS "
    "(SELECT id FROM dams WHERE dams.hydrograph_id = hydrographs.id)"
)
_NAME_DAM = (
    "UPDATE hydrographs SET dam_id = "
    "(SELECT id FROM dams WHERE dams.hydrograph_id = hydrographs.id)"
)


def upgrade() -> None:
    # A hydrograph that no dam shows can't be reached: its dam was given another one.
    op.execute(_WITHOUT_DAM)
    # Column by column, never as a batch: SQLite would drop the table, and all points with it.
    for column in (
        sa.Column("dam_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("name", sa.String(200), nullable=False, server_default="Hydrograph"),
        sa.Column("start", sa.DateTime(timezone=True)),
        sa.Column("utc_offset_minutes", sa.Integer()),
        sa.Column("note", sa.String(2000), nullable=False, server_default=""),
    ):
        op.add_column("hydrographs", column)
    op.execute(_NAME_DAM)
    op.create_index("ix_hydrographs_dam_id", "hydrographs", ["dam_id"])
    with op.batch_alter_table("hydrograph_points") as points:
        points.alter_column("flow", existing_type=sa.Double(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM hydrograph_points WHERE flow IS NULL")
    op.execute(_WITHOUT_DAM)
    with op.batch_alter_table("hydrograph_points") as points:
        points.alter_column("flow", existing_type=sa.Double(), nullable=False)
    op.drop_index("ix_hydrographs_dam_id", "hydrographs")
    for name in ("note", "utc_offset_minutes", "start", "name", "dam_id"):
        op.execute(f"ALTER TABLE hydrographs DROP COLUMN {name}")
