"""One service a SQLite database: a lock that dies with its holder. PostgreSQL is for several."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from gsef_notify.errors import SettingsError
from gsef_notify.store.backends import is_shared


@contextmanager
def workplace(engine: Engine) -> Iterator[None]:
    """A place at the database for a service: on SQLite the only one, so that whatever it finds being sent was
    left by a dead one; on PostgreSQL one of many.

    Raises SettingsError while another process holds a SQLite database.
    """
    if is_shared(engine):
        yield
        return
    with _only_instance(Path(f"{engine.url.database}.lock")):
        yield


@contextmanager
def _only_instance(path: Path) -> Iterator[None]:
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise SettingsError(
                f"database {path.with_suffix('')}: process {holder} serves it already - stop that one first"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
