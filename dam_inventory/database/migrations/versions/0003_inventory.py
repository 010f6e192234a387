"""Add the identity of the inventory and the epoch of its last restore."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "inventory",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.String(32), nullable=False),
    )
    op.bulk_insert(table, [{"id": uuid4().hex, "epoch": uuid4().hex}])


def downgrade() -> None:
    op.drop_table("inventory")
