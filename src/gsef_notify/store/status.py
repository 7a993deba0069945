"""How things stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gsef_notify.program.amendments import MINUTE
from gsef_notify.program.changes import Publication
from gsef_notify.store import amendments, answers, outbox, revisions, suppressions
from gsef_notify.store.tables import deliveries


def status(connection: Connection, now: datetime) -> dict[str, Any]:
    """The newest revision, the next due instant, counts by state, the number of addresses to which nothing is
    sent, the deliveries that are in trouble, the amendments that nobody has undone, and who of the sessions
    to come has not confirmed."""
    publication = revisions.latest(connection)
    columns = (deliveries.c.id, deliveries.c.state, deliveries.c.attempts, deliveries.c.reason)
    troubled = select(*columns).where(deliveries.c.state.in_(("deferred", "unknown", *outbox.IN_VAIN)))
    rows = connection.execute(troubled.order_by(deliveries.c.id)).mappings()
    return {
        "revision": publication.revision if publication else None,
        "next_due": outbox.next_wake(connection),
        "deliveries": outbox.counts(connection),
        "suppressed": suppressions.count(connection),
        "troubled": [dict(row) for row in rows],
        "amendments": _amendments(connection),
        "unconfirmed": _unconfirmed(connection, publication, now),
    }


def _unconfirmed(
    connection: Connection, publication: Publication | None, now: datetime
) -> list[dict[str, Any]]:
    """The sessions to come whose people have not all answered, with their names."""
    found = []
    for session in publication.program.sessions if publication else ():
        answered = answers.of_people(connection, session.id)
        names = [person.name for person in session.people if person.id not in answered]
        if names and session.start > now:
            found.append({"session": session.id, "start": session.start, "names": names})
    return found


def _amendments(connection: Connection) -> list[dict[str, Any]]:
    """``what`` is a sentence, ``lapsed`` why it is not in force, None where it is."""
    lapsed = revisions.lapsed(connection)
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "session": each.session,
            "segment": each.segment,
            "minutes": each.by // MINUTE,
            "made_at": each.made_at,
            "what": str(each),
            "lapsed": lapsed.get(each.id),
        }
        for each in amendments.standing(connection)
    ]
