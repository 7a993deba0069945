"""Opening the database: SQLite with transactions that claim rows safely."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from gsef_notify.errors import SettingsError
from gsef_notify.store.migrations import upgrade

# WAL mode may lose commits in SQLite 3.7.0 to 3.51.2 (its WAL-reset bug), except in these mended lines.
_WAL_IS_SAFE_FROM = (3, 51, 3)
_MENDED_LINES = {(3, 44): 6, (3, 50): 7}


def open_database(url: str) -> Engine:
    """An engine for a SQLAlchemy URL, its tables at the newest version.

    Raises SettingsError where the URL is wrong or the database can not be written.
    """
    parsed = _parsed(url)
    try:
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
        _use_immediate_transactions(engine)
        upgrade(engine)
    except (DBAPIError, OSError) as error:
        raise SettingsError(f"database {url}: {_cause(error)} - {_REMEDY}") from error
    return engine


def open_to_look(url: str) -> Engine:
    """``open_database`` for who leaves nothing behind: an empty one in memory where there is no file yet."""
    file = _parsed(url).database
    return open_database(url if file and Path(file).exists() else "sqlite:///:memory:")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One short transaction that holds the right to write from its beginning."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def trial(engine: Engine) -> Iterator[Connection]:
    """A transaction that is undone at its end, to see what something would do."""
    with engine.connect() as connection, connection.begin() as undone:
        yield connection
        undone.rollback()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for a question that does not wait for those who write."""
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


_REMEDY = "name a file in a folder that this user may write, like sqlite:///var/gsef-notify.db"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(f"database {url!r} is no database URL - {_REMEDY}") from None
    if parsed.get_backend_name() != "sqlite":
        name = parsed.get_backend_name()
        raise SettingsError(f"database: {name} is not supported yet - {_REMEDY}")
    return parsed


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)


def _use_immediate_transactions(engine: Engine) -> None:
    """``BEGIN IMMEDIATE``: with SQLAlchemy's deferred default, two processes claim the same rows."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode = {_journal_mode(sqlite3.sqlite_version_info)}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


def _journal_mode(version: tuple[int, ...]) -> str:
    major, minor, patch = version[:3]
    mended_from = _MENDED_LINES.get((major, minor))
    mended = mended_from is not None and patch >= mended_from
    return "WAL" if mended or version >= _WAL_IS_SAFE_FROM else "DELETE"
