"""What somebody's calendar answers to an invitation (RFC 5546 section 3.2.3), taken into account.

It counts for the contact whose address its ATTENDEE is, and only for a slot of theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine

from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.events import Site, segment_uid, session_uid
from gsef_notify.mail.inbound import CalendarReply
from gsef_notify.mail.reply import read_reply
from gsef_notify.program.concerns import is_named, slots_of
from gsef_notify.program.model import Segment, Session
from gsef_notify.service.outcome import Outcome, printable
from gsef_notify.store import answers, links, people, revisions
from gsef_notify.store.answers import LONGEST_COMMENT, Answer, Choice
from gsef_notify.store.links import Owner

CHOICES: dict[str, Choice] = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


class Reply(Protocol):
    """An answer as a calendar gives it: ``partstat`` of RFC 5545 section 3.2.12, ``dtstamp`` when it was
    given, ``sequence`` that of the invitation."""

    @property
    def uid(self) -> str: ...
    @property
    def attendee(self) -> str: ...
    @property
    def partstat(self) -> str: ...
    @property
    def dtstamp(self) -> datetime: ...
    @property
    def sequence(self) -> int | None: ...
    @property
    def comment(self) -> str: ...


ReadReply = Callable[[bytes], Reply]


@dataclass(frozen=True)
class Inbox:
    """What it takes to understand a mail: ``site`` ends the UIDs of our events, ``read_reply`` reads a
    calendar, and raises GsefNotifyError for one that answers nothing."""

    engine: Engine
    site: Site
    read_reply: ReadReply = read_reply


def take_reply(inbox: Inbox, connection: Connection, mail: CalendarReply, now: datetime) -> Outcome:
    """Keep what a calendar answers."""
    try:
        reply = inbox.read_reply(mail.content)
    except GsefNotifyError as error:
        return Outcome(False, f"a calendar answers what can not be understood: {printable(str(error))[:300]}")
    contact_id = people.at_address(connection, reply.attendee)
    if contact_id is None:
        return Outcome(False, "a calendar answers for somebody whom the contact list does not have")
    choice = CHOICES.get(reply.partstat)
    if choice is None:
        return Outcome(False, f"a calendar answers {reply.partstat[:40]!r}, which is neither yes nor no")
    session = _session_of(inbox, connection, reply.uid, links.owner(connection, contact_id))
    if session is None:
        return Outcome(False, "a calendar answers for a slot that is not theirs, or not in the program")
    if session.end <= now:
        return Outcome(True, "a calendar answers for a session that is over")
    answer = Answer(
        contact_id=contact_id,
        session=session.id,
        answer=choice,
        answered_at=min(reply.dtstamp, now),
        via="mail",
        sequence=reply.sequence,
        comment=reply.comment[:LONGEST_COMMENT] or None,
    )
    return _kept(connection, answer, is_from_them=mail.sender.casefold() == reply.attendee.casefold())


def _kept(connection: Connection, answer: Answer, *, is_from_them: bool) -> Outcome:
    is_new = answers.keep(connection, answer)
    what = f"contact {answer.contact_id} has {_DONE[answer.answer]} session {answer.session}"
    said = what if is_new else f"{what}, but said something else later"
    return Outcome(True, said if is_from_them else f"{said} (written from another address than theirs)")


_DONE = {"accepted": "accepted", "declined": "declined", "tentative": "tentatively accepted"}


def _session_of(inbox: Inbox, connection: Connection, uid: str, owner: Owner) -> Session | None:
    """The session of the newest program that has the event, if that is theirs to answer."""
    publication = revisions.latest(connection)
    for session in publication.program.sessions if publication else ():
        slots: list[Segment] = slots_of(session, owner.people)
        uids = {segment_uid(inbox.site, session, slot) for slot in slots}
        if is_named(session, owner.people) or not owner.follows.isdisjoint({"", session.id}):
            uids.add(session_uid(inbox.site, session))
        if uid in uids:
            return session
    return None
