"""Run by Alembic: migrate over the connection that ``upgrade`` opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
