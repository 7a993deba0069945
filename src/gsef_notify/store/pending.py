"""The mails that are still to go out, each to one contact."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, select

from gsef_notify.reminders.notices import TEMPLATES
from gsef_notify.store.audiences import CONTACT, audience, is_new_to_them
from gsef_notify.store.outbox import WAITING
from gsef_notify.store.tables import contacts, deliveries, reminders


def pending_reminders(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Every reminder that somebody will get from now on, with the columns of both, the earliest first. What
    is too late by then is left out, and so are notices."""
    useful = (reminders.c.useless_from > now, reminders.c.template.not_in(TEMPLATES))
    planned = audience(reminders, *CONTACT).where(reminders.c.state == "planned", *useful, is_new_to_them())
    joined = deliveries.join(reminders).join(contacts)
    waiting = select(reminders, *CONTACT).select_from(joined).where(deliveries.c.state.in_(WAITING), *useful)
    rows = {
        (row.key, row.email): row for row in chain(connection.execute(planned), connection.execute(waiting))
    }
    return sorted(rows.values(), key=lambda row: (row.due, row.key, row.name))
