"""What a mail about a session has to say, in the words of its reader. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gsef_notify.mail.speech import Speech, is_near
from gsef_notify.mail.words import Reader, contact_line, neighbour, person_line
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.reminders.facts import NOTHING_WRONG, Change, Correction

Answer = Literal["accepted", "declined", "tentative"]


@dataclass(frozen=True)
class Recipient:
    """Who is written to, and in which zone they are told times."""

    name: str
    address: str
    timezone: str
    timezone_is_known: bool
    language: str


@dataclass(frozen=True)
class Links:
    """Where a mail leads; "" for what there is not. ``answer`` is where its reader confirms or declines,
    ``unsubscribe`` where they end such mails."""

    session: str
    calendar: str
    answer: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True)
class SessionMatter:
    """A session as one mail tells of it. ``segments`` are those that it is about, ``starred`` those that its
    reader follows besides, ``person`` is the recipient's entry in the program, ``answer`` whether they have
    said that they will come, ``silent`` the people who have not, ``declined`` those who can not. ``corrects``
    is the local time that they were told before if that is no longer true, ``correction`` what a notice puts
    right."""

    session: Session
    segments: tuple[Segment, ...]
    person: Person | None
    links: Links
    starred: tuple[Segment, ...] = ()
    answer: Answer | None = None
    silent: tuple[Person, ...] = ()
    declined: tuple[Person, ...] = ()
    corrects: datetime | None = None
    correction: Correction = NOTHING_WRONG

    def context(self, recipient: Recipient, now: datetime, speech: Speech) -> dict[str, Any]:
        """What the templates know: texts, numbers, and lists and mappings of them; no addresses of others."""
        reader = Reader(recipient.timezone, self.session.timezone, speech)
        return {
            **_about_the_reader(self, recipient, speech),
            **_about_the_times(self, now, reader),
            **_about_the_people(self, speech),
            **_about_changes(self, reader),
            "join_url": self.session.join_url or self.links.session,
            "joins_at_page": self.session.join_url is None,
            "session_url": self.links.session,
            "calendar_url": self.links.calendar,
            "answer_url": self.links.answer,
            "unsubscribe_url": self.links.unsubscribe,
        }


def _about_the_reader(matter: SessionMatter, recipient: Recipient, speech: Speech) -> dict[str, Any]:
    person = matter.person
    return {
        "zone_is_known": recipient.timezone_is_known,
        "place": speech.place(recipient.timezone, matter.session.start),
        "answer": matter.answer or "",
        "me": person_line(speech, person) if person else None,
        "presentation": person.presentation.title if person and person.presentation else "",
    }


def _about_the_times(matter: SessionMatter, now: datetime, reader: Reader) -> dict[str, Any]:
    session, speech = matter.session, reader.speech
    begins = matter.segments[0].start if matter.segments else session.start
    own = {s.id for s in session.segments if matter.person and matter.person.id in s.people}
    return {
        "left": speech.left(now, begins, reader.timezone),
        "is_near": is_near(now, begins, reader.timezone),
        "has_begun": begins <= now,
        "clock_change": reader.clock_change(now, begins),
        "session": {"title": session.title, **reader.span(session.start, session.end)},
        "slots": [_slot(session, segment, reader) for segment in matter.segments],
        "starred": [_slot(session, segment, reader) for segment in matter.starred],
        "order": reader.order(session, own | {segment.id for segment in matter.segments}),
    }


def _about_the_people(matter: SessionMatter, speech: Speech) -> dict[str, Any]:
    others = [person for person in matter.session.people if person != matter.person]
    return {
        "people": [person_line(speech, person) for person in others],
        "contacts": [contact_line(person) for person in others if person.contact or person.pronunciation],
        "moderators": [person.name for person in others if person.role == "moderator"],
        "silent": [person.name for person in matter.silent],
        "declined": [person.name for person in matter.declined],
    }


def _about_changes(matter: SessionMatter, reader: Reader) -> dict[str, Any]:
    correction = matter.correction
    return {
        "corrects": reader.as_told(matter.corrects) if matter.corrects else None,
        "changes": [_change(matter, change, reader) for change in correction.parts],
        "has_new_link": correction.link,
        "joined": list(correction.joined),
        "has_left": list(correction.left),
    }


def _change(matter: SessionMatter, change: Change, reader: Reader) -> dict[str, Any]:
    session = matter.session
    part = next((s for s in (*matter.segments, *session.segments) if s.id == change.segment), session)
    length = part.end - part.start
    told = change.before and {
        **reader.span(change.before, change.before + length),
        **reader.as_told(change.before),
    }
    return {
        "kind": str(change.kind),
        "title": part.title,
        "before": told,
        "after": reader.span(change.after, change.after + length) if change.after else None,
    }


def _slot(session: Session, segment: Segment, reader: Reader) -> dict[str, Any]:
    return {
        "title": segment.title,
        **reader.span(segment.start, segment.end),
        "before": neighbour(session, segment, -1),
        "after": neighbour(session, segment, 1),
    }
