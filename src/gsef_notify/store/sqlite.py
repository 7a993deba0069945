"""SQLite, with transactions that claim rows safely."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

REMEDY = "name a file in a folder that this user may write, like sqlite:///var/gsef-notify.db"

# WAL mode may lose commits in SQLite 3.7.0 to 3.51.2 (its WAL-reset bug), except in these mended lines.
_WAL_IS_SAFE_FROM = (3, 51, 3)
_MENDED_LINES = {(3, 44): 6, (3, 50): 7}


def create(url: URL) -> Engine:
    """An engine for the file of a URL, whose folder is made. Raises OSError where that can not be.

    ``BEGIN IMMEDIATE``: with SQLAlchemy's deferred default, two processes claim the same rows.
    """
    if file := file_of(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def file_of(url: URL) -> Path | None:
    """The file in which a database is, None for one in memory or on a server."""
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(url.database or "") if is_file else None


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """Let tables be rebuilt to which others refer, in a transaction that begins and ends in the block."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


def journal_mode(version: tuple[int, ...]) -> str:
    """The mode in which that version of the library loses nothing."""
    major, minor, patch = version[:3]
    mended_from = _MENDED_LINES.get((major, minor))
    mended = mended_from is not None and patch >= mended_from
    return "WAL" if mended or version >= _WAL_IS_SAFE_FROM else "DELETE"


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode = {journal_mode(sqlite3.sqlite_version_info)}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()
