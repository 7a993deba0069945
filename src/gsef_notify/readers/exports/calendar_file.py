"""iCalendar files (RFC 5545), also those that other programs write: bare line feeds, floating times, TZIDs of
Windows or with a path before the name, several calendars in one file."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any

from icalendar import Calendar, Timezone
from icalendar import Event as CalendarEvent
from icalendar.error import InvalidCalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from gsef_notify import zones
from gsef_notify.program.draft import DraftPerson, DraftSession
from gsef_notify.program.identity import lasting_id
from gsef_notify.program.model import Role
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.exports import own_feed
from gsef_notify.readers.exports.events import Event, drafts
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import Unreadable, decoded, paragraphs, plain, without_html

SET_A_ZONE = 'set timezone = "Europe/Vienna" (or where it is) in gsef-notify.toml'
MOST_EVENTS = 20_000
_FOLD = re.compile(rb"\r*\n[ \t]")
_BEGIN = re.compile(r"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of a file, one an event. Raises Unreadable."""
    text = decoded(_FOLD.sub(b"", source.content)).replace("\r\n", "\n").replace("\r", "\n")
    calendars = _calendars(source, text, problems)
    places = iter(_places(source))
    found = [
        event
        for calendar in (_Calendar(source, each, problems) for each in calendars)
        for component in calendar.components
        for event in calendar.events(component, next(places, source.top))
    ]
    if calendars and not found and not problems.errors:
        problems.error(source.top, "NO_SESSIONS", "the calendar holds no event", "export it again")
    return drafts(_once(found, problems))


def _once(events: list[Event], problems: Problems) -> Iterator[Event]:
    """The events without those that stand in the file a second time, word for word."""
    seen: dict[str, Event] = {}
    for event in events:
        if event.id in seen:
            message = f"{event.title!r} stands at {seen[event.id].place.brief} already and is left out"
            problems.warn(event.place, "EVENT_TWICE", message, "take one of the two out")
        else:
            seen[event.id] = event
            yield event


