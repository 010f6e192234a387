"""Rate dams, as a next version might."""

import sqlalchemy as sa
from alembic import op

from tests.next_version import BEFORE

revision = "9999"
down_revision = BEFORE
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dams", sa.Column("rating", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )


def downgrade() -> None:
    op.drop_column("dams", "rating")
