"""Keep the tokens of other programs, and how far the log was delivered to webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_name", sa.String(200), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("last_used", sa.Date()),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_cursors",
        sa.Column("url", sa.String(64), primary_key=True),
        sa.Column("epoch", sa.String(60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(12), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("webhook_cursors")
    op.drop_table("tokens")
