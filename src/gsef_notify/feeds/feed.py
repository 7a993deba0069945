"""A calendar out of a publication: the same bytes for the same publication and selection, always."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Literal

from icalendar import Calendar, Event, Timezone
from icalendar import vDuration as Duration

from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.events import Face, Site, color_of, segment_event, session_event
from gsef_notify.feeds.vtimezone import vtimezone
from gsef_notify.program.changes import Publication
from gsef_notify.program.identity import slug_of_track
from gsef_notify.program.model import Program, Segment, Session

REFRESH_SOON = timedelta(hours=1)
REFRESH_LONG_BEFORE = timedelta(hours=12)
Part = tuple[Session, Segment | None]  # None for the session as a whole


class NothingSelected(GsefNotifyError):
    """The program has no session, person, track or language of that id."""


_ROOMS = {"person": "people", "session": "sessions", "track": "tracks", "language": "languages"}


@dataclass(frozen=True)
class Selection:
    """What of the program a feed holds, and how it shows it: of one session, person, track (by its id) or
    language (a BCP 47 tag, which stands for its regions too); without any of them all of it. ``refresh`` is
    how often to look for changes."""

    session: str | None = None
    person: str | None = None
    track: str | None = None
    language: str | None = None
    detail: Literal["segments", "sessions"] = "segments"
    refresh: timedelta = REFRESH_SOON
    face: Face = field(default_factory=Face)

    @property
    def name(self) -> str:
        """A word for the selection that suits a file name."""
        return self.person or self.session or self.track or self.language or "calendar"

    @property
    def address(self) -> str:
        """Where the feed is found below the address of the site."""
        room = next((f"{room}/" for kind, room in _ROOMS.items() if getattr(self, kind)), "")
        wanted = {
            "timezone": self.face.timezone,
            "detail": self.detail if self.detail != "segments" else None,
            "alarm": self.face.alarm and self.face.alarm // timedelta(minutes=1),
            "lang": self.face.language,
        }
        query = "&".join(f"{name}={value}" for name, value in wanted.items() if value).replace("+", "%2B")
        return f"/{room}{self.name}.ics{f'?{query}' if query else ''}"

    def includes(self, session: Session) -> bool:
        """Whether a session, or some part of it, is selected."""
        return (
            self.session in (None, session.id)
            and self.track in (None, slug_of_track(session.track))
            and (self.language is None or f"{session.language}-".startswith(f"{self.language}-"))
            and (self.person is None or any(person.id == self.person for person in session.people))
        )

    def segments(self, session: Session) -> tuple[Segment, ...]:
        """The segments of an included session that are selected."""
        return session.segments if self.person is None else session.segments_of(self.person)


def refresh_interval(program: Program, now: datetime) -> timedelta:
    """How often a calendar should look for changes: short in the week before a session and the day after."""
    week, day = timedelta(days=7), timedelta(days=1)
    is_soon = any(session.start - week <= now <= session.end + day for session in program.sessions)
    return REFRESH_SOON if is_soon else REFRESH_LONG_BEFORE


def feed(site: Site, publication: Publication, selection: Selection) -> bytes:
    """The iCalendar object of the selected part of the publication; what was removed from that is cancelled.

    Raises NothingSelected for an id that the program does not have, zones.UnknownZone for a zone that is not.
    """
    chosen = [*_present(publication.program, selection), *_removed(publication, selection)]
    events = (_event(site, publication, selection.face, *each) for each in chosen)
    timezones = _timezones(selection.face, [session for session, _ in chosen])
    return _written(_calendar(site, publication, selection), timezones, events)


def segment_file(
    site: Site, publication: Publication, face: Face, session: Session, segment: Segment
) -> bytes:
    """One segment alone as an iCalendar object, to be attached to a mail."""
    timezones = _timezones(face, [session])
    return _written(_bare_calendar(), timezones, [segment_event(site, face, publication, session, segment)])


def _written(calendar: Calendar, timezones: Iterable[Timezone], events: Iterable[Event]) -> bytes:
    for component in chain(timezones, events):
        calendar.add_component(component)
    return bytes(calendar.to_ical(sorted=False))


def _present(program: Program, selection: Selection) -> Iterator[Part]:
    """What the program has of the selection, in its order."""
    for session in filter(selection.includes, program.sessions):
        if selection.detail == "sessions":
            yield session, None
        else:
            yield from ((session, segment) for segment in selection.segments(session))


def _removed(publication: Publication, selection: Selection) -> Iterator[Part]:
    """What is no longer in the program of the selection, in the order of time."""
    gone = [
        (key, each.session, each.segment)
        for key, each in publication.removed.items()
        if selection.includes(each.session) and (each.segment is None) == (selection.detail == "sessions")
    ]
    for _, session, segment in sorted(gone, key=lambda each: (each[1].start, each[0])):
        if segment is None or segment in selection.segments(session):
            yield session, segment


def _event(
    site: Site, publication: Publication, face: Face, session: Session, segment: Segment | None
) -> Event:
    if segment is None:
        return session_event(site, face, publication, session)
    return segment_event(site, face, publication, session, segment)


def _timezones(face: Face, sessions: Sequence[Session]) -> Iterator[Timezone]:
    names = {face.zone(session) for session in sessions} - {"UTC"}
    if not names:
        return
    first = min(session.start for session in sessions)
    last = max(session.end for session in sessions)
    yield from (vtimezone(name, first, last) for name in sorted(names))


def _bare_calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//gsef-notify//gsef-notify//EN")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _calendar(site: Site, publication: Publication, selection: Selection) -> Calendar:
    calendar = _bare_calendar()
    name = _calendar_name(site, publication, selection)
    calendar.add("uid", f"{selection.name}.{selection.detail}@{site.uid_domain}")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("last-modified", publication.accepted_at)
    calendar.add("refresh-interval", selection.refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", Duration(selection.refresh))
    calendar.add("url", site.public_url)
    calendar.add("source", f"{site.public_url}{selection.address}", parameters={"VALUE": "URI"})
    calendar.add("color", color_of(selection.name))
    return calendar


def _calendar_name(site: Site, publication: Publication, selection: Selection) -> str:
    """Raises NothingSelected where neither the program nor what was removed from it has any of it."""
    everything = [*publication.program.sessions, *(each.session for each in publication.removed.values())]
    session = next(filter(selection.includes, everything), None)
    if session is None:
        return _name_of_nothing(site, selection)
    if selection.person is not None:
        return f"{session.person(selection.person).name} - {site.name}"
    if selection.session is not None:
        return session.title
    part = session.track if selection.track else selection.language
    return f"{part} - {site.name}" if part else site.name


def _name_of_nothing(site: Site, selection: Selection) -> str:
    """The name of the whole program, which may be empty; raises NothingSelected for a part of it."""
    for kind in _ROOMS:
        if (chosen := getattr(selection, kind)) is not None:
            raise NothingSelected(f"the program has no {kind} {chosen!r}")
    return site.name
