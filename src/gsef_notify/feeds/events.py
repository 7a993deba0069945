"""Segments and sessions as VEVENT components (RFC 5545 section 3.6.1). No address of a person goes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Component, Event

from gsef_notify import zones
from gsef_notify.feeds.words import Words, place_line, time_line, words_of
from gsef_notify.program.changes import Lineage, Publication
from gsef_notify.program.model import Person, Segment, Session

_COLORS = (
    "cornflowerblue", "seagreen", "darkorange", "mediumpurple", "indianred", "teal", "goldenrod", "slategray",
    "hotpink", "olivedrab", "steelblue", "sienna",
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Where the forum is found: ``public_url`` has no slash at its end, ``name`` is the calendar's, and
    ``uid_domain`` ends every UID and must never change."""

    name: str
    public_url: str
    uid_domain: str

    def session_url(self, session: Session) -> str:
        """The page of a session."""
        return f"{self.public_url}/sessions/{session.id}"


@dataclass(frozen=True)
class Face:
    """How a reader wants events: the IANA zone of their times and the language of their labels, both as each
    session has them where that is None, and, if any, an alarm that long before."""

    timezone: str | None = None
    alarm: timedelta | None = None
    language: str | None = None

    def zone(self, session: Session) -> str:
        """The zone in which a session's times are written."""
        return self.timezone or session.timezone

    def words(self, session: Session) -> Words:
        """The words around what a session says."""
        return words_of(self.language or session.language)


def segment_event(
    site: Site, face: Face, publication: Publication, session: Session, segment: Segment
) -> Event:
    """One segment as an event."""
    speakers = session.people_of(segment)
    event = _event(
        uid=segment_uid(site, session, segment),
        lineage=publication.lineage(session, segment),
        is_cancelled=publication.is_removed(session, segment),
        summary=" - ".join(filter(None, (segment.title, session.names_of(segment)))),
        face=face,
        session=session,
        start=segment.start,
        end=segment.end,
    )
    event.add("related-to", session_uid(site, session), parameters={"RELTYPE": "PARENT"})
    lines = [*_first_lines(site, face, session, event), *_time_lines(face, session, segment, speakers)]
    lines += ["", *(_speaker_line(person) for person in speakers)] if speakers else []
    if session.title != segment.title:
        lines += ["", face.words(session).part_of.format(session.title)]
    elif session.background:
        lines += ["", session.background]
    _describe(event, site, session, face, lines)
    for person in speakers:
        event.add_component(_participant(site, session, person))
    return event


def session_event(site: Site, face: Face, publication: Publication, session: Session) -> Event:
    """A whole session as one event, its running order in the text."""
    event = _event(
        uid=session_uid(site, session),
        lineage=publication.lineage(session),
        is_cancelled=publication.is_removed(session),
        summary=session.title,
        face=face,
        session=session,
        start=session.start,
        end=session.end,
    )
    speakers = session.with_role("speaker")
    lines = [*_first_lines(site, face, session, event), *_time_lines(face, session, session, speakers), ""]
    lines += [_running_order_line(face, session, segment) for segment in session.segments]
    _describe(event, site, session, face, lines)
    return event


def session_uid(site: Site, session: Session) -> str:
    """The lasting identity of a session's event."""
    return f"{session.id}@{site.uid_domain}"


def segment_uid(site: Site, session: Session, segment: Segment) -> str:
    """The lasting identity of a segment's event."""
    return f"{session.id}.{segment.id}@{site.uid_domain}"


def _event(
    *,
    uid: str,
    lineage: Lineage,
    is_cancelled: bool,
    summary: str,
    face: Face,
    session: Session,
    start: datetime,
    end: datetime,
) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", lineage.modified)
    event.add("last-modified", lineage.modified)
    event.add("sequence", lineage.sequence)
    event.add("summary", summary, parameters={"LANGUAGE": session.language})
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if is_cancelled:
        event.add("transp", "TRANSPARENT")
    _add_time(event, "dtstart", start, face.zone(session))
    if end > start:  # an end must lie behind the beginning (RFC 5545 section 3.8.2.2)
        _add_time(event, "dtend", end, face.zone(session))
    return event


def _add_time(event: Event, name: str, moment: datetime, timezone: str) -> None:
    """A local time with its zone; in UTC where the clocks show that time twice, of which clients take the
    first (RFC 5545 section 3.3.5)."""
    if timezone == "UTC" or not zones.says_all(moment, timezone):
        event.add(name, moment)
    else:
        event.add(name, zones.local(moment, timezone).replace(tzinfo=None), parameters={"TZID": timezone})


def _describe(event: Event, site: Site, session: Session, face: Face, lines: list[str]) -> None:
    words = face.words(session)
    event.add("description", "\n".join(lines), parameters={"LANGUAGE": words.tag})
    event.add("location", ", ".join(filter(None, (session.room, session.join_url))) or words.online)
    if session.track:
        event.add("categories", [session.track])
        event.add("color", color_of(session.track))
    if session.join_url:
        event.add("conference", session.join_url, parameters={"VALUE": "URI", "LABEL": words.online})
    event.add("url", site.session_url(session))
    if face.alarm is not None and event["status"] == "CONFIRMED":
        event.add_component(_alarm(face.alarm, str(event["summary"])))


def _alarm(before: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", text)
    return alarm


def color_of(name: str) -> str:
    """The same colour for the same name, as CSS calls it (RFC 7986 section 5.9)."""
    return _COLORS[sha256(name.casefold().encode()).digest()[0] % len(_COLORS)]


class _Participant(Component):
    name = "PARTICIPANT"


def _participant(site: Site, session: Session, person: Person) -> Component:
    """A speaker by name (RFC 9073 section 7.1), without an address."""
    participant = _Participant()
    participant.add("uid", f"{session.id}.{person.id}@{site.uid_domain}")
    participant.add("participant-type", "SPEAKER")
    participant.add("summary", person.name)
    return participant


def _first_lines(site: Site, face: Face, session: Session, event: Event) -> list[str]:
    words = face.words(session)
    if event["status"] == "CANCELLED":
        return [words.cancelled, ""]
    return [words.join.format(session.join_url or site.session_url(session)), ""]


def _time_lines(face: Face, session: Session, part: Session | Segment, people: Sequence[Person]) -> list[str]:
    """The times by the reader's clock, the session's and UTC, and those of the people's cities."""
    words, shown = face.words(session), face.zone(session)
    named = dict.fromkeys((shown, session.timezone, "UTC"))
    theirs = dict.fromkeys(person.timezone for person in people if person.timezone not in (None, *named))
    return [
        *(time_line(words, name, part.start, part.end) for name in named),
        *(place_line(words, name, part.start, part.end, shown) for name in theirs if name),
    ]


def _speaker_line(person: Person) -> str:
    return ", ".join(part for part in (person.name, person.position, person.organization) if part)


def _running_order_line(face: Face, session: Session, segment: Segment) -> str:
    name = face.zone(session)
    start, end = zones.local(segment.start, name), zones.local(segment.end, name)
    people = session.names_of(segment)
    return f"{start:%H:%M}-{end:%H:%M} {segment.title}{f' - {people}' if people else ''}"
