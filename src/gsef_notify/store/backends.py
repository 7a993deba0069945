"""Which database it is: SQLite, in which one process writes at a time, or PostgreSQL, which many share."""

from sqlalchemy import Connection, Engine


def is_shared(bind: Engine | Connection) -> bool:
    """Whether several services may work on that database at once: on PostgreSQL."""
    return bind.dialect.name == "postgresql"
