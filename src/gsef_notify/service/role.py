"""What a service does of all that there is to do."""

from enum import StrEnum

from sqlalchemy import Engine

from gsef_notify.errors import SettingsError
from gsef_notify.store.backends import is_shared


class Role(StrEnum):
    """Everything, or only the pages and feeds, or only the planning and sending and the watch over files."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def works(self) -> bool:
        """Whether it plans and sends."""
        return self is not Role.WEB

    @property
    def serves(self) -> bool:
        """Whether it answers with pages and feeds."""
        return self is not Role.WORKER


def check(role: Role, engine: Engine) -> None:
    """Raises SettingsError for a part of the work on SQLite, which one service holds."""
    if role is not Role.ALL and not is_shared(engine):
        raise SettingsError(
            f"--role {role}: one service does everything on SQLite - leave --role out, or set database to "
            "postgresql+psycopg://user:password@host/gsef_notify"
        )
