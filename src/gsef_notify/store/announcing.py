"""Telling the other services on a database that there is something to do.

On PostgreSQL by ``NOTIFY``, which arrives when the transaction commits. On SQLite there are none.
"""

from sqlalchemy import Connection, func, select

from gsef_notify.store.backends import is_shared

CHANNEL = "gsef_notify"


def announce(connection: Connection) -> None:
    """Wake the other services once this transaction is committed."""
    if is_shared(connection):
        connection.execute(select(func.pg_notify(CHANNEL, "")))
