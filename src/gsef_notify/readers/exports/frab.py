"""The entries of frab, c3voc and pretalx schedules, whatever they are written in -> events.

Real files disagree about much: the day may be another zone's, ``start`` may be missing, the zone too. The
full ``date`` is believed; what had to be guessed is said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from gsef_notify import zones
from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.identity import is_id, lasting_id, slug
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers import notation
from gsef_notify.readers.exports.events import Event, in_session, unlike
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import without_html

SET_A_ZONE = 'set timezone = "Europe/Berlin" (or where it is) in gsef-notify.toml'
_OWN = re.compile(r"/sessions/(?P<again>[a-z0-9-]+)#(?P<session>[a-z0-9-]+)\.(?P<segment>[a-z0-9-]+)$")


@dataclass(frozen=True)
class Conference:
    """What the head of a schedule says; times before ``day_change`` belong to the night of the day before."""

    title: str
    acronym: str
    zone: str
    day_change: str = ""

    @property
    def prefix(self) -> str:
        """What the ids of its sessions begin with."""
        return slug(self.acronym or self.title, "")[:30].rstrip("-")


@dataclass(frozen=True)
class Entry:
    """An event as the file has it: ``date`` and ``end`` are full times with or without an offset, ``day`` and
    ``start`` what the day and the clock say, each "" where it is missing."""

    place: Place
    title: str
    id: str = ""
    code: str = ""
    guid: str = ""
    date: str = ""
    day: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    room: str = ""
    track: str = ""
    language: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    url: str = ""
    people: tuple[DraftPerson, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def events(
    source: Source, conference: Conference, entries: Iterable[Entry], problems: Problems
) -> Iterator[Event]:
    """The entries with their instants; what has no time is left out, with a warning."""
    zone = _Zone(source, conference.zone, problems)
    entries = list(entries)
    if not entries:
        problems.error(source.top, "NO_SESSIONS", "the schedule holds no event", "export it again")
    ids = _Ids(conference.prefix, problems)
    change = notation.parse_time(conference.day_change)
    for entry in entries:
        times = _times(entry, change, zone, problems)
        if times:
            yield _event(entry, ids.of(entry), times, zone.of(times[0]))


class _Zone:
    """The zone of a schedule: the one it names, else the organizer's, else the offset of its times."""

    def __init__(self, source: Source, name: str, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._told = False
        self.name = self._known(name) or source.assumptions.timezone

    def _known(self, name: str) -> str:
        try:
            return zones.named(name) if name else ""
        except zones.UnknownZone as error:
            self._problems.warn(self._source.top, "ZONE_UNKNOWN_NAME", str(error), SET_A_ZONE)
            return ""

    def of(self, moment: datetime) -> str:
        """The zone in which an event is announced."""
        if self.name:
            return self.name
        offset = moment.utcoffset() or timedelta(0)
        if not self._told:
            message = f"the file names no time zone; its times are at {zones.offset_label(offset)}"
            self._problems.warn(self._source.top, "ZONE_GUESSED", message, SET_A_ZONE)
            self._told = True
        return zones.fixed(offset, moment.date()) or "UTC"

    def instant(self, wall: datetime, place: Place) -> datetime | None:
        """The instant of a wall time; None, and an error noted, where there is not exactly one."""
        if not self.name:
            if not self._told:
                message = "the file says times without a time zone"
                self._problems.error(place, "ZONE_MISSING", message, SET_A_ZONE)
            self._told = True
            return None
        try:
            return zones.local(zones.instant(wall, self.name), self.name)
        except (zones.DoubtfulTime, zones.TooLate) as error:
            self._problems.error(place, "TIME_DOUBTFUL", str(error), "export the times with their offset")
            return None


class _Ids:
    """The ids of sessions: the file's own, made lasting."""

    def __init__(self, prefix: str, problems: Problems) -> None:
        self._prefix = prefix
        self._problems = problems
        self._taken: dict[str, Place] = {}

    def of(self, entry: Entry) -> str:
        """The id of an entry, none twice."""
        wanted = lasting_id(entry.id or entry.code or entry.guid or entry.title, self._prefix)
        if wanted in self._taken:
            known = entry.id or entry.code or entry.guid or entry.title
            message = f"the id {known!r} is that of {self._taken[wanted].brief} too"
            self._problems.warn(entry.place, "ID_TWICE", message, "give each event an id of its own")
            wanted = lasting_id(
                f"{entry.id} {entry.guid} {entry.title} {entry.date} {entry.room}", self._prefix
            )
        self._taken[wanted] = entry.place
        return wanted


def _times(
    entry: Entry, day_change: time | None, zone: _Zone, problems: Problems
) -> tuple[datetime, datetime] | None:
    start = _start(entry, day_change, zone, problems)
    if start is None:
        return None
    if end := notation.parse_moment(entry.end):
        return (start, end if end.tzinfo else zone.instant(end, entry.place) or start)
    length = notation.parse_duration(entry.duration)
    if length is None and entry.duration:
        message = f"{entry.duration!r} is no length of time"
        problems.warn(entry.place, "DURATION_UNREADABLE", message, "write it like 01:30")
    return start, start + (length or timedelta(0))


def _start(entry: Entry, day_change: time | None, zone: _Zone, problems: Problems) -> datetime | None:
    moment = notation.parse_moment(entry.date) or _by_day(entry, day_change)
    if moment is None:
        message = f"{entry.title!r} has no time and is left out"
        problems.warn(entry.place, "NOT_SCHEDULED", message, "schedule it, or take it out")
        return None
    if moment.tzinfo is None:
        return zone.instant(moment, entry.place)
    _compare_start(entry, moment, zone, problems)
    return moment


def _by_day(entry: Entry, day_change: time | None) -> datetime | None:
    day, wall = notation.parse_date(entry.day), notation.parse_time(entry.start)
    if not day or not wall:
        return None
    is_next_day = day_change is not None and wall < day_change
    return datetime.combine(day, wall) + timedelta(days=is_next_day)


def _compare_start(entry: Entry, moment: datetime, zone: _Zone, problems: Problems) -> None:
    wall = notation.parse_time(entry.start)
    own = set() if zone.name and not moment.utcoffset() else {moment.time()}
    walls = own | ({zones.local(moment, zone.name).time()} if zone.name else set())
    if wall and wall.replace(second=0) not in {each.replace(second=0, microsecond=0) for each in walls}:
        message = f"{entry.title!r} begins at {entry.start} by its start, but at {entry.date} by its date"
        problems.warn(entry.place, "START_DIFFERS", message, "make them agree; the date is believed")


def _event(entry: Entry, session_id: str, times: tuple[datetime, datetime], zone: str) -> Event:
    texts = (entry.subtitle, entry.abstract, entry.description)
    event = Event(
        title=entry.title,
        start=times[0],
        end=times[1],
        zone=zone,
        place=entry.place,
        id=session_id,
        room=entry.room,
        track=entry.track,
        language=entry.language,
        text=without_html("\n\n".join(dict.fromkeys(filter(None, texts)))),
        join_url=_join_url(entry.links),
        people=unlike(entry.people),
    )
    if own := _OWN.search(entry.url):
        return _own_segment(event, entry, own)
    guid = as_guid(entry.guid)
    return in_session(event, "", guid, "") if guid else event


def _own_segment(event: Event, entry: Entry, own: re.Match[str]) -> Event:
    """An event of a schedule that this program wrote: the segment that it was."""
    title = entry.subtitle or entry.title
    texts = filter(None, (entry.abstract, entry.description))
    mended = replace(event, room="" if event.room == title else event.room, text="\n\n".join(texts))
    return in_session(mended, own["session"], own["segment"], title)


def as_guid(text: str) -> str:
    """The guid in lower case, "" where a text is none."""
    try:
        guid = str(UUID(text))
    except ValueError:
        return ""
    return guid if is_id(guid) else ""


def _join_url(links: Sequence[tuple[str, str]]) -> str:
    """The link by which one joins, where one says so."""
    joining = re.compile(r"\b(?:join|live ?stream|stream|zoom|bigbluebutton|bbb|webinar)\b", re.IGNORECASE)
    return next((url for title, url in links if joining.search(title) and url.startswith("http")), "")
