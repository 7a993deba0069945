"""PostgreSQL, with connections that are found dead before they are used, and nothing that waits for ever."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL

from gsef_notify.errors import SettingsError

REMEDY = "start the server, or write the right one, like postgresql+psycopg://user:password@host/gsef_notify"

_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=60s -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"
)
_LINE = {
    "application_name": "gsef-notify",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_SAFE = ("fsync", "full_page_writes", "synchronous_commit")


def create(url: URL) -> Engine:
    """An engine for a server; what the query of the URL says of the connection has precedence.

    Raises SettingsError where psycopg is not installed.
    """
    line = {name: value for name, value in _LINE.items() if name not in url.query}
    theirs = url.query.get("options", "")
    options = f"{_OPTIONS} {theirs if isinstance(theirs, str) else ' '.join(theirs)}".strip()
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            connect_args={**line, "options": options},
        )
    except ModuleNotFoundError:
        raise SettingsError(
            "database: PostgreSQL needs psycopg, which is not installed - write: "
            "pip install 'gsef-notify[postgresql]'"
        ) from None


def doubts(connection: Connection) -> list[str]:
    """A line for each setting of the server with which a power cut may take back what it has confirmed."""
    query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    found = {row.name: row.setting for row in connection.execute(query, {"names": list(_SAFE)})}
    weaker = [f"{name}={found[name]}" for name in _SAFE if found.get(name) in ("off", "local")]
    return [f"PostgreSQL has {each}: a power cut may undo what was marked as sent" for each in weaker]


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """Let the statements of transactions that begin and end in the block take as long as they need."""
    _set_limits(connection, "SET {} = 0")
    try:
        yield
    finally:
        _set_limits(connection, "RESET {}")


def _set_limits(connection: Connection, statement: str) -> None:
    with connection.begin():
        for limit in ("statement_timeout", "lock_timeout"):
            connection.execute(text(statement.format(limit)))
