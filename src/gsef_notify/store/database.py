"""Opening the database, and the kinds of transactions that there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from gsef_notify.errors import SettingsError
from gsef_notify.store import locks, postgresql, sqlite
from gsef_notify.store.backends import is_shared
from gsef_notify.store.migrations import upgrade

_Backend = tuple[Callable[[URL], Engine], str]
_BACKENDS: dict[str, _Backend] = {
    "sqlite": (sqlite.create, sqlite.REMEDY),
    "postgresql": (postgresql.create, postgresql.REMEDY),
}


def open_database(url: str) -> Engine:
    """An engine for a SQLAlchemy URL, its tables at the newest version.

    Raises SettingsError where the URL is wrong or the database can not be reached or written.
    """
    parsed = _parsed(url)
    create, remedy = _backend(parsed)
    shown = parsed.render_as_string(hide_password=True)
    try:
        return _upgraded(create(parsed))
    except CommandError:
        raise SettingsError(
            f"database {shown}: a later version of gsef-notify has written it - use that version"
        ) from None
    except (DBAPIError, OSError) as error:
        raise SettingsError(f"database {shown}: {_cause(error)} - {remedy}") from None


def open_to_look(url: str) -> Engine:
    """``open_database`` for who leaves nothing behind: an empty one in memory where there is no file yet."""
    parsed = _parsed(url)
    is_missing = parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file()
    return open_database("sqlite:///:memory:" if is_missing else url)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One short transaction, on SQLite with the right to write from its beginning."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def planning(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else publishes or plans, so that nobody needs to be the leader."""
    with transaction(engine) as connection:
        locks.hold(connection, locks.PLANNING)
        yield connection


@contextmanager
def trial(engine: Engine) -> Iterator[Connection]:
    """A transaction like ``planning`` that is undone at its end, to see what something would do."""
    with engine.connect() as connection, connection.begin() as undone:
        locks.hold(connection, locks.PLANNING)
        yield connection
        undone.rollback()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for a question that does not wait for those who write."""
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def doubts(engine: Engine) -> list[str]:
    """A line for each reason for which what is committed may be lost in a power cut."""
    if not is_shared(engine):
        return []
    with reading(engine) as connection:
        return postgresql.doubts(connection)


def _upgraded(engine: Engine) -> Engine:
    try:
        upgrade(engine)
    except Exception:
        engine.dispose()
        raise
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise SettingsError(f"database {url!r} is no database URL - {sqlite.REMEDY}") from None


def _backend(url: URL) -> _Backend:
    name = url.drivername.partition("+")[0]
    if name not in _BACKENDS:
        known = " and ".join(_BACKENDS)
        raise SettingsError(f"database: {name} is not supported, {known} are - {sqlite.REMEDY}")
    return _BACKENDS[name]


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
