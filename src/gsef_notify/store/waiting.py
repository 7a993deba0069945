"""The notices that have not gone out."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from gsef_notify.reminders.notices import TEMPLATES
from gsef_notify.store.outbox import WAITING
from gsef_notify.store.tables import contacts, deliveries, reminders


class WaitingNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that waits for ``due``: to whom, of which kind (its template), about what of the program."""

    id: int
    due: datetime
    kind: str
    session: str
    segment: str | None
    name: str
    email: str


def waiting_notices(connection: Connection) -> list[WaitingNotice]:
    """Every notice that is to go out, by the names of their readers."""
    columns = (
        deliveries.c.id,
        deliveries.c.due,
        reminders.c.template.label("kind"),
        reminders.c.session,
        reminders.c.segment,
        contacts.c.name,
        contacts.c.email,
    )
    joined = deliveries.join(reminders).join(contacts)
    query = select(*columns).select_from(joined)
    query = query.where(deliveries.c.state.in_(WAITING), reminders.c.template.in_(TEMPLATES))
    rows = connection.execute(query.order_by(contacts.c.name, deliveries.c.id)).mappings()
    return [WaitingNotice(**row) for row in rows]
