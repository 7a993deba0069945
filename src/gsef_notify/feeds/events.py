"""Segments and sessions as VEVENT components (RFC 5545 section 3.6.1). No address of a person goes in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Event

from gsef_notify import zones
from gsef_notify.program.changes import Lineage, Publication
from gsef_notify.program.model import Person, Segment, Session


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
    """How a reader wants events: the IANA zone of their times (each session's own where it is None) and, if
    any, an alarm that long before."""

    timezone: str | None = None
    alarm: timedelta | None = None


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
    lines = [*_first_lines(site, session, event), *_time_lines(face, session, segment.start, segment.end)]
    lines += ["", *(_speaker_line(person) for person in speakers)] if speakers else []
    if session.title != segment.title:
        lines += ["", f"Part of: {session.title}"]
    elif session.background:
        lines += ["", session.background]
    _describe(event, site, session, face, lines)
    return event


def session_event(site: Site, face: Face, publication: Publication, session: Session) -> Event:
    """A whole session as one event, its running order in the text."""
    event = _event(
        uid=f"{session.id}@{site.uid_domain}",
        lineage=publication.lineage(session),
        is_cancelled=publication.is_removed(session),
        summary=session.title,
        face=face,
        session=session,
        start=session.start,
        end=session.end,
    )
    lines = [*_first_lines(site, session, event), *_time_lines(face, session, session.start, session.end), ""]
    lines += [_running_order_line(face, session, segment) for segment in session.segments]
    _describe(event, site, session, face, lines)
    return event


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
    _add_time(event, "dtstart", start, face.timezone or session.timezone)
    if end > start:  # an end must lie behind the beginning (RFC 5545 section 3.8.2.2)
        _add_time(event, "dtend", end, face.timezone or session.timezone)
    return event


def _add_time(event: Event, name: str, moment: datetime, timezone: str) -> None:
    """A local time with its zone; in UTC where the clocks show that time twice, of which clients take the
    first (RFC 5545 section 3.3.5)."""
    if timezone == "UTC" or not zones.says_all(moment, timezone):
        event.add(name, moment)
    else:
        event.add(name, zones.local(moment, timezone).replace(tzinfo=None), parameters={"TZID": timezone})


def _describe(event: Event, site: Site, session: Session, face: Face, lines: list[str]) -> None:
    event.add("description", "\n".join(lines), parameters={"LANGUAGE": session.language})
    event.add("location", ", ".join(filter(None, (session.room, session.join_url))) or "Online")
    if session.track:
        event.add("categories", [session.track])
    event.add("url", site.session_url(session))
    if face.alarm is not None and event["status"] == "CONFIRMED":
        event.add_component(_alarm(face.alarm, str(event["summary"])))


def _alarm(before: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", text)
    return alarm


def _first_lines(site: Site, session: Session, event: Event) -> list[str]:
    if event["status"] == "CANCELLED":
        return ["This has been cancelled.", ""]
    return [f"Join: {session.join_url or site.session_url(session)}", ""]


def _time_lines(face: Face, session: Session, start: datetime, end: datetime) -> list[str]:
    names = dict.fromkeys((face.timezone or session.timezone, session.timezone, "UTC"))
    return [_time_line(name, start, end) for name in names]


def _time_line(name: str, start: datetime, end: datetime) -> str:
    begin, finish = zones.local(start, name), zones.local(end, name)
    return f"{begin:%a %d %b %Y, %H:%M}-{finish:%H:%M} {zones.clock_label(name, start)}"


def _speaker_line(person: Person) -> str:
    return ", ".join(part for part in (person.name, person.position, person.organization) if part)


def _running_order_line(face: Face, session: Session, segment: Segment) -> str:
    name = face.timezone or session.timezone
    start, end = zones.local(segment.start, name), zones.local(segment.end, name)
    people = session.names_of(segment)
    return f"{start:%H:%M}-{end:%H:%M} {segment.title}{f' - {people}' if people else ''}"
