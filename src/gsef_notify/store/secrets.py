"""Secrets that are made once and then kept."""

from secrets import token_bytes

from sqlalchemy import Connection, select

from gsef_notify.store.tables import secrets
from gsef_notify.store.upsert import insert

SECRET_BYTES = 32


def keep(connection: Connection, name: str, value: bytes) -> None:
    """Let a secret be a known one, where nothing is to be kept from anybody."""
    connection.execute(insert(connection, secrets).values(name=name, value=value).on_conflict_do_nothing())


def secret(connection: Connection, name: str) -> bytes:
    """The secret of that name, which is made when it is asked for the first time: in a transaction."""
    kept = select(secrets.c.value).where(secrets.c.name == name)
    if (found := connection.scalar(kept)) is not None:
        return bytes(found)
    made = {"name": name, "value": token_bytes(SECRET_BYTES)}
    connection.execute(insert(connection, secrets).values(made).on_conflict_do_nothing())
    return bytes(connection.execute(kept).scalar_one())
