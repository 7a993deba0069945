"""A claimed delivery and the newest program -> the mail to send. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.invitation import Answer, Attendee, Organizer, Partstat
from gsef_notify.feeds.reader import Face
from gsef_notify.mail.compose import Forum, Letter
from gsef_notify.mail.digest import DigestMatter
from gsef_notify.mail.list_headers import feedback_id, unsubscribe_headers
from gsef_notify.mail.matter import Links, Recipient, SessionMatter
from gsef_notify.mail.mime import Attachment, Invitation, Mailbox
from gsef_notify.mail.speech import tag_of
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.reminders.facts import (
    NOTHING_WRONG,
    Beginning,
    Correction,
    Facts,
    Kind,
    Subject,
    correction,
    facts_after,
    facts_of,
)
from gsef_notify.reminders.notices import TEMPLATES
from gsef_notify.reminders.people import NAMED_ROLES, known_zone
from gsef_notify.reminders.plan import Reminder, run_of
from gsef_notify.reminders.rules import UNCONFIRMED
from gsef_notify.service.invitations import Guest, Slot, as_attachment, calendar_files, invitations
from gsef_notify.service.tokens import Tokens
from gsef_notify.store.outbox import Delivery

TOLD_ALREADY = "another mail has told them of the new time"
ALL_CONFIRMED = "everybody has answered"
_PARTSTATS: dict[str, Partstat] = {
    "accepted": "ACCEPTED",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
}


@dataclass(frozen=True)
class Letterhead:
    """What all mails share. ``tokens`` open the pages that a mail leads to."""

    site: Site
    forum: Forum
    sender: Mailbox
    tokens: Tokens


@dataclass(frozen=True)
class Draft:
    """A mail and the facts that its reader learns from it, None for none of a session."""

    letter: Letter
    facts: Facts | None


def draft(head: Letterhead, publication: Publication, delivery: Delivery, now: datetime) -> Draft:
    """The mail about a session that a delivery asks for. Raises KeyError where the program no longer has its
    subject."""
    reminder = delivery.reminder
    session = publication.session(reminder.session)
    person = next((person for person in session.people if person.id == reminder.person), None)
    known = known_zone(delivery.timezone, person)
    recipient = _recipient(delivery, known, session.timezone, session.language)
    found = _correction(publication, delivery, now)
    slots = tuple(_slots(publication, session, reminder, found))
    segments = tuple(slot.segment for slot in slots if slot.segment)
    matter = SessionMatter(
        session=session,
        segments=segments,
        person=person,
        links=_links(head, session, person, delivery, recipient),
        starred=tuple(segment for segment in session.segments if segment.id in delivery.starred),
        answer=delivery.answer.answer if delivery.answer else None,
        silent=_silent(session, delivery, person),
        declined=tuple(p for p in session.people if delivery.answered.get(p.id) == "declined"),
        corrects=_corrects(delivery, session, segments),
        correction=found,
    )
    invited = _invited(head, publication, delivery, recipient, slots)
    letter = Letter(
        kind=reminder.template,
        matter=matter,
        recipient=recipient,
        now=now,
        forum=head.forum,
        sender=head.sender,
        message_id=message_id(head, delivery),
        invitation=invited[0] if invited else None,
        attachments=_attachments(head, publication, recipient, slots, invited),
        answers=delivery.answers,
        headers=_headers(head, reminder, matter.links),
    )
    told = segments if reminder.segment else None
    subject = Subject(
        session=session.id, role=reminder.role, person=reminder.person, starred=delivery.starred
    )
    if delivery.believed and reminder.template in TEMPLATES:
        facts = facts_after(delivery.believed.facts, publication, subject, recipient.timezone)
    else:
        facts = facts_of(publication, subject, recipient.timezone, told)
    return Draft(letter, facts)


def digest(head: Letterhead, delivery: Delivery, matter: DigestMatter, now: datetime) -> Draft:
    """The morning mail to an organizer."""
    reminder = delivery.reminder
    letter = Letter(
        kind=reminder.template,
        matter=matter,
        recipient=_recipient(delivery, delivery.timezone, reminder.zone_of_others, "en"),
        now=now,
        forum=head.forum,
        sender=head.sender,
        message_id=message_id(head, delivery),
        headers=_headers(head, reminder, Links(session="", calendar="")),
    )
    return Draft(letter, None)


def message_id(head: Letterhead, delivery: Delivery) -> str:
    """The Message-ID of a delivery: the same at every try (RFC 5322 section 3.6.4), and not to be guessed by
    others, because a bounce that names it is believed."""
    domain = head.sender.address.rpartition("@")[2]
    return f"<{head.tokens.fingerprint(delivery.key)}@{domain}>"


def reason_against(publication: Publication, delivery: Delivery, now: datetime) -> str | None:
    """Why a delivery is no longer called for, None where it is: a notice of what its reader knows by now, or
    a word about silent people where none is. Raises KeyError where the program no longer has its subject."""
    reminder = delivery.reminder
    if reminder.template in TEMPLATES and not _correction(publication, delivery, now):
        return TOLD_ALREADY
    if reminder.session and reminder.template not in TEMPLATES:
        publication.part(reminder.session, reminder.segment)
    if reminder.template == UNCONFIRMED:
        people = publication.session(reminder.session).people
        return None if any(person.id not in delivery.answered for person in people) else ALL_CONFIRMED
    return None


def _correction(publication: Publication, delivery: Delivery, now: datetime) -> Correction:
    believed = delivery.believed
    if believed is None or delivery.reminder.template not in TEMPLATES:
        return NOTHING_WRONG
    return correction(believed.facts, publication, believed.subject, now)


def _slots(
    publication: Publication, session: Session, reminder: Reminder, found: Correction
) -> Iterable[Slot]:
    """The parts that a mail is about: what it takes back or reminds of, else all of a speaker's; a whole
    session only for who has no part of it."""
    if reminder.template in TEMPLATES:
        for change in found.parts:
            yield Slot(*publication.part(session.id, change.segment), change.kind != Kind.RELEASED)
    else:
        segments = _reminded(session, reminder)
        yield from (Slot(session, segment) for segment in segments)
        if not segments:
            yield Slot(session, None)


def _reminded(session: Session, reminder: Reminder) -> tuple[Segment, ...]:
    if reminder.segment is None:
        return session.segments_of(reminder.person or "") if reminder.role == "speaker" else ()
    segment = session.segment(reminder.segment)
    return run_of(session, segment, reminder.person) if reminder.person else (segment,)


def _silent(session: Session, delivery: Delivery, reader: Person | None) -> tuple[Person, ...]:
    return tuple(p for p in session.people if p.id not in delivery.answered and p != reader)


def _corrects(delivery: Delivery, session: Session, segments: tuple[Segment, ...]) -> datetime | None:
    """The local time that the reader of a reminder was told before, if it is another now."""
    if delivery.believed is None or delivery.reminder.template in TEMPLATES:
        return None
    facts = delivery.believed.facts
    part = segments[0] if segments else session
    told = facts.slots.get(part.id) if segments else facts.start
    return told.at if told and not told.is_still(Beginning(part.start, "UTC")) else None


def _recipient(delivery: Delivery, known: str | None, otherwise: str, language: str) -> Recipient:
    return Recipient(
        name=delivery.name,
        address=delivery.email,
        timezone=known or otherwise,
        timezone_is_known=known is not None,
        language=delivery.language or language,
    )


def _invited(
    head: Letterhead,
    publication: Publication,
    delivery: Delivery,
    recipient: Recipient,
    slots: tuple[Slot, ...],
) -> list[Invitation]:
    """Invitations for who is on in the session; in the last minutes nobody looks at them."""
    reminder = delivery.reminder
    if reminder.role not in NAMED_ROLES or reminder.segment:
        return []
    guest = Guest(
        Attendee(delivery.name, delivery.email),
        Organizer(head.forum.name, head.sender.address),
        Face(timezone=recipient.timezone, language=tag_of(recipient.language)),
        _answer(publication, delivery),
    )
    return invitations(head.site, publication, guest, slots)


def _answer(publication: Publication, delivery: Delivery) -> Answer | None:
    """What they said, as an answer to what their calendar answered, or to what was told when they said it on
    our page."""
    answer = delivery.answer
    if answer is None:
        return None
    lineage = publication.lineages[delivery.reminder.session]
    seen = lineage.sequence if answer.answered_at >= lineage.modified else 0
    return Answer(_PARTSTATS[answer.answer], seen if answer.sequence is None else answer.sequence)


def _attachments(
    head: Letterhead,
    publication: Publication,
    recipient: Recipient,
    slots: tuple[Slot, ...],
    invited: list[Invitation],
) -> tuple[Attachment, ...]:
    """Files for calendars: of who is not invited, and further invitations of who is."""
    if not invited:
        face = Face(timezone=recipient.timezone, language=tag_of(recipient.language))
        return calendar_files(head.site, publication, face, slots)
    named = [slot.segment.id if slot.segment else slot.session.id for slot in slots]
    return tuple(as_attachment(*each) for each in zip(named[1:], invited[1:], strict=True))


def _links(
    head: Letterhead, session: Session, person: Person | None, delivery: Delivery, recipient: Recipient
) -> Links:
    role, contact, base = delivery.reminder.role, delivery.contact_id, head.site.public_url
    answer = f"{base}/rsvp/{head.tokens.issue('rsvp', contact, session.id)}"
    unsubscribe = f"{base}/unsubscribe/{head.tokens.issue('unsubscribe', contact, session.id)}"
    return Links(
        session=head.site.session_url(session),
        calendar=_calendar_url(head.site, session, person, recipient),
        answer=answer if role in NAMED_ROLES else "",
        unsubscribe=unsubscribe if role == "participant" else "",
    )


def _headers(head: Letterhead, reminder: Reminder, links: Links) -> tuple[tuple[str, str], ...]:
    about = feedback_id(reminder.template, head.forum.name, head.sender.address)
    return (about, *(unsubscribe_headers(links.unsubscribe) if links.unsubscribe else ()))


def _calendar_url(site: Site, session: Session, person: Person | None, recipient: Recipient) -> str:
    path = f"/people/{person.id}.ics" if person else f"/sessions/{session.id}.ics"
    tag = tag_of(recipient.language)
    language = f"&lang={tag}" if tag != tag_of(session.language) else ""
    return f"{site.public_url}{path}?timezone={recipient.timezone}{language}"
