"""A claimed delivery and the newest program -> the mail to send. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import segment_file
from gsef_notify.feeds.reader import Face
from gsef_notify.mail.compose import Forum, Letter, Recipient, own_segments
from gsef_notify.mail.mime import Attachment, Mailbox
from gsef_notify.mail.speech import tag_of
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.reminders.people import known_zone
from gsef_notify.store.outbox import Delivery


@dataclass(frozen=True)
class Letterhead:
    """What all mails share."""

    site: Site
    forum: Forum
    sender: Mailbox


def letter(head: Letterhead, publication: Publication, delivery: Delivery, now: datetime) -> Letter:
    """The mail that a delivery asks for. Raises KeyError where the program no longer has its subject."""
    reminder = delivery.reminder
    session, segment = publication.part(reminder.session, reminder.segment)
    person = session.person(reminder.person) if reminder.person else None
    recipient = _recipient(delivery, session, person)
    own = own_segments(session, segment, person)
    return Letter(
        kind=reminder.template,
        session=session,
        segment=segment,
        person=person,
        recipient=recipient,
        now=now,
        forum=head.forum,
        sender=head.sender,
        session_url=head.site.session_url(session),
        calendar_url=_calendar_url(head.site, session, person, recipient),
        message_id=message_id(head, delivery),
        attachments=_attachments(head, publication, session, own, recipient),
        corrects=delivery.corrects,
        answers=_message_id(head, delivery.answers, delivery.email) if delivery.answers else None,
    )


def message_id(head: Letterhead, delivery: Delivery) -> str:
    """The Message-ID of a delivery: the same at every try (RFC 5322 section 3.6.4)."""
    return _message_id(head, delivery.reminder.key, delivery.email)


def _message_id(head: Letterhead, reminder_key: str, email: str) -> str:
    domain = head.sender.address.rpartition("@")[2]
    return f"<{hashlib.sha256(f'{reminder_key} {email}'.encode()).hexdigest()[:40]}@{domain}>"


def _recipient(delivery: Delivery, session: Session, person: Person | None) -> Recipient:
    known = known_zone(delivery.timezone, person)
    return Recipient(
        name=delivery.name,
        address=delivery.email,
        timezone=known or session.timezone,
        timezone_is_known=known is not None,
        language=delivery.language or session.language,
    )


def _attachments(
    head: Letterhead,
    publication: Publication,
    session: Session,
    segments: tuple[Segment, ...],
    recipient: Recipient,
) -> tuple[Attachment, ...]:
    face = Face(timezone=recipient.timezone, language=tag_of(recipient.language))
    return tuple(
        Attachment(
            filename=f"{segment.id}.ics",
            content_type="text/calendar; charset=utf-8",
            content=segment_file(head.site, publication, face, session, segment),
        )
        for segment in segments
    )


def _calendar_url(site: Site, session: Session, person: Person | None, recipient: Recipient) -> str:
    path = f"/people/{person.id}.ics" if person else f"/sessions/{session.id}.ics"
    tag = tag_of(recipient.language)
    language = f"&lang={tag}" if tag != tag_of(session.language) else ""
    return f"{site.public_url}{path}?timezone={recipient.timezone}{language}"
