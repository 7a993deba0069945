"""What a mail says: a letter and the templates -> a message. Pure, once the templates are loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail.mime import Attachment, Mailbox, Message
from gsef_notify.mail.speech import Speech, is_near
from gsef_notify.mail.templates import Templates
from gsef_notify.mail.words import Reader, neighbour, person_line
from gsef_notify.program.model import Person, Segment, Session


@dataclass(frozen=True)
class Forum:
    """Who invites. ``contact`` is whom to ask: an address of the organizers, or a page."""

    name: str
    url: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Recipient:
    """Who is written to, and in which zone they are told times."""

    name: str
    address: str
    timezone: str
    timezone_is_known: bool
    language: str


@dataclass(frozen=True)
class Letter:
    """One mail before its words. ``kind`` is a folder of the mail templates, ``person`` the recipient's entry
    in the program, ``corrects`` the beginning that they were told before, if that is no longer true,
    ``answers`` the Message-ID of the mail that this one takes back."""

    kind: str
    session: Session
    segment: Segment | None
    person: Person | None
    recipient: Recipient
    now: datetime
    forum: Forum
    sender: Mailbox
    session_url: str
    calendar_url: str
    message_id: str
    attachments: tuple[Attachment, ...] = ()
    corrects: datetime | None = None
    answers: str | None = None


def check(templates: Templates, letters: Iterable[Letter]) -> None:
    """See that every name in the templates is known, and that letters can be rendered in every language.

    Raises TemplateError.
    """
    checked: set[str] = set()
    for letter in letters:
        if letter.kind not in checked:
            templates.check_names(letter.kind, set(context(letter, templates.speech("en"))))
            checked.add(letter.kind)
        for language in LANGUAGES:
            compose(replace(letter, recipient=replace(letter.recipient, language=language)), templates)


def compose(letter: Letter, templates: Templates) -> Message:
    """The message of a letter. Raises TemplateError."""
    speech = templates.speech(letter.recipient.language)
    subject, text, html = templates.render(letter.kind, speech.tag, context(letter, speech))
    return Message(
        sender=letter.sender,
        recipient=Mailbox(letter.recipient.address, letter.recipient.name),
        reply_to=Mailbox(letter.forum.contact, letter.forum.name) if "@" in letter.forum.contact else None,
        subject=subject,
        date=letter.now,
        message_id=letter.message_id,
        text=text,
        html=html,
        language=speech.tag,
        attachments=letter.attachments,
        headers=tuple((name, letter.answers) for name in ("In-Reply-To", "References") if letter.answers),
    )


def context(letter: Letter, speech: Speech) -> dict[str, Any]:
    """What the templates know: texts, numbers, and lists and mappings of them; no addresses of others."""
    session = letter.session
    segments = own_segments(session, letter.segment, letter.person)
    reader = Reader(letter.recipient.timezone, session.timezone, speech)
    begins = segments[0].start if segments else session.start
    return {
        "name": letter.recipient.name,
        "language": speech.tag,
        "left": speech.left(letter.now, begins, reader.timezone),
        "is_near": is_near(letter.now, begins, reader.timezone),
        "has_begun": begins <= letter.now,
        "zone_is_known": letter.recipient.timezone_is_known,
        "corrects": reader.span(letter.corrects, letter.corrects) if letter.corrects else None,
        "session": {"title": session.title, **reader.span(session.start, session.end)},
        "slots": [_slot(session, segment, reader) for segment in segments],
        "order": reader.order(session, {segment.id for segment in segments}),
        "people": [person_line(speech, person) for person in session.people if person != letter.person],
        "moderators": [p.name for p in session.with_role("moderator") if p != letter.person],
        "join_url": session.join_url or letter.session_url,
        "joins_at_page": session.join_url is None,
        "session_url": letter.session_url,
        "calendar_url": letter.calendar_url,
        "forum": {"name": letter.forum.name, "url": letter.forum.url, "contact": letter.forum.contact},
    }


def own_segments(session: Session, segment: Segment | None, person: Person | None) -> tuple[Segment, ...]:
    """The reader's own segments that a mail is about: the one that it reminds of, else all of a speaker's."""
    if segment is not None:
        return (segment,)
    return session.segments_of(person.id) if person and person.role == "speaker" else ()


def _slot(session: Session, segment: Segment, reader: Reader) -> dict[str, Any]:
    return {
        "title": segment.title,
        **reader.span(segment.start, segment.end),
        "before": neighbour(session, segment, -1),
        "after": neighbour(session, segment, 1),
    }
