"""Add what imports have changed in known dams, and the remembered columns of files."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_edits",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("dam_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
    )
    op.create_index("ix_imported_edits_dam_id", "imported_edits", ["dam_id"])
    op.create_table(
        "file_mappings",
        sa.Column("header", sa.String(64), primary_key=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("file_mappings")
    op.drop_table("imported_edits")
