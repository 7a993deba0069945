"""A calendar out of a publication: the same bytes for the same publication and selection, always."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from icalendar import Calendar
from icalendar import vDuration as Duration

from gsef_notify.feeds.events import EventWriter, PreparedEvent, Site, color_of
from gsef_notify.feeds.reader import Clocks, Face
from gsef_notify.feeds.selection import Part, Selection
from gsef_notify.feeds.vtimezone import vtimezone
from gsef_notify.feeds.words import words_of
from gsef_notify.program.changes import Publication, lasting_key
from gsef_notify.program.model import Program, Segment, Session
from gsef_notify.wall_clock import WallClock

REFRESH_SOON = timedelta(hours=1)
REFRESH_LONG_BEFORE = timedelta(hours=12)
MOST_SELECTIONS = 1024
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Refresh:
    """How often a calendar should look for changes, from one instant until another; None where it never was
    or will be otherwise."""

    interval: timedelta
    since: datetime | None
    until: datetime | None


def refresh_at(program: Program, now: datetime) -> Refresh:
    """Short in the week before a session and the day after, else long."""
    week, day = timedelta(days=7), timedelta(days=1)
    turns: list[datetime] = []
    for begin, end in sorted((session.start - week, session.end + day) for session in program.sessions):
        if turns and begin <= turns[-1]:
            turns[-1] = max(turns[-1], end)
        else:
            turns += (begin, end)
    passed = bisect_right(turns, now)
    return Refresh(
        REFRESH_SOON if passed % 2 else REFRESH_LONG_BEFORE,
        since=turns[passed - 1] if passed else None,
        until=turns[passed] if passed < len(turns) else None,
    )


@dataclass(frozen=True)
class _Chosen:
    """The events of a selection, whoever reads them, and the first and last instant of their sessions."""

    events: tuple[PreparedEvent, ...]
    first: datetime
    last: datetime


class Edition:
    """A publication as it is fed, by calendars that look for changes every ``refresh``: each event is
    prepared once a language, when it is first asked for."""

    def __init__(self, site: Site, publication: Publication, refresh: timedelta = REFRESH_SOON) -> None:
        self.site, self.publication, self.refresh = site, publication, refresh
        self._clocks = Clocks(*_reach(publication))
        self._writer = EventWriter(site, publication, self._clocks)
        self._prepared: dict[tuple[str, str], PreparedEvent] = {}
        self._selected: dict[Selection, _Chosen] = {}

    def feed(self, selection: Selection) -> bytes:
        """The iCalendar object of the selected part; what was removed from that is cancelled.

        Raises NothingSelected for an id that the program does not have, zones.UnknownZone.
        """
        return self._written(self._calendar(selection), selection.face, self._chosen(selection))

    def segment_file(self, face: Face, session: Session, segment: Segment) -> bytes:
        """One segment alone as an iCalendar object, to be attached to a mail."""
        return self._written(bare_calendar(), face, self._gathered(face.language, [(session, segment)]))

    def _chosen(self, selection: Selection) -> _Chosen:
        language = selection.face.language
        key = replace(selection, face=Face(language=language))
        if key not in self._selected:
            self._selected[key] = self._gathered(language, key.parts(self.publication))
            if len(self._selected) > MOST_SELECTIONS:
                self._selected.pop(next(iter(self._selected)))
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

    def _calendar(self, selection: Selection) -> Calendar:
        calendar, site = bare_calendar(), self.site
        name = selection.title(self.publication, site.name)
        calendar.add("uid", f"{selection.uid}@{site.uid_domain}")
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("last-modified", self.publication.accepted_at)
        calendar.add("refresh-interval", self.refresh, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", Duration(self.refresh))
        calendar.add("url", site.public_url)
        if selection.address:
            calendar.add("source", f"{site.public_url}{selection.address}", parameters={"VALUE": "URI"})
        calendar.add("color", color_of(selection.name))
        return calendar

    def _written(self, calendar: Calendar, face: Face, chosen: _Chosen) -> bytes:
        used = {face.timezone or event.timezone for event in chosen.events} or {face.timezone or "UTC"}
        names = sorted(used)
        clocks = {name: WallClock(name, chosen.first, chosen.last) for name in names}
        return b"".join((
            _head(calendar),
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


def _head(calendar: Calendar) -> bytes:
    """The calendar without its end. The name of its own UID is in small letters, which mean the same (RFC
    5545 section 2): vdirsyncer takes the first UID in capitals for that of every event, and keeps one."""
    written: bytes = calendar.to_ical(sorted=False)
    return written.removesuffix(_END).replace(b"\r\nUID:", b"\r\nuid:", 1)


def _reach(publication: Publication) -> tuple[datetime, datetime]:
    """The first and the last instant of all that is or was scheduled; of the publication where nothing is."""
    sessions = publication.sessions()
    first = min((session.start for session in sessions), default=publication.accepted_at)
    return first, max((session.end for session in sessions), default=publication.accepted_at)


def bare_calendar() -> Calendar:
    """A calendar that says what it is written in, and nothing yet."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//gsef-notify//gsef-notify//EN")
    calendar.add("calscale", "GREGORIAN")
    return calendar
