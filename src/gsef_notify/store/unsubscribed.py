"""Who wants no reminders of a session, or of any."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from gsef_notify.store.links import Owner
from gsef_notify.store.tables import unsubscribed
from gsef_notify.store.upsert import insert

ALL_SESSIONS = ""


class Subscriber(NamedTuple):
    """Somebody who may not want reminders of a session, or of any where that is empty; ``without`` are the
    sessions of which they have said so."""

    owner: Owner
    session: str
    without: frozenset[str]

    @property
    def is_unsubscribed(self) -> bool:
        """Whether they get none of those."""
        return bool(self.without & {self.session, ALL_SESSIONS})


def unsubscribe(connection: Connection, contact_id: int, session: str, now: datetime) -> None:
    """Send a contact no reminders of a session, or of any for ``ALL_SESSIONS``."""
    values = {"contact_id": contact_id, "session": session, "at": now}
    connection.execute(insert(connection, unsubscribed).values(values).on_conflict_do_nothing())


def resubscribe(connection: Connection, contact_id: int, session: str) -> None:
    """Send them reminders of a session again; of the others only if they get them now."""
    theirs = (unsubscribed.c.contact_id == contact_id, unsubscribed.c.session.in_((session, ALL_SESSIONS)))
    connection.execute(delete(unsubscribed).where(*theirs))


def is_unsubscribed(contact_id: ColumnElement[int], session: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a contact wants no reminders of a session, as a condition on the columns of a query."""
    return exists().where(
        unsubscribed.c.contact_id == contact_id, unsubscribed.c.session.in_((session, ALL_SESSIONS))
    )


def sessions_of(connection: Connection, contact_id: int) -> frozenset[str]:
    """The sessions of which a contact wants no reminders."""
    theirs = select(unsubscribed.c.session).where(unsubscribed.c.contact_id == contact_id)
    return frozenset(connection.scalars(theirs))
