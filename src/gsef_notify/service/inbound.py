"""A mail that came in, taken into account."""

from datetime import datetime

from gsef_notify.mail.bounces import Bounce
from gsef_notify.mail.inbound import CalendarReply, OutOfOffice, Unreadable, read_inbound
from gsef_notify.service.bounces import take_bounce
from gsef_notify.service.calendar_replies import Inbox, take_reply
from gsef_notify.service.outcome import Outcome
from gsef_notify.store.database import transaction


def take(inbox: Inbox, content: bytes, now: datetime) -> Outcome:
    """Do what a mail asks for; the same mail again changes nothing. Raises DBAPIError where the database can
    not be asked: then it should be taken later."""
    match read_inbound(content):
        case Bounce() as bounce:
            with transaction(inbox.engine) as connection:
                return take_bounce(connection, bounce, now)
        case CalendarReply() as reply:
            with transaction(inbox.engine) as connection:
                return take_reply(inbox, connection, reply, now)
        case OutOfOffice():
            return Outcome(True, "an automatic answer, which says nothing to a program")
        case Unreadable(reason=reason):
            return Outcome(False, f"a mail that can not be read: {reason}")
        case _:
            return Outcome(False, "a mail for people")
