"""``INSERT ... ON CONFLICT``, which both databases have, each in a construct of its own."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from gsef_notify.store.backends import is_shared

Insert = postgresql.Insert | sqlite.Insert


def insert(connection: Connection, table: Table) -> Insert:
    """An insert into a table that may be told what to do on a conflict."""
    return postgresql.insert(table) if is_shared(connection) else sqlite.insert(table)
