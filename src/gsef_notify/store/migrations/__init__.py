"""The steps from one version of the tables to the next, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from gsef_notify.store import locks, postgresql, sqlite
from gsef_notify.store.backends import is_shared

NEWEST = "0007"


def upgrade(engine: Engine, version: str = NEWEST) -> None:
    """Bring the tables to the newest version. Does nothing where they are."""
    with engine.connect() as connection:
        with connection.begin():
            if _version(connection) == version:
                return
        backend = postgresql if is_shared(connection) else sqlite
        with backend.rebuilding(connection), connection.begin():
            locks.hold(connection, locks.MIGRATION)
            if _version(connection) != version:
                _migrate(connection, version)


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _migrate(connection: Connection, version: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    command.upgrade(config, version)
