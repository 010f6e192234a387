"""Keep removed hydrographs, so that a removal can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hydrographs", sa.Column("removed_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.execute("DELETE FROM hydrographs WHERE removed_at IS NOT NULL")
    # Never as a batch: SQLite would drop the table, and all points with it.
    op.execute("ALTER TABLE hydrographs DROP COLUMN removed_at")
