"""Add hydrographs, and dams that were removed but can be restored."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hydrographs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("assigned_by", sa.String(200)),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hydrograph_points",
        sa.Column(
            "hydrograph_id",
            sa.Integer(),
            sa.ForeignKey("hydrographs.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("time", sa.Double(), primary_key=True),
        sa.Column("flow", sa.Double(), nullable=False),
    )
    # Alembic would add the foreign key in a second step, which SQLite does not support.
    op.execute("ALTER TABLE dams ADD COLUMN hydrograph_id INTEGER REFERENCES hydrographs (id)")
    op.add_column("dams", sa.Column("removed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_dams_added_by", "dams", ["added_by"])


def downgrade() -> None:
    op.drop_index("ix_dams_added_by", "dams")
    with op.batch_alter_table("dams") as dams:
        dams.drop_column("removed_at")
        dams.drop_column("hydrograph_id")
    op.drop_table("hydrograph_points")
    op.drop_table("hydrographs")
