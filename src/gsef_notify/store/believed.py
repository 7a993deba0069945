"""What each contact was told of each session, and last by which mail."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, select

from gsef_notify.program.changes import key_of
from gsef_notify.reminders.facts import Facts, Subject, merged
from gsef_notify.reminders.notices import Believed
from gsef_notify.reminders.people import NAMED_ROLES
from gsef_notify.store.tables import deliveries, reminders, stars


def of_sessions(connection: Connection, sessions: Iterable[str]) -> list[Believed]:
    """What is believed of some sessions, by everybody who was told of them."""
    return _believed(connection, reminders.c.session.in_(list(sessions)))


def of_contact(connection: Connection, contact_id: int, session: str) -> Believed | None:
    """What a contact believes of a session, None for nothing."""
    theirs = _believed(connection, (reminders.c.session == session) & (deliveries.c.contact_id == contact_id))
    return theirs[0] if theirs else None


def told_by(connection: Connection, contact_id: int, session: str) -> str | None:
    """The Message-ID of the mail that last told the contact of the session."""
    query = select(deliveries.c.message_id).select_from(deliveries.join(reminders))
    query = query.where(deliveries.c.contact_id == contact_id, reminders.c.session == session, _TOLD)
    return connection.scalar(query.order_by(deliveries.c.finished_at.desc(), deliveries.c.id.desc()).limit(1))


def starred(connection: Connection, contact_id: int, session: str) -> frozenset[str]:
    """The ids of the segments of a session that somebody starred."""
    theirs = select(stars.c.part).where(stars.c.contact_id == contact_id)
    parts = (part.partition("/") for part in connection.scalars(theirs))
    return frozenset(segment for of, _, segment in parts if of == session and segment)


# What may have arrived and is tried again is not counted yet; once it is not tried again, it is.
_TOLD = and_(
    deliveries.c.facts.is_not(None), deliveries.c.state.in_(("sent", "cancelled", "expired", "failed"))
)


def _believed(connection: Connection, where: ColumnElement[bool]) -> list[Believed]:
    columns = (
        deliveries.c.contact_id,
        deliveries.c.facts,
        reminders.c.session,
        reminders.c.role,
        reminders.c.person,
    )
    query = select(*columns).select_from(deliveries.join(reminders)).where(_TOLD, where)
    order = (deliveries.c.contact_id, reminders.c.session, deliveries.c.finished_at, deliveries.c.id)
    rows = connection.execute(query.order_by(*order)).all()
    return [*_by_what_they_heard(rows, _stars(connection))]


def _stars(connection: Connection) -> dict[int, frozenset[str]]:
    """The lasting keys of what each contact starred."""
    rows = connection.execute(select(stars.c.contact_id, stars.c.part).order_by(stars.c.contact_id)).all()
    by_contact = groupby(rows, key=attrgetter("contact_id"))
    return {contact_id: frozenset(row.part for row in theirs) for contact_id, theirs in by_contact}


def _by_what_they_heard(rows: Iterable[Any], starred: Mapping[int, frozenset[str]]) -> Iterator[Believed]:
    """One for all who were told the same by as many mails, and who starred the same."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for (contact_id, session), mails in groupby(rows, key=attrgetter("contact_id", "session")):
        told = list(mails)
        last = next((mail for mail in reversed(told) if mail.role in NAMED_ROLES), told[-1])
        theirs = starred.get(contact_id, frozenset()) if last.person else None
        what = (session, last.role, last.person, theirs, *(mail.facts for mail in told))
        alike.setdefault(what, []).append(contact_id)
    for (session, role, person, theirs, *told_facts), contact_ids in alike.items():
        facts = merged(msgspec.json.decode(each, type=Facts) for each in told_facts)
        followed = frozenset(s for s in facts.slots if theirs is None or key_of(session, s) in theirs)
        yield Believed(
            contact_ids=tuple(contact_ids),
            subject=Subject(session=session, role=role, person=person, starred=followed),
            facts=facts,
            mails=len(told_facts),
        )
