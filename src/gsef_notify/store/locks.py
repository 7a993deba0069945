"""Locks by name, for what one process does at a time.

On PostgreSQL they are advisory locks, and end with the transaction or connection that has them, however that
ends. On SQLite there is nothing to lock: a transaction writes alone from its beginning, and one service holds
the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from gsef_notify.store.backends import is_shared

PLANNING = "planning"
MIGRATION = "migration"
_OURS = int.from_bytes(b"gsef")  # other programs may have locks in the same database


def hold(connection: Connection, name: str) -> None:
    """Wait for a lock and hold it to the end of the transaction."""
    if is_shared(connection):
        connection.execute(select(func.pg_advisory_xact_lock(_OURS, func.hashtext(name))))


def is_free(connection: Connection, name: str) -> bool:
    """Whether nobody else held a lock, which is then held to the end of the transaction. On SQLite nobody
    does."""
    if not is_shared(connection):
        return True
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(_OURS, func.hashtext(name)))))


@contextmanager
def turn(engine: Engine, name: str) -> Iterator[bool]:
    """Whether it is our turn to do something that takes its time; False while another process does it."""
    if not is_shared(engine):
        yield True
        return
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        is_ours = keep(connection, name)
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(select(func.pg_advisory_unlock(_OURS, func.hashtext(name))))


def keep(connection: Connection, name: str) -> bool:
    """Take a lock for as long as the connection lives; False where another connection has it."""
    return bool(connection.scalar(select(func.pg_try_advisory_lock(_OURS, func.hashtext(name)))))
