"""Add the work lists of each user."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_lists",
        sa.Column("user_name", sa.String(200), primary_key=True),
        sa.Column("lists", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("work_lists")
