"""A copy of the database as it is at one instant, while the service runs."""

import os
import shlex
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Engine

from gsef_notify.errors import SettingsError
from gsef_notify.store import sqlite


def backup(engine: Engine, target: Path) -> None:
    """Copy a SQLite database into a new file. Raises SettingsError where that can not be, for PostgreSQL with
    the command that can."""
    if sqlite.file_of(engine.url) is None:
        raise SettingsError(f"PostgreSQL makes its own copies - write: {_dump(engine.url, target)}")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with target.open("xb"):
            _copy(engine, unfinished)
        unfinished.replace(target)
    except FileExistsError:
        raise SettingsError(f"{target} exists already - name a new file") from None
    except (OSError, sqlite3.Error) as error:
        for file in (target, unfinished):
            file.unlink(missing_ok=True)
        raise SettingsError(f"{target}: {error} - name a file in a folder with room") from None


def _copy(engine: Engine, target: Path) -> None:
    """In one go: between steps others would write, and it would begin again."""
    source = engine.raw_connection()
    copy = sqlite3.connect(target)
    try:
        source.driver_connection.backup(copy)  # type: ignore[union-attr]
    finally:
        copy.close()
        source.close()
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _dump(url: URL, target: Path) -> str:
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    line = ["pg_dump", "--format=custom", f"--file={target}", f"--dbname={bare.render_as_string()}"]
    return shlex.join(line)
