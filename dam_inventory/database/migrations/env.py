"""Alembic's entry point: runs on the connection and in the transaction that `engine` passes in."""

from alembic import context

from dam_inventory.database.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