def _calendars(source: Source, text: str, problems: Problems) -> list[Calendar]:
    if len(_BEGIN.findall(text)) > MOST_EVENTS:
        raise Unreadable(f"more than {MOST_EVENTS} events", "export the program alone")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # guesses at zones, which are not used here
            calendars = Calendar.from_ical(_mended(text).encode(), multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        problems.error(
            source.top, "CALENDAR_BROKEN", f"no iCalendar: {plain(str(error))[:200]}", "export it again"
        )
        return []
    found = [each for each in calendars if each.name == "VCALENDAR"]
    if not found:
        message = "no BEGIN:VCALENDAR stands in the file"
        problems.error(source.top, "CALENDAR_BROKEN", message, "export it again")
    return found


def _mended(text: str) -> str:
    """The content lines; what can be none, as it has no name before a colon, belongs to the line before."""
    lines: list[str] = []
    for line in text.split("\n"):
        if re.match(r"[A-Za-z0-9-]+[:;]", line):
            lines.append(line)
        elif line.strip() and lines:
            lines[-1] += "\\n" + line
    return "\r\n".join(line for line in lines if not re.match(r"VTIMEZONE:", line)) + "\r\n"


def _places(source: Source) -> Iterator[Place]:
    for number, line in enumerate(source.content.split(b"\n"), 1):
        if line.strip().upper() == b"BEGIN:VEVENT":
            yield Place(source.path, number)


@dataclass(frozen=True)
class _Calendar:
    """A calendar, asked for its events and its zones."""

    source: Source
    calendar: Calendar
    problems: Problems

    @cached_property
    def components(self) -> list[CalendarEvent]:
        """Its events, in their order."""
        return [each for each in self.calendar.walk("VEVENT") if isinstance(each, CalendarEvent)]

    def events(self, component: CalendarEvent, place: Place) -> Iterator[Event]:
        """The event of a component; none, and the reason noted, where it can not be one."""
        title = _text(component, "SUMMARY")
        times = self._times(component, title, place)
        if times is None:
            return
        start, end, zone = times
        if "RRULE" in component or "RDATE" in component:
            message = f"{title!r} repeats; only its first time, {start:%Y-%m-%d %H:%M} UTC, is taken"
            self.problems.warn(place, "EVENT_REPEATS", message, "export each time as an event of its own")
        event = Event(
            title=title or "Untitled",
            start=start,
            end=end,
            zone=zone,
            place=place,
            id=self._id(component, title, start),
            room=_room(component),
            track=next(iter(_categories(component)), ""),
            language=str(_parameter(component.get("SUMMARY"), "LANGUAGE")),
            text=without_html(paragraphs(_raw(component, "DESCRIPTION"))),
            join_url=_join_url(component),
            people=tuple(_people(component, place)),
        )
        page, description = _text(component, "URL"), _raw(component, "DESCRIPTION")
        uid = _text(component, "UID")
        yield own_feed.as_segment(event, uid, page, description) if self._is_own else event

    @cached_property
    def _is_own(self) -> bool:
        return own_feed.PRODUCT in str(self.calendar.get("PRODID", ""))

    def _id(self, component: CalendarEvent, title: str, start: datetime) -> str:
        uid = _text(component, "UID")
        is_own = uid and self._uids[uid] == 1
        return lasting_id(uid if is_own else f"{uid} {title} {start.isoformat()}")

    @cached_property
    def _uids(self) -> Counter[str]:
        return Counter(_text(each, "UID") for each in self.components)

    def _times(
        self, component: CalendarEvent, title: str, place: Place
    ) -> tuple[datetime, datetime, str] | None:
        if _text(component, "STATUS").upper() == "CANCELLED":
            message = f"{title!r} is cancelled and left out"
            self.problems.warn(place, "EVENT_CANCELLED", message, "take it out of the file")
            return None
        value = _date_or_time(component, "DTSTART")
        if value is None and "DTSTART" in component:
            message = f"{title!r} begins at {_text(component, 'DTSTART')[:60]!r}, which is no time"
            self.problems.error(place, "TIME_UNREADABLE", message, "write it like 20211008T090000Z")
            return None
        if not isinstance(value, datetime):
            what = "has no time" if value is None else "takes all day"
            message = f"{title!r} {what} and is left out"
            self.problems.warn(place, "NOT_SCHEDULED", message, "give it a time, or take it out")
            return None
        start = self._instant(component, "DTSTART", place)
        if start is None:
            return None
        return start[0], self._end(component, start[0], place), start[1]

    def _end(self, component: CalendarEvent, start: datetime, place: Place) -> datetime:
        if isinstance(_date_or_time(component, "DTEND"), datetime):
            end = self._instant(component, "DTEND", place)
            return end[0] if end else start
        length = _value(component, "DURATION")
        return start + length if isinstance(length, timedelta) else start

    def _instant(self, component: CalendarEvent, name: str, place: Place) -> tuple[datetime, str] | None:
        value = _date_or_time(component, name)
        assert isinstance(value, datetime)  # noqa: S101
        label = str(_parameter(component.get(name), "TZID"))
        if value.tzinfo is UTC or (value.utcoffset() == timedelta(0) and not label):
            return value.astimezone(UTC), self._announced or "UTC"
        wall = value.replace(tzinfo=None)
        zone = known_zone(label) if label else self._announced
        if zone is None and (own := self._own_zone(label)):
            moment = wall.replace(tzinfo=own)
            offset = moment.utcoffset() or timedelta(0)
            return moment.astimezone(UTC), zones.fixed(offset, wall.date()) or "UTC"
        if not zone:
            unknown = f"the time names a time zone that nobody knows, {label!r}"
            message = unknown if label else "the time names no time zone"
            self.problems.error(place, "ZONE_MISSING", message, SET_A_ZONE)
            return None
        try:
            return zones.instant(wall, zone), zone
        except zones.DoubtfulTime as error:
            self.problems.warn(place, "TIME_DOUBTFUL", str(error), "write the time in UTC")
            return _by_the_rule(error), zone
        except zones.TooLate as error:
            self.problems.error(place, "DATE_TOO_LATE", str(error), "write an earlier date")
            return None

    @cached_property
    def _announced(self) -> str:
        """The zone of the whole calendar, else the organizer's."""
        named = known_zone(plain(str(self.calendar.get("X-WR-TIMEZONE", ""))))
        return named or self.source.assumptions.timezone

    def _own_zone(self, label: str) -> tzinfo | None:
        """The zone that the file itself defines."""
        for each in self.calendar.walk("VTIMEZONE"):
            if isinstance(each, Timezone) and str(each.get("TZID", "")) == label:
                try:
                    zone: tzinfo = each.to_tz(lookup_tzid=False)
                    return zone
                except (ValueError, KeyError, AttributeError, TypeError, IndexError):
                    return None
        return None


def _by_the_rule(error: zones.DoubtfulTime) -> datetime:
    """A time that happens twice is the first of the two, one that does not exist goes by the offset before
    the gap (RFC 5545 section 3.3.5)."""
    return error.readings[0 if isinstance(error, zones.AmbiguousTime) else 1]


def known_zone(label: str) -> str | None:
    """The IANA zone of a TZID: its own name, the end of a path, or Windows' name for it; None otherwise."""
    tidy = label.strip().strip('"')
    parts = tidy.split("/")
    candidates = ["/".join(parts[start:]) for start in range(len(parts))]
    if windows := WINDOWS_TO_OLSON.get(tidy):
        candidates.append(windows)
    for candidate in filter(None, candidates):
        try:
            return zones.named(candidate)
        except zones.UnknownZone:
            continue
    return None


def _date_or_time(component: CalendarEvent, name: str) -> date | datetime | None:
    found = _value(component, name)
    return found if isinstance(found, date) else None


def _value(component: CalendarEvent, name: str) -> Any:
    """What a property means, None where it is missing or broken."""
    found = component.get(name)
    try:
        return getattr(found[0] if isinstance(found, list) and found else found, "dt", None)
    except InvalidCalendar:
        return None


def _raw(component: CalendarEvent, name: str) -> str:
    value = component.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _text(component: CalendarEvent, name: str) -> str:
    return plain(_raw(component, name))


def _parameter(value: Any, name: str) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return str(getattr(first, "params", {}).get(name, ""))


def _categories(component: CalendarEvent) -> list[str]:
    value = component.get("CATEGORIES")
    lists = value if isinstance(value, list) else [value] if value is not None else []
    return [plain(str(name)) for each in lists for name in getattr(each, "cats", ())]


def _room(component: CalendarEvent) -> str:
    place = _text(component, "LOCATION")
    return "" if place.startswith(("http://", "https://")) else place


def _join_url(component: CalendarEvent) -> str:
    """The link of CONFERENCE (RFC 7986) or of what others use for it, else a location that is a link."""
    named = (
        _text(component, name)
        for name in ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION")
    )
    return next((link for link in named if re.fullmatch(r"https?://\S+", link)), "")


def _people(component: CalendarEvent, place: Place) -> Iterator[DraftPerson]:
    """The chair moderates (RFC 5545 section 3.2.16), and those who are linked to by a page speak. Whoever has
    an address is a guest, whom no public page shall name."""
    value = component.get("ATTENDEE", [])
    for attendee in value if isinstance(value, list) else [value]:
        name = bare_name(plain(_parameter(attendee, "CN")))
        role: Role = "moderator" if _parameter(attendee, "ROLE").upper() == "CHAIR" else "speaker"
        is_guest = role == "speaker" and str(attendee).lower().startswith("mailto:")
        if name and not is_guest:
            yield DraftPerson(name=name, role=role, place=place)
