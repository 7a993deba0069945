"""A calendar out of a publication: the same bytes for the same publication and selection, always."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from icalendar import Calendar
from icalendar import vDuration as Duration

from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.events import EventWriter, PreparedEvent, Site, color_of
from gsef_notify.feeds.reader import Clocks, Face
from gsef_notify.feeds.vtimezone import vtimezone
from gsef_notify.feeds.words import words_of
from gsef_notify.program.changes import Publication, lasting_key
from gsef_notify.program.identity import slug_of_track
from gsef_notify.program.model import Program, Segment, Session
from gsef_notify.wall_clock import WallClock

REFRESH_SOON = timedelta(hours=1)
REFRESH_LONG_BEFORE = timedelta(hours=12)
Part = tuple[Session, Segment | None]  # None for the session as a whole
_END = b"END:VCALENDAR\r\n"


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


@dataclass(frozen=True)
class _Chosen:
    """The events of a selection, whoever reads them, and the first and last instant of their sessions."""

    events: tuple[PreparedEvent, ...]
    first: datetime
    last: datetime


class Edition:
    """A publication as it is fed: each event is prepared once a language, when it is first asked for."""

    def __init__(self, site: Site, publication: Publication) -> None:
        self.site, self.publication = site, publication
        self._clocks = Clocks(*_reach(publication))
        self._writer = EventWriter(site, publication, self._clocks)
        self._prepared: dict[tuple[str, str], PreparedEvent] = {}
        self._selected: dict[Selection, _Chosen] = {}

    def feed(self, selection: Selection) -> bytes:
        """The iCalendar object of the selected part; what was removed from that is cancelled.

        Raises NothingSelected for an id that the program does not have, zones.UnknownZone.
        """
        calendar = _calendar(self.site, self.publication, selection)
        return self._written(calendar, selection.face, self._chosen(selection))

    def segment_file(self, face: Face, session: Session, segment: Segment) -> bytes:
        """One segment alone as an iCalendar object, to be attached to a mail."""
        return self._written(_bare_calendar(), face, self._gathered(face.language, [(session, segment)]))

    def _chosen(self, selection: Selection) -> _Chosen:
        language = selection.face.language
        key = replace(selection, refresh=REFRESH_SOON, face=Face(language=language))
        if key not in self._selected:
            parts = [*_present(self.publication.program, key), *_removed(self.publication, key)]
            self._selected[key] = self._gathered(language, parts)
        return self._selected[key]

    def _gathered(self, language: str | None, parts: Sequence[Part]) -> _Chosen:
        return _Chosen(
            tuple(self._event(language, *part) for part in parts),
            first=min((session.start for session, _ in parts), default=self.publication.accepted_at),
            last=max((session.end for session, _ in parts), default=self.publication.accepted_at),
        )

    def _event(self, language: str | None, session: Session, segment: Segment | None) -> PreparedEvent:
        words = words_of(language or session.language)
        key = (words.tag, lasting_key(session, segment))
        if key not in self._prepared:
            self._prepared[key] = self._writer.event(words, session, segment)
        return self._prepared[key]

    def _written(self, calendar: Calendar, face: Face, chosen: _Chosen) -> bytes:
        names = sorted({face.timezone or event.timezone for event in chosen.events})
        clocks = {name: WallClock(name, chosen.first, chosen.last) for name in names}
        return b"".join((
            calendar.to_ical(sorted=False).removesuffix(_END),
            *(vtimezone(name, chosen.first, chosen.last).encode() for name in names if name != "UTC"),
            *[event.written(clocks[face.timezone or event.timezone], face.alarm) for event in chosen.events],
            _END,
        ))  # fmt: skip


def feed(site: Site, publication: Publication, selection: Selection) -> bytes:
    """The iCalendar object of the selected part of a publication. Raises what Edition.feed raises."""
    return Edition(site, publication).feed(selection)


def segment_file(
    site: Site, publication: Publication, face: Face, session: Session, segment: Segment
) -> bytes:
    """One segment alone as an iCalendar object, to be attached to a mail."""
    return Edition(site, publication).segment_file(face, session, segment)


def _reach(publication: Publication) -> tuple[datetime, datetime]:
    """The first and the last instant of all that is or was scheduled; of the publication where nothing is."""
    sessions = [*publication.program.sessions, *(each.session for each in publication.removed.values())]
    first = min((session.start for session in sessions), default=publication.accepted_at)
    return first, max((session.end for session in sessions), default=publication.accepted_at)


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
