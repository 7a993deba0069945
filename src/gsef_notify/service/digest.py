"""What the organizers hear every morning, asked of the database."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from gsef_notify import zones
from gsef_notify.mail.digest import Board, DigestMatter, Outgoing, Trouble
from gsef_notify.program.changes import Publication
from gsef_notify.store import answers, outbox
from gsef_notify.store.audiences import due_between
from gsef_notify.store.tables import contacts, deliveries, reminders

A_DAY = timedelta(days=1)
AHEAD = timedelta(days=8)
MOST_TROUBLES = 100


def matter(connection: Connection, publication: Publication, timezone: str, now: datetime) -> DigestMatter:
    """What goes out on the day that it is in ``timezone``, what failed since the day before, and who of the
    sessions of the next eight days has not confirmed."""
    return DigestMatter(
        outgoing=tuple(_outgoing(connection, publication, timezone, now)),
        troubles=tuple(_troubles(connection, now)),
        boards=tuple(_boards(connection, publication, now)),
    )


def _outgoing(
    connection: Connection, publication: Publication, timezone: str, now: datetime
) -> Iterator[Outgoing]:
    """Without the digest itself, which is of no session. A day may have no midnight, or 25 hours."""
    titles = {session.id: session.title for session in publication.sessions()}
    today = zones.local(now, timezone).date()
    rows = due_between(connection, now - 2 * A_DAY, now + 2 * A_DAY)
    counted = Counter(
        (row.due, row.rule, row.session)
        for row in rows
        if row.session and zones.local(row.due, timezone).date() == today
    )
    for (due, rule, session), number in sorted(counted.items()):
        yield Outgoing(due, rule, titles.get(session, session), number)


def _troubles(connection: Connection, now: datetime) -> Iterator[Trouble]:
    columns = (deliveries.c.finished_at, contacts.c.name, reminders.c.rule, deliveries.c.reason)
    joined = deliveries.join(reminders).join(contacts)
    recent = (deliveries.c.state.in_(outbox.IN_VAIN), deliveries.c.finished_at > now - A_DAY)
    query = select(*columns).select_from(joined).where(*recent).order_by(deliveries.c.finished_at.desc())
    for row in connection.execute(query.limit(MOST_TROUBLES)):
        yield Trouble(row.finished_at, row.name, row.rule, row.reason or "")


def _boards(connection: Connection, publication: Publication, now: datetime) -> Iterator[Board]:
    for session in publication.program.sessions:
        if now < session.start <= now + AHEAD:
            answered = answers.of_people(connection, session.id)
            silent = tuple(p.name for p in session.people if p.id not in answered)
            declined = tuple(p.name for p in session.people if answered.get(p.id) == "declined")
            yield Board(session.title, session.start, silent, declined)
