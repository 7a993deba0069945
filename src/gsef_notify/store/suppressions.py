"""Addresses to which nothing can be delivered, so that nothing more is sent to them."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, exists, func, literal, select

from gsef_notify.errors import GsefNotifyError
from gsef_notify.store.tables import suppressions
from gsef_notify.store.upsert import insert


class NotSuppressed(GsefNotifyError):
    """Mail goes to that address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"mail goes to {email}: nothing keeps it back - see `gsef-notify people list`")


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """Why an address gets nothing more, and since when. ``status`` is that of RFC 3463, like 5.1.1."""

    email: str
    reason: str
    since: datetime
    status: str


def suppress(connection: Connection, suppression: Suppression) -> None:
    """Send nothing more to an address. Where that is so already, its first reason stays."""
    values = msgspec.structs.asdict(suppression)
    connection.execute(insert(connection, suppressions).values(values).on_conflict_do_nothing())


def is_suppressed(email: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an address gets nothing more, as a condition on the column of a query that holds it."""
    return exists().where(_is(email))


def reason_of(connection: Connection, email: str) -> str | None:
    """Why an address gets nothing more, None where it does."""
    return connection.scalar(select(suppressions.c.reason).where(_is(literal(email))).limit(1))


def listed(connection: Connection) -> list[Suppression]:
    """Every suppressed address, in the order in which they were."""
    ordered = select(suppressions).order_by(suppressions.c.since, suppressions.c.email)
    return [Suppression(**row) for row in connection.execute(ordered).mappings()]


def count(connection: Connection) -> int:
    """The number of suppressed addresses."""
    return connection.scalar(select(func.count()).select_from(suppressions)) or 0


def lift(connection: Connection, email: str) -> None:
    """Let an address have mail again. Raises NotSuppressed."""
    if not connection.execute(delete(suppressions).where(_is(literal(email)))).rowcount:
        raise NotSuppressed(email)


def _is(email: ColumnElement[str]) -> ColumnElement[bool]:
    """In large or small letters: no server tells mailboxes apart by them."""
    return func.lower(suppressions.c.email) == func.lower(email)
