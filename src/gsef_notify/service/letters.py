"""A claimed delivery and the newest program -> the mail to send. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import segment_file
from gsef_notify.feeds.reader import Face
from gsef_notify.mail.compose import Forum, Letter
from gsef_notify.mail.matter import Links, Recipient, SessionMatter
from gsef_notify.mail.mime import Attachment, Mailbox
from gsef_notify.mail.speech import tag_of
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.reminders.facts import (
    NOTHING_WRONG,
    Beginning,
    Correction,
    Facts,
    Subject,
    correction,
    facts_of,
)
from gsef_notify.reminders.notices import TEMPLATES
from gsef_notify.reminders.people import known_zone
from gsef_notify.reminders.plan import Reminder, run_of
from gsef_notify.store.outbox import Delivery


@dataclass(frozen=True)
class Letterhead:
    """What all mails share."""

    site: Site
    forum: Forum
    sender: Mailbox


@dataclass(frozen=True)
class Draft:
    """A mail and the facts that its reader learns from it."""

    letter: Letter
    facts: Facts


def draft(head: Letterhead, publication: Publication, delivery: Delivery, now: datetime) -> Draft:
    """The mail that a delivery asks for. Raises KeyError where the program no longer has its subject."""
    reminder = delivery.reminder
    session = publication.part(reminder.session, reminder.segment)[0]
    person = _person(session, reminder)
    recipient = _recipient(delivery, session, person)
    subject = Subject(
        session=session.id, role=reminder.role, person=reminder.person, starred=delivery.starred
    )
    found = _correction(publication, delivery, now)
    segments = _segments(publication, session, reminder, found)
    told = segments if reminder.segment else None
    matter = SessionMatter(
        session=session,
        segments=segments,
        person=person,
        links=Links(head.site.session_url(session), _calendar_url(head.site, session, person, recipient)),
        starred=_starred(session, delivery),
        corrects=_corrects(delivery, session, segments),
        correction=found,
    )
    letter = Letter(
        kind=reminder.template,
        matter=matter,
        recipient=recipient,
        now=now,
        forum=head.forum,
        sender=head.sender,
        message_id=message_id(head, delivery),
        attachments=_attachments(head, publication, session, segments, recipient),
        answers=delivery.answers,
    )
    return Draft(letter, facts_of(publication, subject, recipient.timezone, told))


def message_id(head: Letterhead, delivery: Delivery) -> str:
    """The Message-ID of a delivery: the same at every try (RFC 5322 section 3.6.4)."""
    domain = head.sender.address.rpartition("@")[2]
    return f"<{hashlib.sha256(delivery.key.encode()).hexdigest()[:40]}@{domain}>"


def is_moot(publication: Publication, delivery: Delivery, now: datetime) -> bool:
    """Whether a delivery is a notice of what its reader knows by now."""
    return delivery.reminder.template in TEMPLATES and not _correction(publication, delivery, now)


def _correction(publication: Publication, delivery: Delivery, now: datetime) -> Correction:
    believed = delivery.believed
    if believed is None or delivery.reminder.template not in TEMPLATES:
        return NOTHING_WRONG
    return correction(believed.facts, publication, believed.subject, now)


def _person(session: Session, reminder: Reminder) -> Person | None:
    return next((person for person in session.people if person.id == reminder.person), None)


def _segments(
    publication: Publication, session: Session, reminder: Reminder, found: Correction
) -> tuple[Segment, ...]:
    """The segments that a mail is about: the ones that it reminds or takes back, else all of a speaker's."""
    if reminder.template in TEMPLATES:
        parts = (publication.part(session.id, part.segment)[1] for part in found.parts)
        return tuple(segment for segment in parts if segment)
    if reminder.segment is None:
        return session.segments_of(reminder.person or "") if reminder.role == "speaker" else ()
    segment = session.segment(reminder.segment)
    return run_of(session, segment, reminder.person) if reminder.person else (segment,)


def _starred(session: Session, delivery: Delivery) -> tuple[Segment, ...]:
    return tuple(segment for segment in session.segments if segment.id in delivery.starred)


def _corrects(delivery: Delivery, session: Session, segments: tuple[Segment, ...]) -> datetime | None:
    """The local time that the reader of a reminder was told before, if it is another now."""
    if delivery.believed is None or delivery.reminder.template in TEMPLATES:
        return None
    facts = delivery.believed.facts
    part = segments[0] if segments else session
    told = facts.slots.get(part.id) if segments else facts.start
    return told.at if told and not told.is_still(Beginning(part.start, "UTC")) else None


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
    parts = (publication.part(session.id, segment.id) for segment in segments)
    return tuple(
        Attachment(
            filename=f"{segment.id}.ics",
            content_type="text/calendar; charset=utf-8",
            content=segment_file(head.site, publication, face, of, segment),
        )
        for of, segment in parts
        if segment
    )


def _calendar_url(site: Site, session: Session, person: Person | None, recipient: Recipient) -> str:
    path = f"/people/{person.id}.ics" if person else f"/sessions/{session.id}.ics"
    tag = tag_of(recipient.language)
    language = f"&lang={tag}" if tag != tag_of(session.language) else ""
    return f"{site.public_url}{path}?timezone={recipient.timezone}{language}"
