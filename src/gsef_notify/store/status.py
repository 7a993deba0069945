"""How things stand."""

from typing import Any

from sqlalchemy import Connection, select

from gsef_notify.program.amendments import MINUTE
from gsef_notify.store import amendments, outbox, revisions, suppressions
from gsef_notify.store.tables import deliveries


def status(connection: Connection) -> dict[str, Any]:
    """The newest revision, the next due instant, counts by state, the number of addresses to which nothing is
    sent, the deliveries that are in trouble, and the amendments that nobody has undone."""
    publication = revisions.latest(connection)
    columns = (deliveries.c.id, deliveries.c.state, deliveries.c.attempts, deliveries.c.reason)
    troubled = select(*columns).where(deliveries.c.state.in_(("deferred", "failed", "expired", "bounced")))
    rows = connection.execute(troubled.order_by(deliveries.c.id)).mappings()
    return {
        "revision": publication.revision if publication else None,
        "next_due": outbox.next_wake(connection),
        "deliveries": outbox.counts(connection),
        "suppressed": suppressions.count(connection),
        "troubled": [dict(row) for row in rows],
        "amendments": _amendments(connection),
    }


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
