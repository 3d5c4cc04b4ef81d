"""Runs the migrations of the runtime's tables, on the connection that `framework.runtime.migrate` gives."""

from alembic import context

from framework.runtime.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
