"""A calendar out of a publication: the same bytes for the same publication and selection, always."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Literal

from icalendar import Calendar, Event, Timezone
from icalendar import vDuration as Duration

from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.events import Face, Site, segment_event, session_event
from gsef_notify.feeds.vtimezone import vtimezone
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Segment, Session

REFRESH = timedelta(hours=1)


class NothingSelected(GsefNotifyError):
    """The program has no session or person of that id."""


@dataclass(frozen=True)
class Selection:
    """What of the program a feed holds, and how it shows it. Without session and person: all of it."""

    session: str | None = None
    person: str | None = None
    detail: Literal["segments", "sessions"] = "segments"
    face: Face = field(default_factory=Face)

    @property
    def name(self) -> str:
        """A word for the selection that suits a file name."""
        return self.person or self.session or "calendar"


def feed(site: Site, publication: Publication, selection: Selection) -> bytes:
    """The iCalendar object of the selected part of the publication.

    Raises NothingSelected for an id that the program does not have, zones.UnknownZone for a zone that is not.
    """
    selected = list(_selected(publication, selection))
    events = (e for chosen in selected for e in _events(site, publication, selection, *chosen))
    timezones = _timezones(selection.face, selected)
    return _written(_calendar(site, publication, selection), timezones, events)


def segment_file(
    site: Site, publication: Publication, face: Face, session: Session, segment: Segment
) -> bytes:
    """One segment alone as an iCalendar object, to be attached to a mail."""
    timezones = _timezones(face, [(session, (segment,))])
    return _written(_bare_calendar(), timezones, [segment_event(site, face, publication, session, segment)])


def _written(calendar: Calendar, timezones: Iterable[Timezone], events: Iterable[Event]) -> bytes:
    for component in chain(timezones, events):
        calendar.add_component(component)
    return bytes(calendar.to_ical(sorted=False))


def _selected(
    publication: Publication, selection: Selection
) -> Iterator[tuple[Session, tuple[Segment, ...]]]:
    program = publication.program
    sessions = [s for s in program.sessions if selection.session in (None, s.id)]
    if selection.session is not None and not sessions:
        raise NothingSelected(f"the program has no session {selection.session!r}")
    if selection.person is None:
        yield from ((session, session.segments) for session in sessions)
        return
    theirs = [s for s in program.sessions_of(selection.person) if s in sessions]
    if not theirs:
        raise NothingSelected(f"the program has no person {selection.person!r}")
    yield from ((session, session.segments_of(selection.person)) for session in theirs)


def _events(
    site: Site,
    publication: Publication,
    selection: Selection,
    session: Session,
    segments: tuple[Segment, ...],
) -> Iterator[Event]:
    if selection.detail == "sessions":
        yield session_event(site, selection.face, publication, session)
        return
    for segment in segments:
        yield segment_event(site, selection.face, publication, session, segment)


def _timezones(face: Face, selected: list[tuple[Session, tuple[Segment, ...]]]) -> Iterator[Timezone]:
    names = {face.timezone or session.timezone for session, _ in selected} - {"UTC"}
    if not names:
        return
    first = min(session.start for session, _ in selected)
    last = max(session.end for session, _ in selected)
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
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", Duration(REFRESH))
    calendar.add("url", site.public_url)
    return calendar


def _calendar_name(site: Site, publication: Publication, selection: Selection) -> str:
    if selection.person is not None:
        session = publication.program.sessions_of(selection.person)[0]
        return f"{session.person(selection.person).name} - {site.name}"
    if selection.session is not None:
        return publication.program.session(selection.session).title
    return site.name
