"""How many mails may go out in a minute, in all and to each domain: counted by the calendar minute, in the
database, so that it holds for all who send out of it.

What is counted are claims, in the transaction that claims. A claim that exceeds a limit is undone with it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, not_, or_, select

from gsef_notify.store.tables import contacts, deliveries, sent_minutes
from gsef_notify.store.upsert import insert

MINUTE = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=10)
_ALL = ""


class LimitReached(Exception):
    """Somebody else has used the last of what may go out in this minute."""


class Limits(msgspec.Struct, frozen=True):
    """How many mails a minute, in all and to one domain; 0 for as many as there are."""

    in_all: int = 0
    per_domain: int = 0

    def __bool__(self) -> bool:
        return bool(self.in_all or self.per_domain)


NO_LIMITS = Limits()


def may_go(connection: Connection, limits: Limits, now: datetime) -> list[ColumnElement[bool]] | None:
    """What a delivery has to fulfil to be claimed at present; None where none may be."""
    full = set(_full(connection, limits, now))
    if _ALL in full:
        return None
    return [not_(or_(*map(_goes_to, sorted(full))))] if full else []


def count(connection: Connection, limits: Limits, email: str, now: datetime) -> None:
    """Count one more mail to an address. Raises LimitReached, upon which the transaction has to be undone."""
    if not limits:
        return
    connection.execute(delete(sent_minutes).where(sent_minutes.c.minute < _minute(now) - MINUTE))
    if limits.in_all:
        _count(connection, _ALL, limits.in_all, now)
    if limits.per_domain:
        _count(connection, domain_of(email), limits.per_domain, now)


def look_again_at(connection: Connection, limits: Limits, now: datetime) -> datetime | None:
    """When to look again for what a limit holds up at present, None where it holds up nothing."""
    full = set(_full(connection, limits, now))
    next_minute = _minute(now) + MINUTE
    if _ALL in full:
        return next_minute
    return min(next_minute, now + LOOK_AGAIN) if full else None


def domain_of(email: str) -> str:
    """The domain of an address, in small letters."""
    return email.rpartition("@")[2].lower()


def _full(connection: Connection, limits: Limits, now: datetime) -> Iterator[str]:
    """The domains to which no more may go in this minute, "" for any."""
    if not limits:
        return
    this_minute = sent_minutes.c.minute == _minute(now)
    for row in connection.execute(select(sent_minutes).where(this_minute)):
        limit = limits.per_domain if row.domain else limits.in_all
        if limit and row.number >= limit:
            yield row.domain


def _goes_to(domain: str) -> ColumnElement[bool]:
    theirs = func.lower(contacts.c.email).endswith(f"@{domain}", autoescape=True)
    return deliveries.c.contact_id.in_(select(contacts.c.id).where(theirs))


def _count(connection: Connection, domain: str, limit: int, now: datetime) -> None:
    first = insert(connection, sent_minutes).values(domain=domain, minute=_minute(now), number=1)
    one_more = first.on_conflict_do_update(
        index_elements=["domain", "minute"],
        set_={"number": sent_minutes.c.number + 1},
        where=sent_minutes.c.number < limit,
    )
    if connection.scalar(one_more.returning(sent_minutes.c.number)) is None:
        raise LimitReached


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
