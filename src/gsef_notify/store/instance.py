"""One service a SQLite database: a lock that dies with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from gsef_notify.errors import SettingsError


@contextmanager
def only_instance(engine: Engine) -> Iterator[None]:
    """Hold the database for this process alone, so that whatever it finds being sent was left by a dead one.

    Raises SettingsError while another process holds it.
    """
    path = Path(f"{engine.url.database}.lock")
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise SettingsError(
                f"database {engine.url.database}: process {holder} serves it already - stop that one first"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
