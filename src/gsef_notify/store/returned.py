"""Deliveries that were sent and come back."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update

from gsef_notify.store.tables import contacts, deliveries, reminders

LONGEST_REASON = 1000


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that went out, and to whom."""

    id: int
    contact_id: int
    email: str
    session: str
    state: str


def delivery_of(connection: Connection, message_id: str) -> Sent | None:
    """The delivery whose mail has that Message-ID, None where we sent none such."""
    columns = (
        deliveries.c.id,
        deliveries.c.contact_id,
        contacts.c.email,
        reminders.c.session,
        deliveries.c.state,
    )
    joined = deliveries.join(contacts).join(reminders)
    query = select(*columns).select_from(joined).where(deliveries.c.message_id == message_id)
    row = connection.execute(query.order_by(deliveries.c.id.desc()).limit(1)).mappings().one_or_none()
    return Sent(**row) if row else None


def mark_bounced(connection: Connection, delivery_id: int, reason: str, now: datetime) -> bool:
    """End a sent delivery as one that came back. False where it is not ``sent``, or came back before."""
    was_sent = (deliveries.c.id == delivery_id, deliveries.c.state == "sent")
    values = {"state": "bounced", "reason": reason[:LONGEST_REASON], "finished_at": now}
    return connection.execute(update(deliveries).where(*was_sent).values(values)).rowcount == 1
