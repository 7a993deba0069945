"""The steps from one version of the tables to the next, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

NEWEST = "0006"


def upgrade(engine: Engine, version: str = NEWEST) -> None:
    """Bring the tables to the newest version. Does nothing where they are."""
    with engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == version:
            return
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(__file__).parent))
        command.upgrade(config, version)
