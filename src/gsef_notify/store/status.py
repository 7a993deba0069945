"""How things stand."""

from typing import Any

from sqlalchemy import Connection, select

from gsef_notify.store import outbox, revisions
from gsef_notify.store.tables import deliveries


def status(connection: Connection) -> dict[str, Any]:
    """The newest revision, the next due instant, counts by state, and the deliveries that are in trouble."""
    publication = revisions.latest(connection)
    columns = (deliveries.c.id, deliveries.c.state, deliveries.c.attempts, deliveries.c.reason)
    troubled = select(*columns).where(deliveries.c.state.in_(("deferred", "failed", "expired")))
    rows = connection.execute(troubled.order_by(deliveries.c.id)).mappings()
    return {
        "revision": publication.revision if publication else None,
        "next_due": outbox.next_wake(connection),
        "deliveries": outbox.counts(connection),
        "troubled": [dict(row) for row in rows],
    }
